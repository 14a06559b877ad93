import type { ChangesetId, InstanceId, Lsn, ObjectId, RevisionId } from "../base/ids.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { GrantedRole, RatingAverage, Role } from "../catalog/index.ts";
import type { AuthorCommand, AuthorOutcome } from "../log/author.ts";
import type { Edition } from "../log/edition.ts";
import type { PolicyInForce } from "../log/reader.ts";
import type { Write } from "../model/record.ts";
import type { SearchQuery, SearchResult } from "../search/search-index.ts";
import type {
  EntryFilter,
  EntryRow,
  Identity,
  LinkRow,
  RunRow,
  StoreProgress,
} from "../store/rows.ts";
import type { ApplyOutcome, Store } from "../store/store.ts";
import type { LinkEvent, LinkState } from "../sync/schedule/link-event.ts";
import type { ConflictItem } from "./conflicts/conflict-item.ts";
import type { ConflictChoice } from "./conflicts/decisions.ts";
import type { ConflictPage, ConflictQuery } from "./conflicts/find-conflict.ts";
import type { ResolveReport, ResolveRule } from "./conflicts/resolve-conflicts.ts";
import type { IdentityView } from "./identity.ts";
import type { OrganizationChange } from "./link-organizations.ts";
import type { NewLink } from "./links.ts";
import type { DiffsToMerge, MergedDiffs } from "./merge-diffs.ts";
import type { QuarantinePage, QuarantineView, RetryReport } from "./quarantine.ts";
import type { Rehearsal } from "./rehearsal/rehearse.ts";
import type { LinkChange } from "./set-link.ts";
import type { UndoReport } from "./undo/undo-run.ts";

/** Who makes a change and why; kept in the changeset. */
export interface Attribution {
  readonly author: string;
  readonly message?: string;
}

/** An edit may be conditional on the revision that was read: `STALE_EDIT` if there is another. */
export interface EditAttribution extends Attribution {
  readonly ifRevision?: RevisionId;
}

/** `type/name`, `type/<uuid>`, a UUID, or 8 or more characters of one that are unambiguous. */
export type ObjectRef = string;

/** An object as `show --json` prints it. */
export interface ObjectView {
  readonly id: ObjectId;
  readonly type: string;
  readonly name: string | null;
  readonly effectiveName: string | null;
  readonly heads: readonly RevisionId[];
  readonly revision: RevisionId;
  /** Only there when the object waits for a newer version of Syncline, and is read-only here. */
  readonly parked?: true;
  /** Stored form without hidden units; null when deleted. */
  readonly document: JsonObject | null;
  /** CKAN form; for a deleted object with `state: "deleted"`. */
  readonly ckan: JsonObject;
  /** Peers at which it left what a link carries: what is here stays as it was. */
  readonly left?: readonly InstanceId[];
}

/**
 * One revision in an object's history, newest first: one that somebody made, or the merge of
 * several, which nobody made: it has no author, no patch, and no place in the log.
 */
export interface HistoryEntry {
  readonly kind: "revision" | "merge";
  /** Null, like all that says who and when, for a merge. */
  readonly lsn: Lsn | null;
  readonly revision: RevisionId;
  readonly parents: readonly RevisionId[];
  readonly changeset: ChangesetId | null;
  readonly author: string | null;
  readonly message: string | null;
  /** Hybrid time in microseconds, and the same as ISO 8601; of a merge, that of its newest parent. */
  readonly hlc: number;
  readonly time: string;
  readonly instance: string | null;
  readonly patch: readonly Write[];
  readonly head: boolean;
}

/** The difference between two revisions of one object, as leaf writes on the stored form. */
export interface RevisionDiff {
  readonly object: ObjectId;
  readonly from: RevisionId;
  readonly to: RevisionId;
  readonly patch: readonly Write[];
  /** The values that `replace` and `remove` take away, by path. */
  readonly before: Readonly<Record<string, Json>>;
}

/** What a user may do with an object, as `role show --json` prints it. */
export interface RoleView extends GrantedRole {
  readonly object: ObjectId;
  readonly user: ObjectId;
}

/** What `rating show --json` prints. */
export interface RatingView extends RatingAverage {
  readonly package: ObjectId;
}

/** What `status --json` prints. */
export interface StatusView {
  readonly instance: { readonly id: string; readonly name: string; readonly epoch: string };
  readonly digest: string;
  readonly head: { readonly lsn: Lsn; readonly chain: string };
  readonly objects: Readonly<Record<string, number>>;
  readonly defaultRole: Role;
  readonly deleted: number;
  /** Objects that are gone for good, everywhere or only here. */
  readonly purged: number;
  readonly shunned: number;
  /** Objects that left a link's scope at its peer, and stay here as they were. */
  readonly departed: number;
  readonly revisions: number;
  /** Objects with concurrent edits over which nobody has saved anything yet. */
  readonly diverged: number;
  /** Objects that a newer version of Syncline changed: they wait for it, and are read-only here. */
  readonly parked: number;
  readonly conflicts: { readonly open: number };
  readonly quarantined: number;
  /** Purges among what is in quarantine: links refused them. */
  readonly refusedPurges: number;
  /**
   * After this instance was set back: links whose peers may hold revisions of its own that are not
   * here, as far as they have not been asked. Null when there are none.
   */
  readonly recovery: { readonly pending: readonly string[] } | null;
  readonly links: readonly {
    readonly name: string;
    readonly url: string;
    readonly peer: string | null;
    readonly direction: string;
    readonly mode: string;
    /**
     * `manual`: runs when somebody says so. Else how it stands in the process that serves the folder;
     * `stopped` when there is none.
     */
    readonly state: LinkState["state"] | "behind" | "manual" | "stopped";
    /** When it runs next, or connects again, ISO 8601. */
    readonly next: string | null;
    readonly lag: { readonly revisions: number | null; readonly seconds: number | null };
    readonly lastRun: RunRow | null;
  }[];
  /** What a person should look at, one sentence each; empty when all is well. */
  readonly attention: readonly string[];
}

export interface ImportOptions extends Attribution {
  /** Where the lines come from, for messages. */
  readonly file?: string;
  /** Stop at the first bad line instead of counting it. */
  readonly strict?: boolean;
  /** The type of all lines; told from each line when left out. */
  readonly type?: string;
  /** The input is all there is of its types: objects of these types that it does not hold are deleted. */
  readonly complete?: boolean;
  /** With `complete`: the share of live objects of these types, or their number, that may go: `5%`. */
  readonly maxRemovals?: string;
  readonly acceptRemovals?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  readonly lines: number;
  readonly bytes: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Of a complete import, before anything is stored: how many objects will be deleted. */
  readonly absent?: number;
}

/**
 * What an import did. Nothing of a refused line was stored, but for objects inside it when there are
 * more than one changeset holds.
 */
export interface ImportReport extends ImportProgress {
  readonly changesets: number;
  readonly revisions: number;
  /** All refused lines; `refused` lists the first 10,000 of them. */
  readonly refusedTotal: number;
  /**
   * Of a complete import: what types it was about, how many objects the input did not hold, and how
   * many of them were deleted: none when a line was refused.
   */
  readonly complete?: {
    readonly types: readonly string[];
    readonly absent: number;
    readonly deleted: number;
  };
  readonly refused: readonly {
    readonly file: string | null;
    readonly line: number;
    readonly code: string;
    readonly message: string;
  }[];
}

/** X of "revisions since X": a revision id, a changeset id, a log position, or an ISO 8601 time. */
export type Since = string | number;

export interface VerifyResult {
  readonly ok: boolean;
  readonly revisions: number;
  readonly objects: number;
  /** What is wrong; empty when `ok`. */
  readonly findings: readonly { readonly where: string; readonly message: string }[];
  /** What is worth knowing but legal: references to objects that are not here, at most 100. */
  readonly notes: readonly { readonly where: string; readonly message: string }[];
}

export interface SyncOptions {
  /** Goes on although more is deleted or purged than the link lets go at once. */
  readonly acceptRemovals?: boolean;
  /** Only objects of these types, of those that the link carries, and what they refer to. */
  readonly types?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
}

export interface SyncProgress {
  readonly link: string;
  readonly direction: "pull" | "push";
  /** Log entries done of those that this run will carry. */
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}

export interface WatchOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: LinkEvent) => void;
}

/** Links that run by themselves. */
export interface Schedule {
  /** Ends what is under way at its next commit, and waits for that. */
  stop(): Promise<void>;
}

/** An open catalog: author, read, exchange revisions, search, sync. No global state. */
export interface Instance {
  /** As of the opening; `whoami` knows of an epoch that began since. */
  readonly identity: Identity;
  /** What the program knows that runs it. */
  readonly edition: Edition;
  /** The store, for layers above that need the port itself (sync endpoint, server). */
  readonly store: Store;
  /** Resolves once `search` finds everything up to this log position. */
  indexed(lsn: Lsn): Promise<void>;

  // authoring
  change(command: AuthorCommand): Promise<AuthorOutcome>;
  /** Also what is found inside: with more than 10,000 new objects, that in changesets before. */
  create(type: string, value: JsonObject, by: Attribution): Promise<AuthorOutcome>;
  /** Some fields in CKAN form; the others stay. */
  set(ref: ObjectRef, value: JsonObject, by: EditAttribution): Promise<AuthorOutcome>;
  /** RFC 6902 on the stored document. */
  patch(ref: ObjectRef, patch: Json, by: EditAttribution): Promise<AuthorOutcome>;
  rename(ref: ObjectRef, name: string, by: EditAttribution): Promise<AuthorOutcome>;
  delete(ref: ObjectRef, by: EditAttribution): Promise<AuthorOutcome>;
  undelete(ref: ObjectRef, by: EditAttribution): Promise<AuthorOutcome>;
  /**
   * Removes an object for good, with all its revisions, here and wherever the purge arrives; nothing
   * brings it back. `reason` is kept and travels.
   */
  purge(
    ref: ObjectRef,
    options: { readonly reason: string },
    by: EditAttribution,
  ): Promise<AuthorOutcome>;
  /** Removes an object for good, here only: it is not taken in again. */
  shun(ref: ObjectRef, by: EditAttribution): Promise<AuthorOutcome>;
  /**
   * Objects in CKAN form, one JSON document a line. Throws `ImportStoppedError`, which carries the
   * report so far, when it ends before the input: importing the same input again goes on there.
   */
  import(lines: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<ImportReport>;

  // reading
  /** `ref` may end in `@<revision>` for the state at that revision. */
  get(ref: ObjectRef): Promise<ObjectView>;
  history(ref: ObjectRef): Promise<readonly HistoryEntry[]>;
  diff(ref: ObjectRef, from: string, to: string): Promise<RevisionDiff>;
  /** Merges two diffs onto what they are based on, as revisions are merged. Stores nothing. */
  mergeDiffs(diffs: DiffsToMerge): Promise<MergedDiffs>;
  entries(filter: EntryFilter): Promise<readonly EntryRow[]>;
  /** Live objects of a type in CKAN form, one canonical JSON text each, in id order. */
  export(options?: { readonly type?: string }): AsyncIterable<string>;
  search(query: SearchQuery): Promise<SearchResult>;
  status(): Promise<StatusView>;

  // conflicts and the policy that decides them
  conflicts(query?: ConflictQuery): Promise<ConflictPage>;
  /** By its id, or the first 8 or more digits of one. Throws `CONFLICT_NOT_FOUND`. */
  conflict(id: string): Promise<ConflictItem>;
  /**
   * Decides one conflict: an ordinary edit of its object, which replicates. One that was decided
   * before can be decided again. Throws `USAGE` for a choice that does not fit, and `STALE_EDIT`
   * when other edits disagree there by now.
   */
  resolveConflict(id: string, choice: ConflictChoice, by: EditAttribution): Promise<AuthorOutcome>;
  /** Decides all open conflicts that fit, by one rule: one changeset for at most 200 of them. */
  resolveConflicts(rule: ResolveRule, by: Attribution): Promise<ResolveReport>;
  policy(): Promise<PolicyInForce>;
  /** Instances in it may be named. Throws `INVALID_POLICY`. */
  setPolicy(policy: Json, by: Attribution): Promise<PolicyInForce>;
  /** Takes what a peer, by name or id, offered when both changed the policy. Throws `POLICY_CONFLICT`. */
  adoptPolicy(peer: string, by: Attribution): Promise<PolicyInForce>;

  // exchange of revisions
  /** Records since X, one line each, changesets before their revisions. */
  revisionsSince(since?: Since): AsyncIterable<string>;
  importRevisions(lines: AsyncIterable<Uint8Array>): Promise<ApplyOutcome>;

  // roles and ratings
  /** What people may do here with objects on which nobody was given a role. */
  defaultRole(): Promise<Role>;
  /** Throws `USAGE` for what is no role. */
  setDefaultRole(role: string): Promise<void>;
  /** What a user, named as objects are, may do with an object here, and why. */
  roleOf(user: ObjectRef, ref: ObjectRef): Promise<RoleView>;
  /** How a package is liked: all ratings of it that are here. */
  ratings(ref: ObjectRef): Promise<RatingView>;

  // links and sync
  links(): Promise<readonly LinkRow[]>;
  addLink(link: NewLink): Promise<LinkRow>;
  removeLink(name: string): Promise<void>;
  /**
   * Sets what is given, all of it or nothing; a live link goes on with it at once. Purges that were
   * refused and are no longer are carried out. Throws `LINK_NOT_FOUND`, `INVALID_SCOPE`, `USAGE` …
   */
  setLink(name: string, change: LinkChange): Promise<LinkRow>;
  /** Changes whose packages become whose over a link, from its next run on. */
  mapLink(name: string, change: OrganizationChange): Promise<LinkRow>;
  /** Runs one link; never throws for what went wrong on the way: the run says it. */
  sync(name: string, options?: SyncOptions): Promise<RunRow>;
  /**
   * Says what running a link would do: runs it on a copy that is thrown away, so that nothing is
   * written here. Of a link that sends, what would be sent. Throws `LINK_NOT_FOUND`.
   */
  rehearse(name: string, options?: SyncOptions): Promise<Rehearsal>;
  /** Keeps one link, or all, connected and in step until the signal. Throws `LINK_NOT_FOUND`. */
  watch(name: string | undefined, options?: WatchOptions): Promise<void>;
  /** Runs all links by their modes until it is stopped, those too that are added later. */
  schedule(onEvent?: (event: LinkEvent) => void): Promise<Schedule>;
  /** The newest first. */
  runs(link?: string): Promise<readonly RunRow[]>;
  /**
   * Authors the reverse of what a run changed here; `run` is its id, the first 8 or more characters
   * of that, or `last`. What was edited since stays, and purges cannot be undone. Throws `RUN_NOT_FOUND`.
   */
  undo(run: string, by: Attribution): Promise<UndoReport>;

  // care
  /** What was refused, the oldest first. */
  quarantine(): Promise<QuarantinePage>;
  /** By its key, the first 8 or more digits of one, or the record's id. Throws `QUARANTINE_NOT_FOUND`. */
  quarantined(key: string): Promise<QuarantineView>;
  /** Takes refused records as if they came again: what can be stored now is, with what waited for it. */
  retryQuarantined(keys: readonly string[] | "all"): Promise<RetryReport>;
  /** Forgets refused records, which nobody sends again by itself; returns how many. */
  dropQuarantined(keys: readonly string[] | "all"): Promise<number>;
  verify(onProgress?: (progress: StoreProgress) => void): Promise<VerifyResult>;
  /** Who this is, who it was before, and which peers it has to hear from after a restore. */
  whoami(): Promise<IdentityView>;
  /** Gives a copy of an instance an identity of its own, before it goes on beside the other. */
  takeNewIdentity(options?: { readonly name?: string }): Promise<Identity>;
  /** Says that of several copies this is the one that goes on; the others have to be given up. */
  keepIdentity(): Promise<Identity>;
  /** Copies the instance into one file, or into a folder when the target ends with a slash. */
  backup(target: string): Promise<void>;
  close(): Promise<void>;
}
