import type { ActorId, InstanceId, Lsn } from "../../base/ids.ts";
import type { BatchHeader } from "../../protocol/batch.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import type { Start } from "../../protocol/start.ts";
import type { LeftNote, LeftWhere } from "../../store/leaving.ts";
import type { PageLimits } from "../../store/page-limits.ts";
import type { EnteredFilter, KnownRemoval, ScopeChange, WithinScope } from "../../store/rows.ts";
import type { ApplyBatch, PolicyOffer, RemovalAllowance, ScopeRef } from "../../store/store.ts";
import type { Stretch } from "../../store/stretches.ts";
import type { SessionResult } from "./result.ts";

/**
 * `handshake`: the first answer; `ping`: send a PING; `silent`: the peer counts as gone; `wake`:
 * send what was committed meanwhile.
 */
export type TimerName = "handshake" | "ping" | "silent" | "wake";

/** Which half of a session asks. */
export type Side = "source" | "target";

/** How far one direction has come, in entries of the source's log. */
export interface DirectionProgress {
  readonly direction: "pull" | "push";
  readonly done: number;
  readonly total: number;
}

/** Who would remove something here. */
export interface Remover {
  readonly peer: InstanceId;
  /** The hash of what is carried. */
  readonly scope: string;
  /** A person at the dialer agrees to more. */
  readonly accepted: boolean;
}

/** What a session wants done. Frames go out in the order of their effects. */
export type Effect =
  | { readonly kind: "send"; readonly message: ControlMessage }
  /** Compress the records and send them as one BATCH frame. */
  | {
      readonly kind: "sendBatch";
      readonly header: BatchHeader;
      readonly more: boolean;
      readonly bytes: Uint8Array;
    }
  /**
   * Read the log's end and, for a peer, the cursor's ladder for a scope; how the scope stands here,
   * if this side sends; and what is known of the peer, in an epoch of it.
   */
  | {
      readonly kind: "look";
      readonly peer: InstanceId | null;
      readonly epoch?: string;
      readonly scope: ScopeRef;
      readonly sends: boolean;
    }
  /** Find out what is in a scope; then what left it, and the history of what entered. */
  | { readonly kind: "evaluate"; readonly scope: ScopeRef }
  | { readonly kind: "readLeft"; readonly change: ScopeChange }
  | { readonly kind: "readEntered"; readonly filter: EnteredFilter }
  | {
      readonly kind: "chains";
      readonly side: Side;
      readonly lsns: readonly Lsn[];
      /** Whose highest number is asked for, too. */
      readonly actor?: ActorId;
    }
  /** The peer proves that something was lost: it knows more numbers of an epoch, or of the log. */
  | { readonly kind: "learnOwn"; readonly epoch: string; readonly seq: number | null }
  /** The peer proves that it has got more of what was lost since it was heard. */
  | { readonly kind: "hearAgain"; readonly peer: InstanceId }
  /** Keep what the peer calls other instances. */
  | { readonly kind: "learnNames"; readonly names: NonNullable<Start["names"]> }
  /** Read the next batch, once the connection can take it; leave out what came from a peer. */
  | ({ readonly kind: "readPage"; readonly after: Lsn } & Pick<
      PageLimits,
      "skip" | "only" | "except" | "upTo" | "within"
    >)
  /** Read all policy records, or take those of a peer. */
  | { readonly kind: "policies" }
  | { readonly kind: "takePolicies"; readonly offer: PolicyOffer }
  /** How many live objects may go here, by a run with this peer. */
  | { readonly kind: "limit"; readonly by: Remover }
  /** Count what the log does away with after a position, in a scope; or read some of that, in order. */
  | {
      readonly kind: "countRemovals" | "listRemovals";
      readonly after: Lsn;
      readonly within?: WithinScope | undefined;
    }
  /** Count what of a source's removals would remove something here. */
  | { readonly kind: "wouldRemove"; readonly removals: readonly KnownRemoval[] }
  /** Read the purge records after a position. */
  | { readonly kind: "purges"; readonly after: Lsn }
  /** The peer agreed to stay connected over this link of the dialer's; null without a name. */
  | { readonly kind: "live"; readonly peer: InstanceId; readonly link: string | null }
  /** Tell of commits here from now on. */
  | { readonly kind: "follow" }
  /** A live session has carried everything there was, both ways; again, when it does again. */
  | { readonly kind: "inStep" }
  /** Unpack a frame; `more`: others of the same batch will follow. */
  | {
      readonly kind: "decode";
      readonly body: Uint8Array;
      readonly rawBytes: number;
      readonly more: boolean;
    }
  /** One at a time, of these four. */
  | { readonly kind: "apply"; readonly batch: ApplyBatch }
  | { readonly kind: "noteLeft"; readonly left: LeftNote }
  /** Count the live objects that left and would be dropped; drop some. */
  | { readonly kind: "countLeaving"; readonly where: LeftWhere }
  | {
      readonly kind: "dropLeft";
      readonly where: LeftWhere & { readonly removals?: RemovalAllowance };
    }
  /** Wait until readers can find everything up to `lsn` of the own log. */
  | {
      readonly kind: "cover";
      readonly lsn: Lsn;
      /** Count the distinct objects that came from the peer in these stretches of the own log. */
      readonly peer: InstanceId;
      readonly uncounted: readonly Stretch[];
    }
  | { readonly kind: "setTimer"; readonly timer: TimerName; readonly ms: number }
  | { readonly kind: "cancelTimer"; readonly timer: TimerName }
  | { readonly kind: "progress"; readonly progress: DirectionProgress }
  /** End the connection after what was sent. */
  | { readonly kind: "close"; readonly code: number }
  /** The last effect; nothing is under way in the store any more. */
  | { readonly kind: "finish"; readonly result: SessionResult };

/** Of these, one at a time is under way. */
export const STORING_EFFECTS: readonly Effect["kind"][] = [
  ...(["apply", "noteLeft", "countLeaving", "dropLeft"] as const),
];

/** Takes effects, in order. */
export type Emit = (effect: Effect) => void;
