import type { ErrorCode } from "../base/error-codes.ts";
import type { ChangesetId, InstanceId, Lsn, ObjectId, RevisionId } from "../base/ids.ts";
import type { Role } from "../catalog/index.ts";
import type { ConflictRecord } from "../merge/conflict-log.ts";
import type { Stretch } from "./stretches.ts";

/** Who this instance is. */
export interface Identity {
  readonly instance: InstanceId;
  readonly name: string;
  /** Changes when continuity is in doubt (restore, clone). */
  readonly epoch: string;
}

/** What an instance decides for itself; it does not travel. */
export interface Settings {
  /** What people may do here with an object on which nobody was given a role. */
  readonly defaultRole: Role;
}

/** Those of an instance that was told nothing: what comes from elsewhere can be edited. */
export const DEFAULT_SETTINGS: Settings = { defaultRole: "editor" };

/** An object as readers get it. */
export interface ObjectRow {
  readonly id: ObjectId;
  readonly type: string;
  /** As authored. */
  readonly name: string | null;
  /** As shown: unique in its name space; null when deleted or without a name. */
  readonly effectiveName: string | null;
  /** The object that stands for its class of aliases; mostly the object itself. */
  readonly canonical: ObjectId;
  readonly deleted: boolean;
  /** True when it waits for a newer version of the program, and is served as far as is known. */
  readonly parked: boolean;
  /** Sorted by id; more than one while nobody saved anything over concurrent edits. */
  readonly heads: readonly RevisionId[];
  /** The only head, or the merge revision that stands for several; of a parked object neither. */
  readonly revision: RevisionId;
  /** Canonical content text at that revision. */
  readonly text: string;
  readonly bodyHash: string;
  /** Position of the newest change in the local log. */
  readonly lsn: Lsn;
}

/** A conflict as readers get it: the record, and the type of its object. */
export interface ConflictRow extends ConflictRecord {
  readonly type: string;
}

/** Which conflicts to list, in id order. */
export interface ConflictFilter {
  readonly status?: ConflictRecord["status"];
  readonly type?: string;
  readonly object?: ObjectId;
  /** At this path or below it. */
  readonly path?: string;
  /** Only conflicts after this id. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * One entry of the log as readers get it. `text` is the record, byte for byte. Entries of objects
 * that are gone are left out.
 */
export interface EntryRow {
  readonly lsn: Lsn;
  readonly kind: "revision" | "purge";
  readonly id: RevisionId;
  readonly object: ObjectId;
  readonly text: string;
  /** SHA-256 of the record, hexadecimal. */
  readonly hash: string;
  /** The changeset's record; null for a purge. */
  readonly changeset: string | null;
  /** The peer it came from; null when authored or imported here. */
  readonly source: InstanceId | null;
}

/** What a follower of the log needs of an entry. */
export type LogChange = Pick<EntryRow, "lsn" | "kind" | "object" | "text">;

/** Which log entries to list. */
export interface EntryFilter {
  readonly after?: Lsn;
  readonly object?: ObjectId;
  /** Newest first. */
  readonly reverse?: boolean;
  /** With `reverse`: only entries before this position. */
  readonly before?: Lsn;
  /** At most PAGE_ITEMS_MAX. */
  readonly limit: number;
}

/** Which objects to list, in id order. */
export interface ObjectFilter {
  readonly type?: string;
  /** The effective name, or the name of a deleted object. */
  readonly name?: string;
  readonly idPrefix?: string;
  readonly includeDeleted?: boolean;
  /** Only objects after this id. */
  readonly after?: ObjectId;
  readonly limit: number;
}

/** What of a scope, as it was in one of its evaluations. */
export interface WithinScope {
  readonly hash: string;
  readonly round: number;
}

/** Of a scope, what entered or left after a position; nothing up to an object that was told. */
export interface ScopeChange extends WithinScope {
  readonly after: Lsn;
  readonly told?: ObjectId | undefined;
  /** Everything that is outside instead, whether or not it ever was inside. */
  readonly all?: true;
}

/** What objects had of entries up to a position when they entered a scope. */
export interface EnteredFilter extends WithinScope {
  /** Objects that entered after this position, and their entries up to it. */
  readonly upTo: Lsn;
  /** Where the page before ended. */
  readonly after?: EnteredPoint | undefined;
}

/** An object that left a scope at a source: what is here of it stays as it was. */
export interface Departure {
  readonly object: ObjectId;
  readonly peer: InstanceId;
  readonly scope: string;
}

export interface EnteredPoint {
  readonly object: ObjectId;
  readonly lsn: Lsn;
}

/**
 * Entries of objects that entered a scope, object by object, each one's in log order. Its chain is
 * over them alone: position 0 is the page's beginning, `to` their number.
 */
export interface EnteredPage extends LogPage {
  readonly last: EnteredPoint;
}

/** A run of log entries for sending: newline-ended records, each changeset before its revisions. */
export interface LogPage {
  /** The position after which the page begins, and its last position. */
  readonly after: Lsn;
  readonly to: Lsn;
  /** The chain at `after`, 16 bytes, when that is further on than was asked for. */
  readonly afterChain?: Uint8Array;
  /** The chain at `to`, 16 bytes. */
  readonly chain: Uint8Array;
  readonly revisions: number;
  readonly changesets: number;
  readonly bytes: Uint8Array;
}

/** What a stretch of a log does away with, in objects. */
export interface RemovalCounts {
  /** Deleted or purged by now. */
  readonly removals: number;
  /** Deleted in between, and live again. */
  readonly passing: number;
}

/**
 * An object that is deleted or purged at a source, so told that a target can see whether its own
 * state of the object is known there: one that has other edits keeps the object.
 */
export interface KnownRemoval {
  readonly object: ObjectId;
  /** Its heads; empty for a purged one, which nothing keeps. */
  readonly heads: readonly RevisionId[];
  /** Other revisions that a target may have as heads: those of the stretch, and their parents. */
  readonly others: readonly RevisionId[];
}

export interface Removal extends KnownRemoval {
  /** Where it was changed last. */
  readonly lsn: Lsn;
}

/** How far a target has durably come in a source's log. */
export interface Rung {
  readonly epoch: string;
  readonly lsn: Lsn;
  /** The source's chain at `lsn`, hexadecimal. */
  readonly chain: string;
  /** Below it something was left out, since it is gone there: after a restore it may be back. */
  readonly passesGone?: true;
}

/** A cursor: for one source and scope, the newest rung first, then older ones (the ladder). */
export interface Cursor {
  readonly peer: InstanceId;
  readonly scope: string;
  /** Empty when the whole log has to come again: something of it was dropped here, and is needed. */
  readonly ladder: readonly Rung[];
}

export type Direction = "pull" | "push" | "both";

/** Whose packages become whose when they come over a link. */
export interface LinkOrganizations {
  readonly map: readonly OrganizationPair[];
  /** What becomes of packages of others: they come as they are, are refused, or get this one. */
  readonly unmapped: "create" | "refuse" | `default:${ObjectId}`;
  /** Up to this position of the own log, what came is mapped by these rules. */
  readonly mappedTo: Lsn;
}

export interface OrganizationPair {
  /** The peer's organization as a person named it: by its name there, or its id. */
  readonly theirs: string;
  /** Its id; null until an organization of that name has come. */
  readonly id: ObjectId | null;
  readonly ours: ObjectId;
}

/** What is known of another instance. */
export interface PeerRow {
  readonly instance: InstanceId;
  /** As it said itself, or as others call it; null when nobody said. */
  readonly name: string | null;
  /** False for one that others told of. */
  readonly isMet: boolean;
  /** When its policy was last judged here: what it was, and what one's own is since; null: never. */
  readonly judged: { readonly theirs: string | null; readonly own: string | null } | null;
}

/** What an instance is called, and whether it said so itself. */
export type PeerName = Pick<PeerRow, "instance" | "isMet"> & { readonly name: string };

/** A configured link to a peer. `direction` is as seen from this instance: pull = receive. */
export interface LinkRow {
  readonly name: string;
  readonly url: string;
  readonly direction: Direction;
  readonly mode: string;
  /** Known after the first contact. */
  readonly peer: InstanceId | null;
  readonly peerName: string | null;
  /** Canonical scope JSON; null carries everything. */
  readonly scope: string | null;
  readonly maxRemovals: string;
  /**
   * Its last run that came to something was held: so many live objects had gone before, which count
   * until somebody agrees, the limit is changed, or the source has put it right.
   */
  readonly held?: { readonly removed: number };
  /** The scope before, as long as it was not found out what has left with it; `{}` was everything. */
  readonly formerScope?: string;
  /** Purges that come from the peer are not carried out here. */
  readonly refusesPurges?: boolean;
  /** What leaves the scope is dropped here; left out where it stays as it was. */
  readonly onLeave?: "drop";
  readonly tokenFile: string | null;
  /** The peer's log end as last heard (pull), or how far the peer confirmed ours (push). */
  readonly remoteHead: Lsn | null;
  readonly confirmed: Lsn | null;
  /** Left out where packages keep their organizations. */
  readonly organizations?: LinkOrganizations;
}

export interface Counts {
  readonly changesets: number;
  readonly revisions: number;
  readonly objects: number;
  readonly purges: number;
}

export type Outcome = "ok" | "interrupted" | "refused" | "held" | "failed";

/** The record of one sync run, as `sync --json` prints it. Times are ISO 8601. */
export interface RunRow {
  readonly id: string;
  readonly link: string;
  readonly peer: InstanceId | null;
  readonly direction: Direction;
  readonly outcome: Outcome;
  readonly started: string;
  readonly ended: string;
  readonly received: Counts;
  readonly sent: Counts;
  readonly merged: number;
  readonly conflicts: { readonly new: number; readonly open: number };
  readonly refused: readonly { readonly id: string | null; readonly code: string }[];
  /** The number of refused records beyond those. */
  readonly refusedMore?: number;
  readonly bytes: { readonly in: number; readonly out: number };
  readonly cursor: { readonly lsn: Lsn; readonly head: Lsn };
  /**
   * What became here of objects that left the scope: of a link that drops them, how many went and
   * how many stay all the same; of another one, how many left in this run and stay.
   */
  readonly left?: { readonly dropped: number; readonly kept: number };
  /** Another policy is in force here since this run: the peer's, or, by an undo, the one before. */
  readonly policy?: Pick<PolicyTaken, "before" | "after"> & Partial<PolicyTaken>;
  /**
   * The stretch of the own log in which what the run made stands, when it received anything; and the
   * parts of it with what was received, unless that is all of it, or an older version recorded it.
   */
  readonly log?: {
    readonly after: Lsn;
    readonly to: Lsn;
    readonly parts?: readonly Stretch[];
  };
  /** The run is the reverse of another one, authored here in these changesets. */
  readonly undo?: { readonly run: string; readonly changesets: readonly ChangesetId[] };
  /** Why, when the outcome is not ok. */
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
}

/** A policy that took the place of another one, by the records at their ends. */
export interface PolicyTaken {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Objects that were live and are deleted by it, and deleted ones that are live. */
  readonly removed: number;
  readonly restored: number;
}

/** A quarantined record as readers get it. */
export interface QuarantineRow {
  readonly key: string;
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
  /** The revision or changeset that it waits for. */
  readonly waitsFor: string | null;
  readonly source: InstanceId | null;
  /** When it came, ISO 8601. */
  readonly received: string;
  /** Empty when there was no room to keep them. */
  readonly bytes: Uint8Array;
}

export interface StoreCounts {
  /** Live objects by type. */
  readonly objects: Readonly<Record<string, number>>;
  readonly deleted: number;
  readonly purged: number;
  readonly shunned: number;
  /** Objects that are here, and left a scope at their source. */
  readonly departed: number;
  readonly revisions: number;
  readonly changesets: number;
  /** Objects that wait for a newer version of the program. */
  readonly parked: number;
  /** Objects with more than one head. */
  readonly diverged: number;
  readonly openConflicts: number;
  /** Refused records whose id is not stored, or is that of a different record. */
  readonly quarantined: number;
  /** Those that are purges which a link refused. */
  readonly refusedPurges: number;
}

/** One thing that `verify` found wrong. */
export interface Finding {
  readonly code: "STORE_CORRUPT";
  /** Table and row: `rev lsn=12`, `obj <uuid>`. */
  readonly where: string;
  readonly message: string;
}

export interface VerifyReport {
  readonly revisions: number;
  readonly objects: number;
  readonly findings: readonly Finding[];
}

/** Progress of long work: `done` of `total` in the stated unit. */
export interface StoreProgress {
  readonly done: number;
  readonly total: number;
}

export type { ChangesetId };
