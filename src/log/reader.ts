import type { ActorId, ChangesetId, Lsn, ObjectId, RevisionId } from "../base/ids.ts";
import type { ConflictRecord } from "../merge/conflict-log.ts";
import type { PolicyInForce as MergePolicy } from "../merge/policy.ts";
import type { Content } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import type { Claim } from "../names/claim.ts";
import type { ClaimReader } from "../names/space-claims.ts";
import type { Edition } from "./edition.ts";
import type { MetConflicts } from "./met-conflicts.ts";
import type { PolicyRecord } from "./policy-record.ts";
import type { Gone, NamingWrite } from "./writes.ts";

/** The end of a log: its newest position and the hash chain there. */
export interface LogHead {
  readonly lsn: Lsn;
  /** 16 bytes. */
  readonly chain: Uint8Array;
}

/** The policy that chooses among conflicting edits here. */
export interface PolicyInForce extends MergePolicy {
  /** The policy records that say so, in id order; empty for the default. */
  readonly frontier: readonly string[];
}

/** A head of an object: a revision that no other revision of the object builds on. */
export interface Head {
  readonly id: RevisionId;
  readonly lsn: Lsn;
}

/** An object as the state tables hold it. */
export interface ObjectState {
  readonly id: ObjectId;
  readonly type: string;
  /** Sorted by lsn. */
  readonly heads: readonly Head[];
  /**
   * What readers see: the only head, or the merge revision that stands for several; of a parked
   * object, the newest revision of which this program knows what it says.
   */
  readonly revision: RevisionId;
  /** True when a head was written by rules that this program does not know. */
  readonly parked: boolean;
  /** Canonical content at that revision, or the bytes of the creation that holds it. */
  readonly source: string | Uint8Array;
  readonly bodyHash: string;
  readonly deleted: boolean;
  /** True when conflicts of the object are recorded. */
  readonly contested: boolean;
  /** The edit that wrote the standing name; null without a name. */
  readonly nameWriter: RevisionId | null;
  /** Where it goes by another name than its own: that one. */
  readonly derivedName: string | null;
}

/** What an object goes by as stored. */
export interface StoredNaming extends NamingWrite {
  /** As authored; null without one. */
  readonly name: string | null;
  /** The id of its name conflict; null if it has none. */
  readonly conflict: string | null;
}

/** What planning asks about a stored revision (or purge, whose generation is 0). */
export interface KnownRevision {
  readonly id: RevisionId;
  readonly object: ObjectId;
  readonly lsn: Lsn;
  readonly hlc: number;
  /** Length of the longest path to a creation, which has 1. */
  readonly generation: number;
  readonly hash: Uint8Array;
}

/** How much the quarantine holds. */
export interface QuarantineSize {
  /** Records kept, and their bytes. */
  readonly records: number;
  readonly bytes: number;
  /** Records of which only who and why is known. */
  readonly unkept: number;
}

/**
 * What the pure planning of this folder may ask of a store. All answers are about one state of the
 * store: planning and the commit of its outcome are one transaction. A store that can only answer
 * asynchronously loads what a batch names first and plans over that copy.
 */
export interface LogReader extends ClaimReader {
  /** What is remembered of conflicts; forgets what is gone, and what a rollback makes doubtful. */
  readonly met: MetConflicts;
  /** What the program knows. */
  readonly edition: Edition;
  head(): LogHead;
  /** Undefined for an object that was never here, or is gone. */
  objectState(id: ObjectId): ObjectState | undefined;
  /** How an object was removed for good; undefined for one that was not. */
  goneHow(id: ObjectId): Gone["how"] | undefined;
  /** True for a revision that was here until its object was dropped. */
  isDropped(id: RevisionId): boolean;
  knownRevision(id: RevisionId): KnownRevision | undefined;
  /** The content at a stored revision. Throws `OBJECT_PARKED` where it is not known. */
  contentAt(id: RevisionId): Content;
  /** A stored revision's record. Throws `REVISION_NOT_FOUND`. */
  revisionRecord(id: RevisionId): Revision;
  /** An object's stored revisions in log order. */
  revisionsOf(id: ObjectId): readonly Revision[];
  /** What a live object with a name claims. */
  claimOf(id: ObjectId): Claim | undefined;
  /** Undefined for an object that was never here. Costs one look-up, however large the object is. */
  namingOf(id: ObjectId): StoredNaming | undefined;
  /** An object's stored conflict records, all or those about one path. */
  conflictsOf(id: ObjectId, path?: string): readonly ConflictRecord[];
  /** The ids of all these. */
  conflictIdsOf(id: ObjectId): readonly string[];
  policy(): PolicyInForce;
  /** All policy records, parents first. */
  policyRecords(): readonly PolicyRecord[];
  /** Objects with several heads or with conflicts. */
  unsettled(): readonly ObjectId[];
  /** What all live objects with a name claim, and what they go by. */
  allClaims(): Iterable<{ readonly claim: Claim; readonly naming: StoredNaming }>;
  /** SHA-256 of a stored changeset's bytes. */
  changesetHash(id: ChangesetId): Uint8Array | undefined;
  /** The revision that an actor numbered `seq`, if stored. */
  revisionOfActor(actor: ActorId, seq: number): RevisionId | undefined;
  quarantineSize(): QuarantineSize;
  /** True when the bytes are kept. */
  isQuarantined(key: string): boolean;
  /** Keys of what is in quarantine under a record's id, or has its key. */
  quarantinedAs(id: string, key: string): readonly string[];
  /** Keys of quarantined records that wait for any of these revisions or changesets. */
  waitingFor(ids: readonly string[]): readonly string[];
  /** The bytes of a quarantined record. */
  quarantinedBytes(key: string): Uint8Array;
}
