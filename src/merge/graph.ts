import type { RevisionId } from "../base/ids.ts";
import type { Content } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import type { Algorithms } from "./algorithm.ts";

/** What merging reads of a revision. */
export type MergeInput = Pick<
  Revision,
  "id" | "parents" | "hlc" | "actor" | "patch" | "pins" | "type" | "object"
> & {
  /** The first version where left out. */
  readonly algorithm?: number;
};

/** The stored history of one object, as far as a merge asks for it. */
export interface Graph {
  revision(id: RevisionId): MergeInput;
  /** 1 for a creation, else one more than the highest of the parents. */
  generation(id: RevisionId): number;
  /** The content of a revision: all stored leaves as its author saw and left them. */
  content(id: RevisionId): Content;
  /** The versions of the rules to choose from; the first alone where left out. */
  readonly algorithms?: Algorithms;
}
