import type { Lsn } from "../../base/ids.ts";
import { CREDIT_BYTES } from "../../base/limits.ts";
import type { Resume } from "../../protocol/resume.ts";
import { EVERYTHING_HASH } from "../../scope/scope.ts";
import type { Rung } from "../../store/rows.ts";
import type { ScopeRef } from "../../store/store.ts";
import type { PeerInfo } from "./result.ts";
import { wireRung } from "./wire.ts";

/** What the receiving half of a direction is told. */
export interface TargetOptions {
  readonly peer: PeerInfo;
  /** The cursor of this peer and scope, newest rung first. */
  readonly ladder: readonly Rung[];
  /** What travels, and the key of the cursor: its hash, unless only the own comes back. */
  readonly scope: ScopeRef;
  readonly key: string;
  /** The end of the source's log as the handshake told it. */
  readonly remoteHead: Lsn;
  /** The end of the own log before anything came. */
  readonly ownHead: Lsn;
  /** One direction of two: the source leaves out what came from here, and may go on at its end. */
  readonly isBoth: boolean;
  /** The link goes both ways, so that the two may not go by different policies. */
  readonly needsOnePolicy: boolean;
  /** The source will tell its policy. */
  readonly policiesDiffer: boolean;
  /** The source is asked to go on with what is committed later. */
  readonly wantsLive: boolean;
  /** What leaves the scope is dropped. */
  readonly drops: boolean;
  /** Nothing is offered, since the whole log is needed once more. */
  readonly isAgain: boolean;
  /** Purges are not carried out. */
  readonly refusesPurges: true | undefined;
  /** Two copies wrote as this peer, and one has an identity of its own by now: both are taken. */
  readonly isForkKnown: boolean;
  /** Hears which of the own numbers the peer knows. */
  readonly known: (seq: number) => void;
  /** Asks first how many live objects may go; null: all of them. */
  readonly guard: { readonly accepted: boolean; readonly peerAnnounces: boolean } | null;
}

/** RESUME for a scope, from one of these rungs on. */
export function askFor({ hash, text }: ScopeRef, rungs: readonly Rung[]): Resume {
  const document = text === undefined ? {} : { document: text };
  const scope = hash === EVERYTHING_HASH ? {} : { scope: hash, ...document };
  return { m: "resume", ...scope, ladder: rungs.map(wireRung), credit: CREDIT_BYTES };
}
