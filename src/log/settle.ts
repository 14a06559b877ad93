import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { algorithmAt } from "../merge/algorithm.ts";
import { type Conflict, mergeId } from "../merge/conflict.ts";
import { type ConflictRecord, conflictLog, laterLog } from "../merge/conflict-log.ts";
import { contentOf } from "../merge/content-of.ts";
import { type MergedState, stateAt } from "../merge/evaluate.ts";
import type { Graph, MergeInput } from "../merge/graph.ts";
import { impliedConflicts } from "../merge/implied-conflicts.ts";
import { bodyHashOf } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import type { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";
import { isEarlier, NAME } from "./name-writer.ts";
import { parkedLog, servedAt } from "./parked.ts";

/**
 * Brings what is derived from an object's revisions up to date: with several heads, the merge
 * revision that stands for them; and its conflict log, which it returns if that may have changed.
 * Most objects have one head and never had more: nothing is done for them. `isAnew` says that more
 * may have changed than that revisions of one parent each were added.
 */
export function settle(
  draft: LogDraft,
  object: DraftObject,
  isAnew: boolean,
): readonly ConflictRecord[] | null {
  if (object.parked) return settleParked(draft, object);
  if (object.heads.length === 1 && !isAnew) {
    return object.contested ? logAfterAdded(draft, object) : null;
  }
  const { policy } = draft.policy;
  // Read once for all that is derived: thousands of heads may have a long text each.
  const revisions = draft.revisionsOf(object);
  const graph = draft.graphOf(object, revisions);
  const open = object.heads.length > 1 ? showMerge(draft, object, graph).conflicts : [];
  const metBy = metIn(draft, object, graph);
  const recorded = conflictLog(graph, revisions, object.frontier, policy, open, metBy);
  const names = draft.conflictsOf(object, NAME).filter(({ kind }) => kind === "name");
  return withNames(recorded, names, revisions);
}

/** What a revision of several parents met; of a stored one that may be remembered. */
function metIn(
  draft: LogDraft,
  { id }: DraftObject,
  graph: Graph,
): (revision: MergeInput) => readonly Conflict[] {
  const { policy, hash } = draft.policy;
  const added = new Set(draft.addedTo(id).map((revision) => revision.id));
  return (revision) => {
    const find = () => impliedConflicts(graph, revision, policy);
    return added.has(revision.id) ? find() : draft.met.of(revision, hash, find);
  };
}

/** Shows what is known of a parked object, and returns what is known of its conflicts. */
function settleParked(draft: LogDraft, object: DraftObject): readonly ConflictRecord[] {
  const revisions = draft.revisionsOf(object);
  const graph = draft.graphOf(object, revisions);
  const { revision, ...served } = servedAt(graph, object.frontier);
  object.show(revision, served, null);
  object.nameWriter = draft.nameWriterOf(object, graph);
  const recorded = parkedLog(graph, draft.edition, revisions, draft.policy.policy);
  const names = draft.conflictsOf(object, NAME).filter(({ kind }) => kind === "name");
  return withNames(recorded, names, revisions);
}

/** The conflict log once all that a plan adds continues the only head; null if it stays as it is. */
function logAfterAdded(draft: LogDraft, object: DraftObject): readonly ConflictRecord[] | null {
  const known = draft.conflictsOf(object);
  const isOpenName = ({ kind, status }: ConflictRecord) => kind === "name" && status === "open";
  const added = draft.addedTo(object.id);
  const others = laterLog(
    known.filter((record) => !isOpenName(record)),
    added,
  );
  const records = withNames(others, known.filter(isOpenName), added);
  const resolved = new Set(
    known.flatMap(({ id, resolvedBy }) => (resolvedBy === null ? [] : [id])),
  );
  const isOther = records.some(({ id, resolvedBy }) => resolvedBy !== null && !resolved.has(id));
  return isOther ? records : null;
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
function showMerge(draft: LogDraft, object: DraftObject, graph: Graph): MergedState {
  const { policy, hash } = draft.policy;
  const frontier = object.frontier;
  const state = stateAt(graph, frontier, policy);
  const content = contentOf(state.leaves);
  const text = canonicalize(content);
  const id = mergeId(algorithmAt(graph, frontier), hash, object.id, frontier);
  object.show(id, { content, text, bodyHash: bodyHashOf(content, text) }, null);
  object.nameWriter = draft.nameWriterOf(object, graph);
  return state;
}
