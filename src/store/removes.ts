import type { RevisionId } from "../base/ids.ts";
import type { KnownRemoval } from "./rows.ts";

/**
 * Whether a source's removal would remove an object that is live here, with these heads. It would
 * not when nothing of it is new here, or when there are edits that the source does not know and the
 * policy lets an edit win.
 */
export function removes(
  { heads, others }: KnownRemoval,
  own: readonly RevisionId[],
  isHere: (id: RevisionId) => boolean,
  editsKeep: boolean,
): boolean {
  if (heads.length === 0) return true;
  if (heads.every(isHere)) return false;
  return !editsKeep || own.every((id) => heads.includes(id) || others.includes(id));
}
