import type { Lsn } from "../../base/ids.ts";
import type { LogPoint } from "../../log/source-chain.ts";
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
  /** The source is asked to go on with what is committed later. */
  readonly wantsLive: boolean;
  /** Purges are not carried out. */
  readonly refusesPurges: true | undefined;
  /** Asks first how many live objects may go; null: all of them. */
  readonly guard: { readonly accepted: boolean; readonly peerAnnounces: boolean } | null;
}

/**
 * True when the source went back behind the cursor and had nothing newer to send: without a cursor
 * at its present end, each later sync would begin with the same search.
 */
export function standsElsewhere(cursor: LogPoint | undefined, end: LogPoint): boolean {
  return cursor === undefined ? end.lsn > 0 : cursor.lsn !== end.lsn || cursor.chain !== end.chain;
}
