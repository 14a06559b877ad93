import { SynclineError } from "../base/errors.ts";
import type { RevisionId } from "../base/ids.ts";
import type { Content } from "../model/content.ts";
import { applyWrites } from "../model/patch.ts";
import type { Revision } from "../model/record.ts";

/**
 * What is known at one revision: its whole content, or only its record. Undefined: no such
 * revision.
 */
export type KnownAt = { readonly content: Content } | { readonly record: Revision } | undefined;

/**
 * The content at a revision: back to the nearest whole content (a creation, a snapshot, something
 * in memory), then forward patch by patch. Throws `REVISION_NOT_FOUND`.
 */
export function contentAtRevision(id: RevisionId, at: (id: RevisionId) => KnownAt): Content {
  const patches: Revision["patch"][] = [];
  let content: Content | undefined;
  for (let next: RevisionId | undefined = id; next !== undefined; ) {
    const known = at(next);
    if (known === undefined) {
      throw new SynclineError("REVISION_NOT_FOUND", `no revision ${next}`, { where: next });
    }
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
