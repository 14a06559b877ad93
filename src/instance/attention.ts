import type { StatusView } from "./instance.ts";

/** What a person should look at, one sentence each, the gravest first; nothing when all is well. */
export function attentionOf(view: Omit<StatusView, "attention">): string[] {
  const { links, conflicts, quarantined, refusedPurges, parked, recovery } = view;
  return [
    ...aboutRecovery(recovery?.pending ?? []),
    ...links.flatMap(aboutLink),
    ...some(conflicts.open, "open conflict", "open conflicts"),
    ...some(
      parked,
      "object waits for a newer version of Syncline",
      "objects wait for a newer version of Syncline",
    ),
    ...some(refusedPurges, "refused purge", "refused purges"),
    ...some(quarantined - refusedPurges, "record in quarantine", "records in quarantine"),
  ];
}

/** What was lost when the instance was set back may still be somewhere. */
function aboutRecovery(pending: readonly string[]): string[] {
  if (pending.length === 0) return [];
  const lost = "may hold revisions that were lost when this instance was set back";
  return [`recovery pending: ${pending.join(", ")} ${lost}; syncline sync brings them back`];
}

/** Why a link did not come to its end when it was last run. */
function aboutLink({ name, state, lastRun }: StatusView["links"][number]): string[] {
  // What is saved of a session that goes on says that it was not at its end.
  if (state === "connected" || state === "behind") return [];
  if (lastRun === null || lastRun.outcome === "ok") return [];
  const { outcome, error } = lastRun;
  const why = error === undefined ? "" : `, ${error.code}: ${error.message}`;
  if (outcome === "held") {
    const message = error === undefined ? "" : `: ${error.message}`;
    return [`link ${name} is held; syncline sync ${name} --accept-removals goes on${message}`];
  }
  return [`link ${name} ${WORDS[outcome]}${why}`];
}

const WORDS = {
  interrupted: "was interrupted",
  refused: "was refused",
  failed: "failed",
} as const;

function some(count: number, one: string, many: string): string[] {
  if (count === 0) return [];
  return [`${count} ${count === 1 ? one : many}`];
}
