import { SynclineError } from "../base/errors.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Content } from "../model/content.ts";
import { applyWrites } from "../model/patch.ts";
import type { Revision } from "../model/record.ts";
import { parseStored } from "./stored-json.ts";
import { UNPROVEN } from "./writes.ts";

/**
 * What is known at one revision: its whole content, or only its record, or not even what that makes
 * of the content before. Undefined: no such revision.
 */
export type KnownAt =
  | { readonly content: Content }
  | { readonly record: Revision }
  | "unproven"
  | undefined;

/** What is known where a snapshot is kept; `where` names it. */
export function knownFrom(snapshot: string, where: string): KnownAt {
  return snapshot === UNPROVEN ? "unproven" : { content: parseStored<Content>(snapshot, where) };
}

/**
 * The content at a revision: back to the nearest whole content (a creation, a snapshot, something
 * in memory), then forward patch by patch. Throws `REVISION_NOT_FOUND` and `OBJECT_PARKED`.
 */
export function contentAtRevision(id: RevisionId, at: (id: RevisionId) => KnownAt): Content {
  const patches: Revision["patch"][] = [];
  let content: Content | undefined;
  for (let next: RevisionId | undefined = id; next !== undefined; ) {
    const known = at(next);
    if (known === undefined) {
      throw new SynclineError("REVISION_NOT_FOUND", `no revision ${next}`, { where: next });
    }
    if (known === "unproven") throw needsNewer(id);
    if ("content" in known) {
      content = known.content;
      break;
    }
    patches.push(known.record.patch);
    next = known.record.parents[0];
  }
  for (const patch of patches.reverse()) content = applyWrites(content, patch);
  return content as Content;
}

/** The error for what only a newer version of the program can compute. */
export function needsNewer(id: RevisionId): SynclineError {
  const message = `what revision ${id} says is known to a newer version of Syncline only`;
  return new SynclineError("OBJECT_PARKED", message, { where: id, hint: UPDATE });
}

/** What to do about an object that waits. */
export const UPDATE =
  "update Syncline on this instance: the object is up to date and editable then";
