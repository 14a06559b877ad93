import { canonicalize } from "../base/canonical.ts";
import { isSynclineError } from "../base/errors.ts";
import type { ObjectId } from "../base/ids.ts";
import { bodyHashOf } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import { sealRecord } from "../model/seal-record.ts";
import type { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";
import { knows } from "./edition.ts";

/**
 * Derives everything of some stored objects anew, as far as the program knows how: what waited for
 * it is parked no more, and what it does not know is.
 */
export function rederive(draft: LogDraft, ids: Iterable<ObjectId>): void {
  for (const id of ids) {
    const object = draft.object(id) as DraftObject;
    const isNewer = object.heads.some((head) => !knows(draft.edition, draft.record(head.id)));
    object.parked ||= isNewer;
    if (object.parked) object.parked = !prove(draft, object) || isNewer;
    if (object.heads.length === 1 && !object.parked) showHead(draft, object);
    draft.revisit(id);
  }
  draft.settle();
}

/**
 * Evaluates again what is not known of an object's revisions, or was known to a newer program only,
 * parents first; false where something does not say what it states.
 */
function prove(draft: LogDraft, object: DraftObject): boolean {
  let isAll = true;
  for (const record of draft.revisionsOf(object)) {
    const isOwn = knows(draft.edition, record);
    if (isOwn && ifKnown(() => draft.contentAt(object, record.id)) !== undefined) continue;
    const result = ifKnown(() => draft.evaluate(sealRecord(record)));
    const isProven = result?.bodyHash === record.bodyHash;
    draft.judge(record.id, isProven ? result : null);
    isAll &&= isProven;
  }
  return isAll;
}

/** Undefined where only a newer program knows. */
function ifKnown<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isSynclineError(error, "OBJECT_PARKED")) return undefined;
    throw error;
  }
}

/** Shows what the only head says, if something else is shown. */
function showHead(draft: LogDraft, object: DraftObject): void {
  const [id] = object.frontier as [Revision["id"]];
  if (object.revision !== id) {
    const content = draft.contentAt(object, id);
    const text = canonicalize(content);
    object.show(id, { content, text, bodyHash: bodyHashOf(content, text) }, null);
  }
  object.nameWriter = draft.nameWriterOf(object);
}
