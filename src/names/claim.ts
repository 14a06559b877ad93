import type { InstanceId, ObjectId, RevisionId } from "../base/ids.ts";

/** What a live object with a name claims. An object that is deleted or has no name claims nothing. */
export interface Claim {
  readonly object: ObjectId;
  readonly type: string;
  /** The name space, as {@link nameSpace} gives it. */
  readonly space: string;
  /** As authored, never empty. */
  readonly name: string;
  /** Of the edit that wrote the standing name: its instance, stamp (hybrid time) and id. */
  readonly instance: InstanceId;
  readonly hlc: number;
  readonly revision: RevisionId;
}

/** What names are compared by: their Unicode normal form C, in their own case. */
export function nameKey(name: string): string {
  return name.normalize("NFC");
}

/**
 * The space in which an object's effective name is unique. Groups and organizations share one; the
 * tags of each vocabulary have their own, and so have those of none.
 */
export function nameSpace(type: string, vocabulary?: string): string {
  if (type === "organization") return "group";
  return type === "tag" && vocabulary !== undefined ? `tag/${vocabulary}` : type;
}
