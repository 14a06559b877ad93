import type { SynclineError } from "../../base/errors.ts";
import type { Lsn, ObjectId } from "../../base/ids.ts";
import type { Start } from "../../protocol/start.ts";
import type { ScopeState } from "../../scope/evaluate-scope.ts";
import type { Commit } from "../../store/commits.ts";
import type { EnteredPage, LogPage, Removal, RemovalCounts } from "../../store/rows.ts";
import type {
  ApplyOutcome,
  DropOutcome,
  PolicyOutcome,
  RemovalAllowance,
} from "../../store/store.ts";
import type { CloseReason } from "../connection.ts";
import type { Effect, Side, TimerName } from "./effects.ts";
import type { Looked } from "./handshake.ts";

/** How many live objects a run may remove here, and what helps a person who wants more to go. */
export type RemovalLimit = RemovalAllowance;

/** What happens to a session. Answers to effects come in any order, except `decoded`. */
export type SessionEvent =
  /** The connection is open; the first event. */
  | { readonly kind: "opened" }
  | { readonly kind: "frame"; readonly data: string | Uint8Array }
  /** Answers `look`. The ladder is newest first, empty without a cursor. */
  | ({ readonly kind: "looked" } & Looked)
  /** Answer `evaluate` (undefined: only the scope's hash is known), `readLeft` and `readEntered`. */
  | { readonly kind: "evaluated"; readonly state: ScopeState | undefined }
  | { readonly kind: "left"; readonly objects: readonly ObjectId[] }
  | { readonly kind: "entered"; readonly page: EnteredPage | null }
  /** Answers `chains`: the chain at each position, null beyond the end. */
  | {
      readonly kind: "chains";
      readonly side: Side;
      readonly chains: readonly (string | null)[];
      /** The highest number of the actor that was asked for. */
      readonly number?: number;
      /** What other instances are called that are known here. */
      readonly names?: Start["names"];
    }
  /** Answers `learnNames`. */
  | { readonly kind: "noted" }
  /** Answers `learnOwn`: this instance has begun a new epoch, or somebody else just did. */
  | { readonly kind: "learned" }
  /** Answers `policies` and `takePolicies`. */
  | { readonly kind: "policies"; readonly records: readonly string[] }
  | { readonly kind: "policiesTaken"; readonly outcome: PolicyOutcome }
  /** Answers `limit`: null when any number may go. */
  | { readonly kind: "limit"; readonly limit: RemovalLimit | null }
  /** Answers `countRemovals`, `listRemovals` and `wouldRemove`. */
  | { readonly kind: "removalsCounted"; readonly counts: RemovalCounts }
  | { readonly kind: "removalsListed"; readonly removals: readonly Removal[] }
  | { readonly kind: "wouldRemove"; readonly count: number }
  /** Answers `purges`. */
  | { readonly kind: "purges"; readonly records: readonly string[] }
  /** Answers `readPage`: null at the end of the log. */
  | { readonly kind: "page"; readonly page: LogPage | null }
  /** Answers `decode`, in the order of the effects. */
  | { readonly kind: "decoded"; readonly bytes: Uint8Array }
  /** Answers `apply`: the batch is durable. */
  | { readonly kind: "stored"; readonly outcome: ApplyOutcome }
  /** Answer `noteLeft`, `countLeaving` and `dropLeft`. */
  | { readonly kind: "leftNoted" }
  | { readonly kind: "leavingCounted"; readonly count: number }
  | { readonly kind: "dropped"; readonly outcome: DropOutcome }
  /** Answers `cover`: readers can find what came; `objects` of them are distinct. */
  | { readonly kind: "covered"; readonly lsn: Lsn; readonly objects: number }
  /** After `follow`: somebody committed something here. */
  | { readonly kind: "committed"; readonly commit: Commit }
  /** An effect other than `apply` failed; or `apply` did, and nothing was stored. */
  | { readonly kind: "failed"; readonly effect: Effect["kind"]; readonly error: SynclineError }
  | { readonly kind: "timer"; readonly timer: TimerName }
  | { readonly kind: "closed"; readonly reason: CloseReason }
  /** Somebody wants the run to end early. */
  | { readonly kind: "stop" };
