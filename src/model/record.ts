import type { ActorId, ChangesetId, ObjectId, RevisionId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";

/** The version of the record format; a record says it as `v`. */
export const RECORD_VERSION = 1;
/** The version of the merge algorithm that records state as `algorithm`. */
export const ALGORITHM_VERSION = 1;
/** The reserved key of a deletion flag: `<unit>/@deleted = true`. */
export const DELETED_KEY = "@deleted";

/**
 * One write of a patch, in the notation of RFC 6902. `value` is a scalar or an indivisible array;
 * an `add` may also carry a map, which is shorthand for one `add` per leaf.
 */
export type Write =
  | { readonly op: "add"; readonly path: string; readonly value: Json }
  | { readonly op: "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

/** What an author saw at a path that was in conflict and that he did not write (merge rules). */
export interface Pin {
  readonly path: string;
  /** Left out when the author saw nothing there. */
  readonly value?: Json;
  readonly of: readonly RevisionId[];
  readonly merged?: true;
}

/** One immutable change to one object. */
export interface Revision {
  readonly v: 1;
  readonly id: RevisionId;
  readonly object: ObjectId;
  readonly type: string;
  /** The authored frontier this was made on, sorted; empty for a creation. */
  readonly parents: readonly RevisionId[];
  readonly actor: ActorId;
  /** Dense per actor, over revisions and purges. */
  readonly seq: number;
  /** Hybrid logical clock, microseconds. */
  readonly hlc: number;
  readonly changeset: ChangesetId;
  readonly schema: number;
  readonly algorithm: number;
  readonly patch: readonly Write[];
  readonly pins?: readonly Pin[];
  readonly resolves?: readonly string[];
  /** SHA-256 of the canonical resulting content, 64 hexadecimal digits. */
  readonly bodyHash: string;
}

/** What one user action did: the envelope of its revisions. */
export interface Changeset {
  readonly v: 1;
  readonly id: ChangesetId;
  readonly actor: ActorId;
  readonly hlc: number;
  readonly author: string;
  readonly message: string;
}

/** The permanent removal of an object. */
export interface Purge {
  readonly v: 1;
  readonly id: RevisionId;
  readonly object: ObjectId;
  readonly actor: ActorId;
  readonly seq: number;
  readonly hlc: number;
  readonly reason: string;
}

/**
 * A record as it came or was made: the parsed form, its canonical text (the bytes' decoding) and
 * the SHA-256 of the bytes. Log, wire and export all carry the same bytes.
 */
export type ParsedRecord =
  | {
      readonly kind: "revision";
      readonly record: Revision;
      readonly text: string;
      readonly hash: Buffer;
    }
  | {
      readonly kind: "changeset";
      readonly record: Changeset;
      readonly text: string;
      readonly hash: Buffer;
    }
  | {
      readonly kind: "purge";
      readonly record: Purge;
      readonly text: string;
      readonly hash: Buffer;
    };

export type ParsedRevision = Extract<ParsedRecord, { kind: "revision" }>;
export type ParsedChangeset = Extract<ParsedRecord, { kind: "changeset" }>;
export type ParsedPurge = Extract<ParsedRecord, { kind: "purge" }>;
