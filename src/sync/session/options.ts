import { PEER_SILENT_MS_MAX, PING_EVERY_MS } from "../../base/limits.ts";
import type { AcceptorOptions } from "./acceptor.ts";
import type { DialerOptions } from "./dialer.ts";

export type SessionOptions = {
  /** Asks how many live objects may go here; any number, unless given. */
  readonly isGuarded?: boolean;
  /** How often to say that one is there, and after what silence the peer is not. */
  readonly pace?: SessionPace | undefined;
} & (
  | ({ readonly role: "dialer" } & DialerOptions)
  | ({ readonly role: "acceptor" } & AcceptorOptions)
);

export interface SessionPace {
  readonly pingMs: number;
  readonly silentMs: number;
}

export const USUAL_PACE: SessionPace = { pingMs: PING_EVERY_MS, silentMs: PEER_SILENT_MS_MAX };
