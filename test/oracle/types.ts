/**
 * What the oracle works on. It knows no code of src/merge: every form here is stated from the page
 * that defines the merge, so that an error in the engine cannot hide in a shared type.
 */
import type { Json } from "../../src/base/json.ts";
import type { Write } from "../../src/model/record.ts";

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
}

export interface OracleConflict {
  readonly id: string;
  readonly object: string;
  readonly path: string;
  readonly kind: ConflictKind;
  /** By revision id. */
  readonly candidates: readonly Candidate[];
  readonly chosen: { readonly revision: string | null; readonly value: Value };
  readonly rule: string;
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

/** One revision of a text's replay, in topological order. */
export interface TextStep {
  readonly id: string;
  readonly parents: readonly string[];
  /** The text that it writes; undefined where it leaves the text alone. */
  readonly text: string | undefined;
}

/** Everything a merge of texts may look at. */
export interface TextMerge {
  readonly base: string;
  readonly steps: readonly TextStep[];
  /** The revisions whose texts are merged. */
  readonly heads: readonly { readonly id: string; readonly text: string }[];
}

export type MergeTexts = (input: TextMerge) => string;
