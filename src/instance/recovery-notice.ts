import { RECOVERY_MS_MAX } from "../base/limits.ts";
import type { RecoveryAnswer, RecoveryEvent } from "../sync/host/recovery.ts";

/** What people are told while an instance that was set back asks for what it lost. */
export function recoveryNotice(event: RecoveryEvent): string {
  if (event.kind === "asking") {
    return (
      "this instance was set back, or is a copy: before it is edited it asks for its own lost " +
      `revisions, for ${RECOVERY_MS_MAX / 1000} s at most (${event.links.join(", ")})`
    );
  }
  const came = event.answers.reduce((sum, { received }) => sum + received, 0);
  const back = `${came === 0 ? "no" : came} lost ${came === 1 ? "revision" : "revisions"} came back`;
  const missing = event.answers.filter(({ error }) => error !== undefined).map(why);
  if (missing.length === 0) return back;
  return `${back}; ${missing.join("; ")}; what is missing comes with the next sync, and is merged`;
}

function why({ link, error }: RecoveryAnswer): string {
  return `${link} did not answer in full (${error?.code}: ${error?.message})`;
}
