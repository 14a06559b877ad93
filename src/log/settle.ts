import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { type Conflict, mergeId } from "../merge/conflict.ts";
import { type ConflictRecord, conflictLog } from "../merge/conflict-log.ts";
import { contentOf } from "../merge/content-of.ts";
import { type MergedState, stateAt } from "../merge/evaluate.ts";
import { bodyHashOf } from "../model/content.ts";
import { ALGORITHM_VERSION, type Revision } from "../model/record.ts";
import { isEarlier, type LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";

/**
 * Brings what is derived from an object's revisions up to date: with several heads, the merge
 * revision that stands for them; and its conflict log, which it returns if that may have changed.
 * Most objects have one head and never had more: nothing is done for them.
 */
export function settle(
  draft: LogDraft,
  object: DraftObject,
  isJoined: boolean,
): readonly ConflictRecord[] | null {
  if (object.heads.length > 1) showMerge(draft, object);
  else if (!isJoined && !object.contested) return null;
  const { policy } = draft.policy;
  const revisions = draft.revisionsOf(object);
  const recorded = conflictLog(draft.graphOf(object), revisions, object.frontier, policy);
  const names = draft.conflictsOf(object).filter(({ kind }) => kind === "name");
  return withNames(recorded, names, revisions);
}

/** A conflict log with the name conflicts of its object, which a revision may have resolved. */
export function withNames(
  records: readonly ConflictRecord[],
  names: readonly Conflict[],
  revisions: readonly Revision[],
): readonly ConflictRecord[] {
  const named = names.map((conflict): ConflictRecord => {
    const [first, ...others] = revisions.filter((one) => one.resolves?.includes(conflict.id));
    if (first === undefined) return { ...conflict, status: "open", resolvedBy: null };
    const by = others.reduce((best, next) => (isEarlier(next, best) ? next : best), first);
    return { ...conflict, status: "resolved", resolvedBy: by.id };
  });
  return [...records, ...named].sort((a, b) => compareCodeUnits(a.id, b.id));
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
  object.nameWriter = draft.nameWriterOf(object);
  return state;
}
