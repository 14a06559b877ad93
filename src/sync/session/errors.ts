import { ERROR_CODES, type ErrorCode } from "../../base/error-codes.ts";
import { SynclineError } from "../../base/errors.ts";
import { HANDSHAKE_MS_MAX } from "../../base/limits.ts";
import { ERROR_TEXT_CHARS_MAX, type ErrorMessage } from "../../protocol/error.ts";
import { CLOSE_CODES } from "../connection.ts";
import type { TimerName } from "./effects.ts";
import type { PeerInfo } from "./result.ts";

/** Marks errors that the peer reported: they are not sent back to it. */
const reported = new WeakSet<SynclineError>();

/** The error in a peer's ERROR message; policies apart are so on both sides. */
export function fromPeer(error: ErrorMessage, peer?: PeerInfo): SynclineError {
  const isApart = error.code === "POLICY_CONFLICT" && peer !== undefined;
  const told = isApart ? policiesApart(peer) : asTold(error);
  reported.add(told);
  return told;
}

function asTold({ code, message, hint, retriable }: ErrorMessage): SynclineError {
  const known = Object.hasOwn(ERROR_CODES, code);
  const text = known ? message : `${code}: ${message}`;
  return new SynclineError(
    known ? (code as ErrorCode) : "SYNC_FAILED",
    `the peer reports: ${text}`,
    { retriable: retriable === true, ...(hint === undefined ? {} : { hint: `there: ${hint}` }) },
  );
}

/** The ERROR message that tells the peer; null when the error is its own. */
export function toPeer(error: SynclineError): ErrorMessage | null {
  if (reported.has(error) || error.code === "NOT_A_PEER") return null;
  const { code, message, hint, retriable } = error;
  return {
    m: "error",
    code,
    message: message.slice(0, ERROR_TEXT_CHARS_MAX),
    ...(retriable ? { retriable } : {}),
    ...(hint === undefined ? {} : { hint: hint.slice(0, ERROR_TEXT_CHARS_MAX) }),
  };
}

export function disconnected(code: number = CLOSE_CODES.normal): SynclineError {
  if (code === CLOSE_CODES.tooLarge) {
    return new SynclineError("FRAME_TOO_LARGE", "the peer refused a frame as too large");
  }
  return new SynclineError("DISCONNECTED", "the connection ended before the sync was complete", {
    retriable: true,
    hint: "sync again: it goes on where it stopped",
  });
}

export function timedOut(timer: TimerName, silentMs: number): SynclineError {
  const ms = timer === "handshake" ? HANDSHAKE_MS_MAX : silentMs;
  return new SynclineError("TIMEOUT", `nothing came from the peer for ${ms / 1000} s`, {
    retriable: true,
    hint: "look whether the peer is running and can be reached; then sync again",
  });
}

/** Somebody wants the run to end early. */
export function stopped(): SynclineError {
  return new SynclineError("INTERRUPTED", "the sync was stopped", { retriable: true });
}

/** Two-way links need one policy. */
export function policiesApart({ instance, name }: PeerInfo): SynclineError {
  const peer = name ?? instance;
  return new SynclineError(
    "POLICY_CONFLICT",
    `this instance and ${peer} changed the policy apart from each other`,
    {
      where: peer,
      hint: `take theirs: syncline policy adopt ${peer}; or have them adopt yours; then sync again`,
    },
  );
}
