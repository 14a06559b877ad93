import type { ActorId, ObjectId, RevisionId } from "../base/ids.ts";
import type { Content } from "../model/content.ts";
import { diffContent } from "../model/patch.ts";
import type { Conflict } from "./conflict.ts";
import { contentOf } from "./content-of.ts";
import { stateAt } from "./evaluate.ts";
import type { Graph, MergeInput } from "./graph.ts";
import type { Policy } from "./policy.ts";

/** Two contents that go back to one, of an object of some type. */
export interface TwoSides {
  readonly type: string;
  readonly base: Content;
  /** The second counts as the newer one. */
  readonly sides: readonly [Content, Content];
}

export interface MergedContents {
  readonly content: Content;
  /** `FIRST` and `SECOND` are the revisions of their candidates. */
  readonly conflicts: readonly Conflict[];
}

const BASE = "00000000-0000-0000-0000-000000000001" as RevisionId;
export const FIRST: RevisionId = "00000000-0000-0000-0000-000000000002" as RevisionId;
export const SECOND: RevisionId = "00000000-0000-0000-0000-000000000003" as RevisionId;

const OBJECT = "00000000-0000-0000-0000-000000000000" as ObjectId;
const ACTOR = `${OBJECT}/${OBJECT}` as ActorId;

/** Merges as if the sides were two concurrent revisions on the base, made one after the other. */
export function mergeContents({ type, base, sides }: TwoSides, policy: Policy): MergedContents {
  const contents = new Map([
    [BASE, base],
    [FIRST, sides[0]],
    [SECOND, sides[1]],
  ]);
  const revisions = new Map<RevisionId, MergeInput>();
  for (const [id, content] of contents) {
    const [from, parents] = id === BASE ? [undefined, []] : [base, [BASE]];
    const patch = diffContent(from, content);
    const hlc = revisions.size;
    revisions.set(id, { id, parents, hlc, actor: ACTOR, patch, type, object: OBJECT });
  }
  const graph: Graph = {
    revision: (id) => revisions.get(id) as MergeInput,
    generation: (id) => (id === BASE ? 1 : 2),
    content: (id) => contents.get(id) as Content,
  };
  const { leaves, conflicts } = stateAt(graph, [FIRST, SECOND], policy);
  return { content: contentOf(leaves), conflicts };
}
