import type { AuthorOutcome } from "../../log/author.ts";
import type { ApplyOutcome } from "../../store/store.ts";
import type { Commit } from "./simulated-store.ts";

/** What a commit did, for the timeline. */
export function describeCommit({ kind, outcome }: Commit): string {
  if (kind === "author") return describeAuthored(outcome as AuthorOutcome);
  if (kind === "apply") return describeApplied(outcome as ApplyOutcome);
  return `commits ${kind}`;
}

function describeAuthored({ revisions, purges = [], shunned = [] }: AuthorOutcome): string {
  const made = [
    ...revisions.map(({ id, type, created }) => `${created ? "+" : ""}${type}@${id}`),
    ...purges.map(({ object }) => `purge of ${object}`),
    ...shunned.map((object) => `shun of ${object}`),
  ];
  return `authors ${made.length === 0 ? "nothing new" : made.join(" ")}`;
}

function describeApplied({ revisions, purges, refused, head, ...more }: ApplyOutcome): string {
  const chain = Buffer.from(head.chain).toString("hex");
  const dropped = `drops ${more.duplicates} and ${more.discarded}, refuses ${refused.length}`;
  const counts = `${revisions} revisions, ${purges} purges, ${dropped}`;
  return `stores ${counts}; log ends at ${head.lsn} on ${chain}`;
}
