import { SynclineError } from "../../base/errors.ts";
import type { InstanceId } from "../../base/ids.ts";
import { type Edition, THIS_EDITION } from "../../log/edition.ts";
import { policyMark } from "../../log/policies.ts";
import type { LogHead, PolicyInForce } from "../../log/reader.ts";
import { newestAlgorithm } from "../../merge/algorithm.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import type { WireHead } from "../../protocol/fields.ts";
import type { ScopeState } from "../../scope/evaluate-scope.ts";
import type { KnownNumber } from "../../store/continuity.ts";
import type { Direction, Identity, PeerRow, Rung } from "../../store/rows.ts";
import type { ScopeRef } from "../../store/store.ts";
import type { Standing } from "./continuity.ts";
import type { Effect } from "./effects.ts";
import type { PeerInfo, SessionResult } from "./result.ts";

/** What both sides know once HELLO and WELCOME were exchanged. */
export interface Agreement {
  readonly peer: PeerInfo;
  /** What travels, in either direction. */
  readonly scope: ScopeRef;
  /** As seen from here. */
  readonly direction: Direction;
  /** The two have different policies. */
  readonly policiesDiffer: boolean;
  readonly upToDate: boolean;
  /** The connection stays. */
  readonly isLive: boolean;
  /** What the dialer of a live session calls its link; null when it did not say. */
  readonly link: string | null;
  /** The peer found in HELLO that there is nothing to do, and is done. */
  readonly peerKnows: boolean;
  readonly ownHead: LogHead;
  readonly remoteHead: WireHead;
  /** The own cursor of the peer, newest rung first. */
  readonly ladder: readonly Rung[];
  /** Purges that come from the peer are refused here. */
  readonly refusesPurges: boolean;
  /** What leaves the scope is dropped here. */
  readonly drops: boolean;
  /** The whole log of the peer has to come once more. */
  readonly isAgain: boolean;
  /** The peer knows REMOVALS; `accepted`: a person there agrees to what it may remove here. */
  readonly removals: "unknown" | "known" | "accepted";
  /** The dialer only looks. */
  readonly isRehearsal?: boolean;
  /** Which of the two has to get back what it lost. */
  readonly recovers: boolean;
  readonly peerRecovers: boolean;
  /** The epochs that a peer which recovers knows for its own, where it names them. */
  readonly peerEpochs: readonly string[] | undefined;
  /** The peer may have dropped, or may drop meanwhile, what came from here. */
  readonly peerDrops: boolean;
  /** Nothing travels but what one of the two authored itself, and lost. */
  readonly isOwnOnly: boolean;
  /** What the peer knows of the own epochs. */
  readonly told: readonly KnownNumber[];
  readonly standing: Standing;
}

/** The store's answer to a look. */
export interface Looked {
  readonly head: LogHead;
  /** Newest first, empty without a cursor. */
  readonly ladder: readonly Rung[];
  readonly policy: PolicyInForce;
  /** Purges that come from the peer are refused here. */
  readonly refusesPurges?: boolean;
  /** What comes from the peer gets other organizations here. */
  readonly maps?: boolean;
  /** What leaves the scope is dropped here; and something is still to be dropped. */
  readonly drops?: boolean;
  readonly mustDrop?: boolean;
  /** Over some link, of whatever peer. */
  readonly mayDrop?: boolean;
  /** The cursor has no rungs: the whole log has to come once more. */
  readonly isAgain?: boolean;
  /** The peer's policy as last judged here; null if it never was. */
  readonly judged: PeerRow["judged"];
  /** How the scope stands in the own log; undefined if that is not sent, or not known. */
  readonly scope?: ScopeState | undefined;
  readonly standing: Standing;
}

/** True when a target that has come to the end of the own log has heard of all that it has to. */
export function isTold({ head, scope }: Looked): boolean {
  return scope?.isCurrent === true && scope.changed <= head.lsn;
}

/** The policy as messages name it; undefined for the default. */
export function wirePolicy(policy: PolicyInForce): string | undefined {
  return policyMark(policy) ?? undefined;
}

/**
 * True when the target of one direction may learn something from the source's policy: it is not the
 * default, not the same, and was not judged before by the policy that is in force here.
 */
export function isPolicyNews(source: string | undefined, { policy, judged }: Looked): boolean {
  const own = policyMark(policy);
  if (source === undefined || source === own) return false;
  return judged?.theirs !== source || judged.own !== own;
}

/**
 * One side of the handshake. Each method says what to do next: nothing, look into the store, send
 * a message, or that the sides agree. Throws what ends the session.
 */
export interface Handshake {
  onOpened(): HandshakeStep;
  onLooked(looked: Looked): HandshakeStep;
  onMessage(message: ControlMessage): HandshakeStep;
}

export interface HandshakeStep {
  /** From before the look on, no commit may be missed. */
  readonly follow?: boolean;
  readonly look?: Omit<Extract<Effect, { readonly kind: "look" }>, "kind">;
  readonly send?: ControlMessage;
  readonly agreed?: Agreement;
  /** The peer knows more of the own numbers than this instance. */
  readonly learn?: { readonly epoch: string; readonly seq: number };
  /** The peer, which was heard, knows more of the own earlier epochs by now. */
  readonly owing?: InstanceId;
}

/** Who this side is, as HELLO and WELCOME say it. */
export interface Introduction {
  readonly id: InstanceId;
  readonly epoch: string;
  readonly schema: number;
  readonly algo: number;
}

/** Names this side, with the newest schema version of any type, and of the merge algorithm. */
export function introduction(
  { instance, epoch }: Identity,
  { types, algorithms }: Edition = THIS_EDITION,
): Introduction {
  const schema = Math.max(...[...types.values()].map(({ version }) => version));
  return { id: instance, epoch, schema, algo: newestAlgorithm(algorithms) };
}

/** Two instances with one identity would number different revisions alike. */
export function checkIdentity(own: Identity, peer: InstanceId): void {
  if (own.instance !== peer) return;
  throw new SynclineError("SAME_IDENTITY", `the peer is the instance ${peer} too`, {
    where: peer,
    hint:
      "the address is this instance's own, or one folder is a copy of the other: then run " +
      "syncline instance new-identity --name NEW in the folder of the copy",
  });
}

/** Where the target stands when there was nothing to do: at the end. */
export function cursorOf(agreed: Agreement | undefined): SessionResult["cursor"] {
  if (agreed === undefined) return { lsn: 0, head: 0 };
  const head = agreed.direction === "push" ? agreed.ownHead.lsn : agreed.remoteHead[0];
  return { lsn: head, head };
}

/** True while one of the two gets back what it lost against the only direction of a link. */
export function againstDirection(
  direction: Direction,
  recovers: boolean,
  peerRecovers: boolean,
): boolean {
  return direction !== "both" && (recovers || peerRecovers);
}
