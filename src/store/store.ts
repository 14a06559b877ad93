import type { ActorId, InstanceId, Lsn, ObjectId, RevisionId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import type { AuthorCommand, AuthorOutcome } from "../log/author.ts";
import type { Excerpt } from "../log/excerpt.ts";
import type { OrganizationDoor } from "../log/organization-door.ts";
import type { PolicyMatch } from "../log/policies.ts";
import type { LogHead, PolicyInForce } from "../log/reader.ts";
import type { LogPoint } from "../log/source-chain.ts";
import type { ScopeState } from "../scope/evaluate-scope.ts";
import type { CommitListener } from "./commits.ts";
import type { Continuity, EpochReason, MetEpoch, MetPeer, RecoveryNote } from "./continuity.ts";
import type { Leaving, LeftNote, LeftWhere, NarrowedNote } from "./leaving.ts";
import type { PageLimits } from "./page-limits.ts";
import type {
  ConflictFilter,
  ConflictRow,
  Cursor,
  Departure,
  EnteredFilter,
  EnteredPage,
  EntryFilter,
  EntryRow,
  Identity,
  KnownRemoval,
  LinkRow,
  LogPage,
  ObjectFilter,
  ObjectRow,
  PeerName,
  PeerRow,
  PolicyTaken,
  QuarantineRow,
  Removal,
  RemovalCounts,
  Rung,
  RunRow,
  ScopeChange,
  Settings,
  StoreCounts,
  VerifyReport,
  WithinScope,
} from "./rows.ts";
import type { Stretch } from "./stretches.ts";

/** A value now or later: local stores answer at once, those behind a thread or socket later. */
export type Awaitable<T> = T | Promise<T>;

/** A batch of received records, with the cursor that its commit moves. */
export interface ApplyBatch {
  /** The peer it came from; null for a file. */
  readonly source: InstanceId | null;
  /** The actor that the source writes as now: two records with one number of it are a fork. */
  readonly writer?: ActorId;
  /** Newline-ended records, each changeset before its revisions, parents before children. */
  readonly bytes: Uint8Array;
  /** The stretch of the source's log that this batch is: where the target stands, and will stand. */
  readonly cursor: {
    readonly scope: string;
    readonly after: LogPoint;
    readonly rung: Rung;
    /** The log comes from its beginning: what lies before `after` is nothing for this target. */
    readonly isFirst?: true;
    /** Set where the session began with none: it moves only from where that left it. */
    readonly fresh?: FreshCursor;
  } | null;
  /** It is history of objects that entered a scope; the chain is over its records alone. */
  readonly entered?: { readonly scope: string; readonly sum: LogPoint } | undefined;
  /** Asks for an excerpt of what is stored. */
  readonly excerpt?: boolean;
  /** How many live objects may go. Left out: all. */
  readonly removals?: RemovalAllowance;
  /** Refuses purges, which then wait in quarantine; those of the own actor come back all the same. */
  readonly refusesPurges?: boolean | undefined;
  /** Refuses packages of other organizations than these. */
  readonly organizations?: OrganizationDoor;
}

/** Where a session that began with nothing left the cursor; `isOver` once the store kept it elsewhere. */
export interface FreshCursor {
  readonly last: LogPoint | null;
  readonly hasEntered: boolean;
  readonly isOver?: true;
}

/** How many live objects a run may delete or purge, and how many it did so far. */
export interface RemovalAllowance {
  readonly max: number;
  readonly before: number;
  /** Objects that came after this position do not count. */
  readonly since?: Lsn;
  /** What the person can do who wants more to go. */
  readonly hint: string;
}

export interface ApplyOutcome {
  /** What was stored; `objects` are the distinct ones of this batch. */
  readonly changesets: number;
  readonly revisions: number;
  readonly objects: number;
  readonly purges: number;
  /** Records that were here already. */
  readonly duplicates: number;
  /** Records of purged or shunned objects: acknowledged, and not stored. */
  readonly discarded: number;
  /** Objects of this batch that several heads are merged for now. */
  readonly merged: number;
  /** Conflicts that this batch brought to light. */
  readonly newConflicts: number;
  /** Objects that were live and are deleted or gone now, and deleted ones that are live now. */
  readonly removed: number;
  readonly restored: number;
  readonly refused: readonly { readonly id: string | null; readonly code: string }[];
  /** Set where the cursor stays: it is not where the session that asked left it. */
  readonly cursorStays?: true;
  readonly head: LogHead;
  /** If asked for, and something was stored. */
  readonly excerpt?: Excerpt | undefined;
}

/** A scope by its hash, with its canonical text where that is known. */
export interface ScopeRef {
  readonly hash: string;
  readonly text?: string | undefined;
}

/** What one step of dropping did. */
export interface DropOutcome {
  readonly dropped: number;
  /** Those of them that were live. */
  readonly removed: number;
  /** Objects that left and stay, for reasons of their own. */
  readonly kept: number;
  readonly isMore: boolean;
  readonly head: LogHead;
}

/** A peer's policy records as canonical text, parents first. */
export interface PolicyOffer {
  readonly peer: InstanceId;
  readonly records: readonly string[];
  /** How many live objects may go by them. Left out: all. */
  readonly removals?: RemovalAllowance;
}

/** What became of policies that a peer offered. */
export interface PolicyOutcome {
  readonly match: PolicyMatch;
  /** Null where the policy in force stays. */
  readonly taken: PolicyTaken | null;
}

/** A new policy of a person's, or the one that a peer offered when both had changed theirs. */
export type PolicyChange = { readonly author: string; readonly message: string } & (
  | { readonly policy: Json }
  | { readonly adopt: InstanceId }
);

/**
 * The store port: one instance's log and state. Writing methods are one durable transaction each:
 * when they return, the work is on disk; when they throw, nothing happened. Reading methods see
 * commits only. Errors are SynclineErrors (`DISK_FULL`, `STORE_IO`, `STORE_CORRUPT`, `READ_ONLY`,
 * `CLOSED` beside what each method names). Implementations: memory, SQLite, SQLite behind a
 * worker thread; one conformance suite runs against all of them.
 */
export interface Store {
  identity(): Awaitable<Identity>;
  settings(): Awaitable<Settings>;
  /** Replaces all of them. */
  saveSettings(settings: Settings): Awaitable<void>;

  /** Authors one changeset. Throws what {@link AuthorCommand} says; a no-change makes nothing. */
  author(command: AuthorCommand): Awaitable<AuthorOutcome>;
  /**
   * Stores received records: verifies, drops duplicates, quarantines bad ones, updates state and
   * moves the cursor. Throws `ACTOR_FORK`, and `PROTOCOL_ERROR` for records that are not what the
   * source's chain says, and `REMOVALS_HELD`; then nothing was stored.
   */
  apply(batch: ApplyBatch): Awaitable<ApplyOutcome>;

  /** The policy in force and, as canonical text, all records behind it, parents first. */
  policies(): Awaitable<{ readonly inForce: PolicyInForce; readonly records: readonly string[] }>;
  /**
   * Takes a peer's policies where they build on one's own; keeps them for {@link changePolicy} where
   * the two were changed `apart`. Throws `INVALID_POLICY` and `REMOVALS_HELD`.
   */
  takePolicies(offer: PolicyOffer): Awaitable<PolicyOutcome>;
  /** Changes the policy, and evaluates what depends on it again. Throws `INVALID_POLICY`. */
  changePolicy(change: PolicyChange): Awaitable<PolicyInForce>;

  /** The highest number that revisions and purges of each epoch bear here, gone ones too. */
  numbersOf(instance: InstanceId): Awaitable<ReadonlyMap<string, number>>;
  /** Whether this instance is what it was, and whom it has to hear from. */
  continuity(): Awaitable<Continuity>;
  /** Begins a new epoch: what is authored from now on is another actor's. */
  beginEpoch(reason: EpochReason): Awaitable<Identity>;
  /** Gives this copy of an instance an identity of its own; null keeps the name. */
  becomeNew(name: string | null): Awaitable<Identity>;
  /**
   * A peer knows numbers of the own actor up to this one. If they were not given out here, this
   * instance lost them: it begins a new epoch, and the answer is true.
   */
  learnOwn(known: { readonly epoch: string; readonly seq: number }): Awaitable<boolean>;
  /** In which epochs a peer was met, oldest first. */
  met(peer: InstanceId): Awaitable<readonly MetEpoch[]>;
  /** Notes who a peer is that was met, and who it says it was before it got its own identity. */
  meet(peer: MetPeer): Awaitable<void>;
  /** Notes who was heard or asked since the epoch began, or that everybody was tried. */
  noteRecovery(note: RecoveryNote): Awaitable<void>;

  /**
   * Tells `listener` of each commit that this store makes from now on and that adds to the log or
   * to the policy's records, once it is durable and readers see it. The returned function ends it.
   */
  subscribe(listener: CommitListener): () => void;

  head(): Awaitable<LogHead>;
  /** The chain after entry `lsn`, undefined beyond the end; 16 zero bytes at 0. */
  chainAt(lsn: Lsn): Awaitable<Uint8Array | undefined>;
  /**
   * The entries after a position, for sending, those of objects that are gone as stubs: stops at the
   * first of the limits, but not inside a changeset. Undefined when there is none.
   */
  readPage(after: Lsn, limits: PageLimits): Awaitable<LogPage | undefined>;
  /**
   * Brings what is known of a scope up to date, a step towards the log's end at a time. By its hash
   * alone if it was evaluated before: undefined where it was not. Throws `INVALID_SCOPE`.
   */
  evaluateScope(scope: ScopeRef): Awaitable<ScopeState | undefined>;
  /** Objects that left a scope, at most PAGE_ITEMS_MAX, in the order of {@link ScopeChange.told}. */
  leftScope(change: ScopeChange): Awaitable<readonly ObjectId[]>;
  /** The history of what entered a scope, also what targets had and may have dropped. */
  readEntered(
    filter: EnteredFilter,
    limits: Pick<PageLimits, "revisions" | "bytes">,
  ): Awaitable<EnteredPage | undefined>;
  /** Marks objects that are here as having left a scope; a batch with their history unmarks them. */
  noteLeft(note: LeftNote | NarrowedNote): Awaitable<void>;
  /** What is here of what left a scope, and whether it stays where the link drops that. */
  leaving(where: LeftWhere): Awaitable<readonly Leaving[]>;
  /**
   * Drops some of what left a scope and need not stay: of it remains what remains of a shunned object,
   * but it may come again. Throws `REMOVALS_HELD` where all of it together is too much.
   */
  dropLeft(where: LeftWhere & Pick<ApplyBatch, "removals">): Awaitable<DropOutcome>;
  /** True while something that was dropped has not come again: the own log lacks it. */
  hasDropped(): Awaitable<boolean>;
  /** Objects that left some scope and did not come back. */
  departures(filter?: { readonly object?: ObjectId }): Awaitable<readonly Departure[]>;
  openConflicts(): Awaitable<number>;
  /** The number of live objects. */
  liveObjects(): Awaitable<number>;
  /** What the log does away with after a position; of deleted objects only those inside a scope. */
  countRemovals(after: Lsn, within?: WithinScope): Awaitable<RemovalCounts>;
  /** The objects that are removed after a position, in the order of {@link Removal.lsn}. */
  removals(after: Lsn, limit: number, within?: WithinScope): Awaitable<readonly Removal[]>;
  /** How many of a source's removals would remove an object that is live here. */
  wouldRemove(removals: readonly KnownRemoval[]): Awaitable<number>;
  /** The purge records after a position, in log order: they travel ahead of everything else. */
  purges(after: Lsn): Awaitable<readonly string[]>;
  entries(filter: EntryFilter): Awaitable<readonly EntryRow[]>;
  entry(id: RevisionId): Awaitable<EntryRow | undefined>;
  /** Canonical content text at a revision. Throws `REVISION_NOT_FOUND`. */
  contentTextAt(id: RevisionId): Awaitable<string>;
  /**
   * Canonical content text of the merge of some revisions of one object, by the policy in force.
   * Throws `REVISION_NOT_FOUND`.
   */
  mergedTextAt(revisions: readonly RevisionId[]): Awaitable<string>;
  /**
   * The position after which "since X" begins: X is a revision id, a changeset id (its last
   * revision), or a time (before the first entry with a later hlc, so that nothing newer is left
   * out). Undefined: unknown.
   */
  positionOf(since: { readonly id: string } | { readonly hlc: number }): Awaitable<Lsn | undefined>;

  object(id: ObjectId): Awaitable<ObjectRow | undefined>;
  /** In id order. */
  objects(filter: ObjectFilter): Awaitable<readonly ObjectRow[]>;
  conflict(id: string): Awaitable<ConflictRow | undefined>;
  /** In id order. */
  conflicts(filter: ConflictFilter): Awaitable<readonly ConflictRow[]>;
  counts(): Awaitable<StoreCounts>;
  /** The state digest: equal on instances that hold the same state. 64 hexadecimal digits. */
  digest(): Awaitable<string>;

  /** What is known of other instances, in id order. */
  peers(): Awaitable<readonly PeerRow[]>;
  peer(id: InstanceId): Awaitable<PeerRow | undefined>;
  /**
   * Keeps what instances are called. What others say of one does not change what it said itself; of
   * more than `PEERS_KNOWN_MAX` instances nothing is kept.
   */
  learnNames(names: readonly PeerName[]): Awaitable<void>;
  cursor(peer: InstanceId, scope: string): Awaitable<Cursor | undefined>;
  links(): Awaitable<readonly LinkRow[]>;
  /** Adds or replaces the link of that name. */
  saveLink(link: LinkRow): Awaitable<void>;
  removeLink(name: string): Awaitable<void>;
  /** Adds a run, or replaces the one with its id, in its place. */
  saveRun(run: RunRow): Awaitable<void>;
  /** Newest first. */
  runs(filter: { readonly link?: string; readonly limit: number }): Awaitable<readonly RunRow[]>;
  /** Distinct objects changed by revisions that came from a peer and stand in these stretches. */
  objectsReceived(peer: InstanceId, within: readonly Stretch[]): Awaitable<number>;
  quarantine(): Awaitable<readonly QuarantineRow[]>;
  /**
   * Takes records that are kept in quarantine as if they came again: what can be stored now leaves
   * it, with what waited for that. Those that are not kept leave it, too: by the next session with
   * whom they came from they come again.
   */
  retryQuarantined(keys: readonly string[]): Awaitable<ApplyOutcome>;
  /** Forgets records in quarantine; returns how many that were. */
  dropQuarantined(keys: readonly string[]): Awaitable<number>;

  /** Re-hashes every record and the chain, recomputes all state from the log, and compares. */
  verify(): Awaitable<VerifyReport>;
  /** Writes a consistent copy of the whole store into a new file while others read and write. */
  backup(file: string): Awaitable<void>;
  close(): Awaitable<void>;
}

/** What answers with a value, now or later: all but the subscription. */
export type StoreMethod = Exclude<keyof Store, "subscribe">;

/** These methods by name, for implementations that forward them. */
export const STORE_METHODS: readonly StoreMethod[] = [
  "identity",
  "settings",
  "saveSettings",
  "author",
  "apply",
  "policies",
  "takePolicies",
  "changePolicy",
  "numbersOf",
  "continuity",
  "beginEpoch",
  "becomeNew",
  "learnOwn",
  "met",
  "meet",
  "noteRecovery",
  "head",
  "chainAt",
  "readPage",
  "evaluateScope",
  "leftScope",
  "readEntered",
  "noteLeft",
  "leaving",
  "dropLeft",
  "hasDropped",
  "departures",
  "purges",
  "liveObjects",
  "countRemovals",
  "removals",
  "wouldRemove",
  "entries",
  "entry",
  "contentTextAt",
  "mergedTextAt",
  "positionOf",
  "object",
  "objects",
  "conflict",
  "conflicts",
  "counts",
  "openConflicts",
  "digest",
  "peers",
  "peer",
  "learnNames",
  "cursor",
  "links",
  "saveLink",
  "removeLink",
  "saveRun",
  "runs",
  "objectsReceived",
  "quarantine",
  "retryQuarantined",
  "dropQuarantined",
  "verify",
  "backup",
  "close",
];
