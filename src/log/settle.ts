import { canonicalize } from "../base/canonical.ts";
import { mergeId } from "../merge/conflict.ts";
import { conflictLog } from "../merge/conflict-log.ts";
import { type MergedState, stateAt } from "../merge/evaluate.ts";
import { bodyHashOf, contentOf } from "../model/content.ts";
import { ALGORITHM_VERSION } from "../model/record.ts";
import type { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";

/**
 * Brings what is derived from an object's revisions up to date: with several heads, the merge
 * revision that stands for them; and its conflict log. Most objects have one head and never had
 * more: nothing is done for them.
 */
export function settle(draft: LogDraft, object: DraftObject, isJoined: boolean): void {
  if (object.heads.length > 1) showMerge(draft, object);
  else if (!isJoined && !object.contested) return;
  const { policy } = draft.policy;
  const revisions = draft.revisionsOf(object);
  const conflicts = conflictLog(draft.graphOf(object), revisions, object.frontier, policy);
  object.conflicts = conflicts;
  object.contested = conflicts.length > 0;
}

/** Puts the merge of its heads in an object's place, and returns it. */
export function showMerge(draft: LogDraft, object: DraftObject): MergedState {
  const { policy, hash } = draft.policy;
  const frontier = object.frontier;
  const state = stateAt(draft.graphOf(object), frontier, policy);
  const content = contentOf(state.leaves);
  const text = canonicalize(content);
  const id = mergeId(ALGORITHM_VERSION, hash, object.id, frontier);
  object.show(id, { content, text, bodyHash: bodyHashOf(content, text) }, null);
  return state;
}
