import { SynclineError } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import { KEY_CHARS_MAX } from "../base/limits.ts";
import { escapeKey } from "../base/pointer.ts";
import { DELETED } from "./stored.ts";

/** An `INVALID_OBJECT` error; `where` is the JSON pointer of what does not fit. */
export function invalid(message: string, where: string, hint: string): SynclineError {
  return new SynclineError("INVALID_OBJECT", message, { where, hint });
}

/** The pointer of a member of what `where` points at. */
export function inside(where: string, key: string | number): string {
  return `${where}/${typeof key === "number" ? key : escapeKey(key)}`;
}

/**
 * Refuses keys that cannot be stored: the reserved flag, the ones JavaScript gives a meaning to
 * (they can arrive as the *value* of an extra's key, past any check of JSON keys), and very long
 * ones. Throws `FORBIDDEN_KEY` or `INVALID_OBJECT`.
 */
export function checkKey(key: string, where: string): void {
  if (key === DELETED) {
    throw new SynclineError("FORBIDDEN_KEY", `the key "${DELETED}" is reserved`, {
      where,
      hint: 'to delete an object or a resource, give it "state": "deleted"; else rename the field',
    });
  }
  if (key === "__proto__" || key === "constructor" || key === "prototype") {
    throw new SynclineError("FORBIDDEN_KEY", `the key "${key}" is not allowed`, {
      where,
      hint: "rename the field",
    });
  }
  if (key.length > KEY_CHARS_MAX) {
    throw invalid(`a key is longer than ${KEY_CHARS_MAX} characters`, where, "shorten the key");
  }
}

/** A list as it came: null and absent count as empty. Throws `INVALID_OBJECT` for anything else. */
export function listAt(value: Json | undefined, where: string): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw invalid("not a list", where, "give a JSON list here, possibly empty");
}

/** A member that must be a JSON object. Throws `INVALID_OBJECT`. */
export function objectAt(value: Json | undefined, where: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw invalid("not a JSON object", where, "give an object with named fields here");
}
