import type { ErrorCode } from "../base/error-codes.ts";
import type { Outcome } from "../store/rows.ts";
import { CLOSE_CODES } from "./connection.ts";

const interrupted: ReadonlySet<ErrorCode> = new Set([
  "DISCONNECTED",
  "FRAME_DAMAGED",
  "INTERRUPTED",
  "RESTORED",
  "TIMEOUT",
]);

/** What came does not fit the protocol, or is not what was sent. */
const misfits: ReadonlySet<ErrorCode> = new Set(["FRAME_DAMAGED", "NOT_A_PEER", "PROTOCOL_ERROR"]);

/** Trying again does not help: one side has to be set up differently. */
const refused: ReadonlySet<ErrorCode> = new Set([
  "INVALID_SCOPE",
  "POLICY_CONFLICT",
  "LINK_UNSUPPORTED",
  "NOT_ALLOWED",
  "ORIGIN_REFUSED",
  "PEER_CHANGED",
  "PROTOCOL_VERSION",
  "SAME_IDENTITY",
  "USAGE",
]);

/**
 * What a run is called that ended with an error: `interrupted` when it can go on where it stopped,
 * `refused` when one side does not want this sync as it is, `held` when a person has to agree to
 * what it removes, `failed` otherwise.
 */
export function outcomeOf(code: ErrorCode): Exclude<Outcome, "ok"> {
  if (code === "REMOVALS_HELD") return "held";
  if (interrupted.has(code)) return "interrupted";
  return refused.has(code) ? "refused" : "failed";
}

/** The close code that goes with an error. */
export function closeCodeOf(code: ErrorCode): number {
  if (code === "FRAME_TOO_LARGE") return CLOSE_CODES.tooLarge;
  if (misfits.has(code)) return CLOSE_CODES.protocolError;
  if (["INTERRUPTED", "RESTORED", "TIMEOUT"].includes(code)) return CLOSE_CODES.goingAway;
  return refused.has(code) || code === "REMOVALS_HELD" ? CLOSE_CODES.refused : CLOSE_CODES.fault;
}
