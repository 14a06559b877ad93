import type { ChangesetId, Lsn, ObjectId, RevisionId } from "../base/ids.ts";
import type { ConflictRecord } from "../merge/conflict-log.ts";
import type { ParsedChangeset, Revision } from "../model/record.ts";
import type { Withheld } from "../scope/selection.ts";
import type { PolicyRecord } from "./policy-record.ts";
import type { Head, LogHead, ObjectState } from "./reader.ts";

/** The fields of a record that stores keep beside its bytes, to find it by. */
export interface Envelope extends Pick<Revision, "id" | "object" | "actor" | "seq" | "hlc"> {
  /** Null for a purge or shun, which belongs to none. */
  readonly changeset: ChangesetId | null;
}

/** What a stub says that was made here: its own id, what it is about, by whom and when. */
export type Stub = Pick<Envelope, "id" | "object" | "actor" | "hlc">;

/** One new log entry. What the record writes stands in its bytes alone. */
export interface LogEntry {
  readonly lsn: Lsn;
  /** `dropped`: a stub of an object that was dropped here; its revisions may come again. */
  readonly kind: "revision" | "purge" | "dropped";
  readonly envelope: Envelope;
  /** SHA-256 of `bytes`. */
  readonly hash: Uint8Array;
  /**
   * The record as it came or was made; they may share the memory of a batch. Empty for a revision
   * of an object that is gone: id, hash and chain stay, so that cursors and the chain hold.
   */
  readonly bytes: Uint8Array;
  readonly generation: number;
  /**
   * It waited in quarantine and did not come with the batch in hand: the batch's source may never
   * have had it.
   */
  readonly waited?: true;
  /** The chain after this entry, 16 bytes. */
  readonly chain: Uint8Array;
  /**
   * The whole canonical content: at every {@link SNAPSHOT_GENERATIONS}th step of a history, and
   * where the patch alone does not lead from one parent to it. {@link UNPROVEN} where it is not known.
   */
  readonly snapshot: string | null;
}

/**
 * Stands for the content of a revision by newer rules where those known here lead to another one
 * than its hash proves.
 */
export const UNPROVEN = "";

/** A stored revision whose content has become known; null where its patch leads to it. */
export interface ProvenWrite {
  readonly lsn: Lsn;
  readonly snapshot: string | null;
}

/** No content is further than this many patches from one that is kept whole. */
export const SNAPSHOT_GENERATIONS = 64;

/** The new state of one object. */
export interface ObjectWrite {
  readonly id: ObjectId;
  readonly type: string;
  readonly isNew: boolean;
  readonly heads: readonly Head[];
  readonly revision: ObjectState["revision"];
  readonly parked: ObjectState["parked"];
  /** Canonical content; null when `revision` is a creation, whose record holds it already. */
  readonly body: string | null;
  readonly bodyHash: string;
  readonly name: string | null;
  /** The edit that wrote the name; null without one. */
  readonly nameWriter: RevisionId | null;
  /** Where the name has to be unique. */
  readonly space: string;
  readonly deleted: boolean;
  /** Why it stays home unless a scope asks for its like. */
  readonly withheld: Withheld;
}

/** The whole conflict log of an object, which is another one now. */
export interface ConflictsWrite {
  readonly object: ObjectId;
  readonly records: readonly ConflictRecord[];
}

/** What an object is called from now on; objects that are new go by their plain name. */
export interface NamingWrite {
  readonly object: ObjectId;
  /** Null for the plain name, and without any. */
  readonly effectiveName: string | null;
  /** The object that stands for its class of aliases; null for the object itself. */
  readonly canonical: ObjectId | null;
}

/** An object that is removed: for good by a purge or, only here, a shun; until it comes again by a drop. */
export interface Gone {
  readonly id: ObjectId;
  /** Position of the log entry that says so. */
  readonly lsn: Lsn;
  readonly how: "purged" | "shunned" | "dropped";
}

/**
 * A record that was refused: kept with its reason, so that the link goes on and nothing is lost
 * but what the quarantine has no room for. Of that it knows only who and why, to count it.
 */
export interface Refused {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly key: string;
  /** The record's id as far as it could be read. */
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
  /** May share the memory of a batch. Empty: not kept. */
  readonly bytes: Uint8Array;
  /** The revision or changeset that it waits for to be taken up. */
  readonly waitsFor: string | null;
}

/** Everything that one transaction writes into log and state. */
export interface LogWrites {
  readonly changesets: readonly ParsedChangeset[];
  readonly entries: readonly LogEntry[];
  readonly proven: readonly ProvenWrite[];
  readonly objects: readonly ObjectWrite[];
  readonly namings: readonly NamingWrite[];
  readonly conflicts: readonly ConflictsWrite[];
  /** Objects whose every trace but ids and hashes goes, before anything else is written. */
  readonly gone: readonly Gone[];
  /** Policy records that are new, parents first. */
  readonly policies: readonly PolicyRecord[];
  /** New in quarantine, or there already with another reason. */
  readonly refused: readonly Refused[];
  /** Keys of what leaves the quarantine: a record with that id, or those very bytes, is stored. */
  readonly released: readonly string[];
  /** The log's end after this. */
  readonly head: LogHead;
}
