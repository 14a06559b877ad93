import type { Lsn } from "../../base/ids.ts";
import type { Rung } from "../../store/rows.ts";
import type { PeerInfo } from "./result.ts";

/** What the receiving half of a direction is told. */
export interface TargetOptions {
  readonly peer: PeerInfo;
  /** The cursor of this peer and scope, newest rung first. */
  readonly ladder: readonly Rung[];
  /** The scope's hash, the key of the cursor. */
  readonly scope: string;
  /** The end of the source's log as the handshake told it. */
  readonly remoteHead: Lsn;
  /** The end of the own log before anything came. */
  readonly ownHead: Lsn;
  /** One direction of two: the source leaves out what came from here, and may go on at its end. */
  readonly isBoth: boolean;
  /** Asks first how many live objects may go; null: all of them. */
  readonly guard: { readonly accepted: boolean; readonly peerAnnounces: boolean } | null;
}
