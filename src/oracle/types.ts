/**
 * What the oracle works on. It knows no code of src/merge: every form here is stated from the page
 * that defines the merge, so that an error in the engine cannot hide in a shared type.
 */
import type { Json } from "../base/json.ts";
import type { Write } from "../model/record.ts";

/** A leaf's value; undefined means that there is nothing at the path. */
export type Value = Json | undefined;

/** Content: every stored leaf by its path, hidden ones and flags included. */
export type Leaves = ReadonlyMap<string, Json>;

export interface OraclePin {
  readonly path: string;
  readonly value?: Json;
  readonly of: readonly string[];
  readonly merged?: true;
}

/** The part of a revision that merging reads. A whole `Revision` is one too. */
export interface OracleRevision {
  readonly id: string;
  readonly object: string;
  readonly type: string;
  readonly parents: readonly string[];
  readonly actor: string;
  readonly hlc: number;
  readonly patch: readonly Write[];
  readonly pins?: readonly OraclePin[];
  readonly resolves?: readonly string[];
}

export type Revisions = ReadonlyMap<string, OracleRevision>;

export type OracleStrategy = "newest" | "set" | "text" | { readonly priority: readonly string[] };

/** The part of a policy that merging one object reads. */
export interface OraclePolicy {
  readonly default: "newest" | { readonly priority: readonly string[] };
  readonly deletes: "edit-wins" | "delete-wins";
  readonly types: Readonly<Record<string, Readonly<Record<string, OracleStrategy>>>>;
}

export type ConflictKind = "value" | "text" | "delete" | "structure";

export interface Candidate {
  readonly revision: string;
  /** The candidate's value at the conflict's own path. */
  readonly value: Value;
  /** True for a merged pin. */
  readonly merged: boolean;
}

export interface OracleConflict {
  readonly id: string;
  readonly object: string;
  readonly path: string;
  readonly kind: ConflictKind;
  /** The value at the choke point. */
  readonly base: Value;
  /** By revision id. */
  readonly candidates: readonly Candidate[];
  readonly chosen: { readonly revision: string | null; readonly value: Value };
  readonly rule: string;
}

/** A conflict with what became of it. */
export interface OracleRecord extends OracleConflict {
  readonly status: "open" | "resolved" | "superseded";
  readonly resolvedBy: string | null;
}

export interface OracleState {
  readonly leaves: Leaves;
  readonly conflicts: readonly OracleConflict[];
}

/** One member of the page's C: an edit, or a merged pin that stands for several. */
export interface Entry {
  readonly revision: string;
  readonly value: Value;
  /** The edits behind the value: the revision itself, or what the merged pin names. */
  readonly of: readonly string[];
  readonly merged: boolean;
}

/** A text with the history of its characters, which only its library can read. */
export interface TextHistory {
  readonly text: string;
}

/** What the text strategy needs of a library that merges texts. */
export interface TextLibrary {
  /** A new text, without a past. */
  start(text: string): TextHistory;
  /** The text changed into another; `actor` names the change. */
  edit(history: TextHistory, actor: string, text: string): TextHistory;
  /** Several histories of one text as one. */
  merge(histories: readonly TextHistory[]): TextHistory;
}
