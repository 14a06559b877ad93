import type { InstanceId } from "../../base/ids.ts";
import type { Counts, RunRow } from "../../store/rows.ts";
import type { SessionResult } from "../session/result.ts";

/** What happens to a link that runs by itself. */
export type LinkNews =
  /** A live session is there. */
  | { readonly event: "connected"; readonly peer: InstanceId }
  /** It has carried everything there was: so much since the last such event. */
  | { readonly event: "inStep"; readonly received: Counts; readonly sent: Counts }
  | { readonly event: "ended"; readonly run: RunRow }
  /** It runs again after this time. */
  | { readonly event: "waits"; readonly ms: number };

export type LinkEvent = LinkNews & { readonly link: string };

/** How a link that runs by itself stands. */
export interface LinkState {
  /** `connecting`: a live one has no session, or is not in step for the first time. */
  readonly state: "connecting" | "connected" | "running" | "back-off" | "waiting";
  /** When it runs next, ISO 8601; null while it runs. */
  readonly next: string | null;
  /** What the session under way has done. */
  readonly session: SessionResult | null;
}
