import { SynclineError } from "../base/errors.ts";
import { isForbiddenKey } from "../base/ingress/survey.ts";
import { DOCUMENT_DEPTH_MAX, KEY_CHARS_MAX, POINTER_CHARS_MAX } from "../base/limits.ts";
import { parsePointer } from "../base/pointer.ts";

/**
 * The keys of a path in a patch or pin. Throws `INVALID_POINTER` (also for a path or key that is
 * too long), `FORBIDDEN_KEY`, `TOO_DEEP`.
 */
export function checkPath(path: string): string[] {
  if (path.length > POINTER_CHARS_MAX) throw tooLong(path);
  const keys = parsePointer(path);
  if (keys.length > DOCUMENT_DEPTH_MAX) throw pathTooDeep(path);
  for (const key of keys) checkKey(key, path);
  return keys;
}

/** Refuses a key that must not stand in stored content; `path` says where it stands. */
export function checkKey(key: string, path: string): void {
  if (isForbiddenKey(key)) {
    throw new SynclineError("FORBIDDEN_KEY", `the key "${key}" is not allowed`, {
      where: shorten(path),
      hint: "choose another name for the key",
    });
  }
  if (key.length > KEY_CHARS_MAX) {
    throw new SynclineError("INVALID_POINTER", `a key is over ${KEY_CHARS_MAX} characters`, {
      where: shorten(path),
    });
  }
}

/** The error for a path whose pointer is over the limit. */
export function tooLong(path: string): SynclineError {
  return new SynclineError("INVALID_POINTER", `a path is over ${POINTER_CHARS_MAX} characters`, {
    where: shorten(path),
  });
}

/** The error for a path or value that nests deeper than a document may. */
export function pathTooDeep(path: string): SynclineError {
  return new SynclineError("TOO_DEEP", `nested deeper than ${DOCUMENT_DEPTH_MAX} levels`, {
    where: shorten(path),
    hint: "flatten the document",
  });
}

/** A path for a message: never more than 80 characters of what came in. */
export function shorten(path: string): string {
  return path.length <= 80 ? path : `${path.slice(0, 79)}…`;
}
