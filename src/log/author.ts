import type { ChangesetId, ObjectId, RevisionId } from "../base/ids.ts";
import type { Json, JsonObject } from "../base/json.ts";

/**
 * One change of a person or import. Objects are named by id. `ifRevision` makes the change
 * conditional on the head that was read (`STALE_EDIT` otherwise).
 */
export type Change = { readonly object: ObjectId; readonly ifRevision?: RevisionId } & (
  | {
      /**
       * The whole document in stored form. `create`: must be new (`OBJECT_EXISTS`); `replace`:
       * created or replaced; `absent`: created unless it is there already, in whatever state.
       */
      readonly kind: "put";
      readonly type: string;
      readonly content: JsonObject;
      readonly mode: "create" | "replace" | "absent";
    }
  /** Some fields in CKAN form; the others stay. Objects found inside are created when absent. */
  | { readonly kind: "set"; readonly value: JsonObject }
  /** A person's RFC 6902 patch on the stored document. */
  | { readonly kind: "patch"; readonly patch: Json }
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "delete" }
  | { readonly kind: "undelete" }
  /** Removes the object for good, everywhere that the purge reaches. */
  | { readonly kind: "purge"; readonly reason: string }
  /** Removes the object for good, here only. */
  | { readonly kind: "shun" }
  /** Leaves of the content as they were once; a leaf without a value goes. */
  | { readonly kind: "revert"; readonly leaves: readonly LeafValue[] }
  /** A person's decisions on conflicts of the object. Throws `CONFLICT_NOT_FOUND`. */
  | { readonly kind: "resolve"; readonly resolutions: readonly Resolution[] }
);

/** What shall stand at a path; nothing when there is no value. */
export interface LeafValue {
  readonly path: string;
  readonly value?: Json;
}

/**
 * One conflict's decision: the value that shall stand at a path, nothing when it is left out. A
 * conflict may take several, at different paths. Without a path: what stands is accepted as it is.
 */
export type Resolution =
  | { readonly conflict: string; readonly path: string; readonly value?: Json }
  | { readonly conflict: string; readonly path?: never };

/** What becomes one changeset: all of it or nothing. */
export interface AuthorCommand {
  readonly author: string;
  readonly message: string;
  readonly changes: readonly Change[];
  /** The objects come from a dump, and may hold what a person could not write here. */
  readonly isImport?: true;
}

export interface AuthorOutcome {
  /** Null when nothing changed, so that nothing was stored. */
  readonly changeset: ChangesetId | null;
  readonly revisions: readonly AuthoredRevision[];
  /** What was removed for good; left out when nothing was. */
  readonly purges?: readonly AuthoredPurge[];
  readonly shunned?: readonly ObjectId[];
  /** Changes that would have written nothing. */
  readonly unchanged: number;
}

export interface AuthoredPurge {
  readonly id: RevisionId;
  readonly object: ObjectId;
}

export interface AuthoredRevision {
  readonly id: RevisionId;
  readonly object: ObjectId;
  readonly type: string;
  readonly created: boolean;
}
