import type { Lsn, ObjectId } from "../base/ids.ts";
import type { ParsedChangeset, Revision } from "../model/record.ts";
import type { Head, LogHead } from "./reader.ts";

/** The fields of a revision that stores keep beside its bytes, to find it by. */
export type Envelope = Pick<Revision, "id" | "object" | "actor" | "seq" | "hlc" | "changeset">;

/** One new log entry. What the record writes stands in its bytes alone. */
export interface LogEntry {
  readonly lsn: Lsn;
  readonly envelope: Envelope;
  /** SHA-256 of `bytes`. */
  readonly hash: Uint8Array;
  /** The record as it came or was made; they may share the memory of a batch. */
  readonly bytes: Uint8Array;
  readonly generation: number;
  /** The chain after this entry, 16 bytes. */
  readonly chain: Uint8Array;
  /** The whole canonical content, at every {@link SNAPSHOT_GENERATIONS}th step of a history. */
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
  readonly served: Head;
  /** Canonical content; null when the served record is a creation, which holds it already. */
  readonly body: string | null;
  readonly bodyHash: string;
  readonly name: string | null;
  readonly deleted: boolean;
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
  readonly objects: readonly ObjectWrite[];
  /** New in quarantine, or there already with another reason. */
  readonly refused: readonly Refused[];
  /** Keys of what leaves the quarantine: a record with that id, or those very bytes, is stored. */
  readonly released: readonly string[];
  /** The log's end after this. */
  readonly head: LogHead;
}
