import { SynclineError } from "./errors.ts";

/** The keys of a JSON pointer (RFC 6901). Throws `INVALID_POINTER`. */
export function parsePointer(pointer: string): string[] {
  if (pointer === "") return [];
  const isEscaped = pointer.includes("~");
  if (!pointer.startsWith("/") || (isEscaped && /~(?![01])/.test(pointer))) {
    throw new SynclineError("INVALID_POINTER", `not a JSON pointer: ${pointer.slice(0, 80)}`, {
      where: pointer.slice(0, 200),
      hint: 'a pointer starts with "/"; write "/" inside a key as "~1" and "~" as "~0"',
    });
  }
  const keys = pointer.slice(1).split("/");
  return isEscaped ? keys.map(unescapeKey) : keys;
}

/** The JSON pointer of a list of keys. */
export function printPointer(keys: readonly string[]): string {
  return keys.map((key) => `/${escapeKey(key)}`).join("");
}

/** A key as it stands inside a pointer. */
export function escapeKey(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}

function unescapeKey(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** True when `path` lies strictly below `above`. */
export function isBelow(path: string, above: string): boolean {
  return path.length > above.length && path.startsWith(above) && path[above.length] === "/";
}
