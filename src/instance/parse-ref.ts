import { SynclineError } from "../base/errors.ts";
import { isUuid, type ObjectId } from "../base/ids.ts";
import { REF_CHARS_MAX } from "../base/limits.ts";

/** How an object was named. */
export type ParsedRef =
  | { readonly kind: "id"; readonly id: ObjectId; readonly type?: string }
  | { readonly kind: "name"; readonly type: string; readonly name: string }
  /** The beginning of an id, in canonical form. */
  | { readonly kind: "prefix"; readonly prefix: string }
  /** A bare word, which names no object: names belong to a type. */
  | { readonly kind: "word"; readonly word: string };

/** What an id is abbreviated to at least. */
export const PREFIX_CHARS_MIN = 8;

const REVISION_SUFFIX = /^(.+)@([0-9a-f-]{8,36})$/i;

/**
 * Reads `type/name`, `type/<uuid>`, a UUID, or the beginning of one (see `ObjectRef`). Throws
 * `USAGE` when it is too long.
 */
export function parseRef(ref: string): ParsedRef {
  if (ref.length > REF_CHARS_MAX) {
    throw new SynclineError("USAGE", `an object is named by at most ${REF_CHARS_MAX} characters`, {
      hint: `give its id, or the first ${PREFIX_CHARS_MIN} characters of it`,
    });
  }
  const slash = ref.indexOf("/");
  const rest = ref.slice(slash + 1);
  const lower = rest.toLowerCase();
  if (slash > 0) {
    const type = ref.slice(0, slash);
    if (isUuid(lower)) return { kind: "id", id: lower as ObjectId, type };
    return { kind: "name", type, name: rest };
  }
  if (isUuid(lower)) return { kind: "id", id: lower as ObjectId };
  const prefix = slash < 0 ? idPrefix(ref) : undefined;
  return prefix === undefined ? { kind: "word", word: ref } : { kind: "prefix", prefix };
}

/** The canonical form of the beginning of a UUID; undefined when the text is none. */
export function idPrefix(text: string): string | undefined {
  const digits = text.toLowerCase().replaceAll("-", "");
  if (digits.length < PREFIX_CHARS_MIN || !/^[0-9a-f]{1,32}$/.test(digits)) return undefined;
  const groups = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ];
  return groups.filter(Boolean).join("-");
}

/** Splits `OBJECT@REVISION`; undefined when the text does not end in a revision. */
export function splitRevision(ref: string): { ref: string; revision: string } | undefined {
  const match = REVISION_SUFFIX.exec(ref);
  return match === null ? undefined : { ref: match[1] as string, revision: match[2] as string };
}
