import { isSynclineError, SynclineError } from "../../base/errors.ts";
import { type ControlMessage, decodeControl } from "../../protocol/control.ts";
import { unexpected } from "./wire.ts";

/** A message of the handshake. On the dialing side, what does not speak like a peer is none. */
export function decodeGreeting(
  data: string | Uint8Array,
  role: "dialer" | "acceptor",
): ControlMessage {
  try {
    if (typeof data === "string") return decodeControl(data);
    throw unexpected("a binary frame before the handshake");
  } catch (cause) {
    if (role === "acceptor" || !isSynclineError(cause, "PROTOCOL_ERROR")) throw cause;
    throw new SynclineError("NOT_A_PEER", `the answer to HELLO is no WELCOME: ${cause.message}`, {
      cause,
    });
  }
}
