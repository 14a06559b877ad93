import type { AuthorOutcome } from "../../../src/log/author.ts";
import type { ApplyOutcome } from "../../../src/store/store.ts";
import type { Commit } from "./simulated-store.ts";

/** What a commit did, for the timeline. */
export function describeCommit({ kind, outcome }: Commit): string {
  if (kind === "author") return describeAuthored(outcome as AuthorOutcome);
  if (kind === "apply") return describeApplied(outcome as ApplyOutcome);
  return `commits ${kind}`;
}

function describeAuthored({ changeset, revisions, unchanged }: AuthorOutcome): string {
  if (changeset === null) return `authors nothing new in ${unchanged} changes`;
  const made = revisions.map(({ id, type, created }) => `${created ? "+" : ""}${type}@${id}`);
  return `authors ${made.join(" ")}`;
}

function describeApplied({ revisions, duplicates, refused, head }: ApplyOutcome): string {
  const chain = Buffer.from(head.chain).toString("hex");
  const counts = `${revisions} revisions, drops ${duplicates}, refuses ${refused.length}`;
  return `stores ${counts}; log ends at ${head.lsn} on ${chain}`;
}
