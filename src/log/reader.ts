import type { ActorId, ChangesetId, Lsn, ObjectId, RevisionId } from "../base/ids.ts";
import type { Content } from "../model/content.ts";

/** The end of a log: its newest position and the hash chain there. */
export interface LogHead {
  readonly lsn: Lsn;
  /** 16 bytes. */
  readonly chain: Uint8Array;
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
  /** The head whose content readers see. */
  readonly served: Head;
  /** Canonical content at the served head. */
  readonly text: string;
  readonly bodyHash: string;
}

/** What planning asks about a stored revision. */
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
export interface LogReader {
  head(): LogHead;
  objectState(id: ObjectId): ObjectState | undefined;
  knownRevision(id: RevisionId): KnownRevision | undefined;
  /** The content at a stored revision. */
  contentAt(id: RevisionId): Content;
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
