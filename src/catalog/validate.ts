import type { z } from "zod";
import { SynclineError } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import { DOCUMENT_BYTES_MAX, JSON_DEPTH_MAX, KEY_CHARS_MAX } from "../base/limits.ts";
import { printPointer } from "../base/pointer.ts";
import { printedBytesMax } from "../base/printed-size.ts";
import { acceptanceOf } from "./acceptance.ts";
import { refuseForeignFields } from "./foreign-fields.ts";
import { inside, invalid } from "./invalid.ts";
import { DELETED } from "./stored.ts";
import { TYPES, type Types, typeDefinition } from "./types.ts";

/**
 * Checks an object that a dump brings: the shape that all stored content has (maps that are not
 * empty, flags that are true, keys and sizes within limits), then its values as
 * {@link validateWritten} does. Throws `INVALID_OBJECT` with the JSON pointer in `where`.
 */
export function validateContent(type: string, content: JsonObject, types: Types = TYPES): void {
  const charsMax = checkMap(content, "", 1);
  // Three bytes of UTF-8 per UTF-16 unit at most: only large documents are measured exactly.
  if (charsMax * 3 > DOCUMENT_BYTES_MAX) checkBytes(content);
  validateWritten(type, content, "dump", types);
}

/**
 * Checks values that a change writes, as a content that holds nothing else: no field that is dropped
 * at the door, and what belongs in the fields of the type. A dump may hold what the code can live
 * with; what a person writes has to fit. Nothing is asked of types not known here. Throws
 * `INVALID_OBJECT` with the JSON pointer in `where`.
 */
export function validateWritten(
  type: string,
  written: JsonObject,
  source: "dump" | "person",
  types: Types = TYPES,
): void {
  refuseForeignFields(type, [], written);
  const { schema, authored } = typeDefinition(type, types);
  if (source === "dump" && acceptanceOf(schema)(written)) return;
  const result = (source === "dump" ? schema : authored).safeParse(written);
  if (!result.success) throw schemaError(type, result.error);
}

/** Checks a map and gives an upper bound of the characters it prints. */
function checkMap(map: JsonObject, where: string, depth: number): number {
  if (depth > JSON_DEPTH_MAX) {
    throw invalid(
      `nested deeper than ${JSON_DEPTH_MAX}`,
      where,
      "flatten the value, or store it as text",
    );
  }
  let chars = 2;
  let empty = true;
  for (const key in map) {
    empty = false;
    const value = map[key] as Json;
    checkStoredKey(key, value, where);
    chars += key.length + 4;
    if (typeof value === "string") chars += value.length + 2;
    else if (value === null || typeof value !== "object") chars += 25;
    else if (isJsonObject(value)) chars += checkMap(value, inside(where, key), depth + 1);
    else chars += printedBytesMax(value);
  }
  if (empty) throw invalid("an empty map", where, "leave the field out");
  return chars;
}

function checkStoredKey(key: string, value: Json, where: string): void {
  if (key === DELETED) {
    if (value === true) return;
    throw invalid(
      `"${DELETED}" is not true`,
      inside(where, key),
      "a deletion is the flag true; to undelete, remove the flag",
    );
  }
  if (key === "__proto__" || key === "constructor" || key === "prototype") {
    throw invalid(`the key "${key}" is not allowed`, where, "rename the field");
  }
  if (key.length > KEY_CHARS_MAX) {
    throw invalid(`a key is longer than ${KEY_CHARS_MAX} characters`, where, "shorten the key");
  }
}

function checkBytes(content: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes <= DOCUMENT_BYTES_MAX) return;
  throw invalid(
    `the object has ${bytes} bytes, more than ${DOCUMENT_BYTES_MAX}`,
    "",
    "split it, or move large values to files that resources point at",
  );
}

/** Messages of our own schemas say what was expected, and after a semicolon what to do. */
function schemaError(type: string, error: z.ZodError): SynclineError {
  const issue = deepest(error.issues[0] as z.core.$ZodIssue);
  const where = printPointer(issue.path.map(String));
  const [expected = "", advice] = issue.message.split("; ");
  const hint = advice ?? schemaHint(type, where);
  const details = { where, hint, cause: error };
  return new SynclineError("INVALID_OBJECT", `not a valid ${type}: ${expected}`, details);
}

function schemaHint(type: string, where: string): string {
  if (where === "") return `see the form of a ${type}`;
  if (where === "/state")
    return "delete or undelete the object: syncline delete, syncline undelete";
  return `change ${where} of the ${type}`;
}

/** The issue to show for a union or a key: the first branch says best what was expected. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union" && issue.code !== "invalid_key") return issue;
  const first = issue.code === "invalid_key" ? issue.issues[0] : issue.errors[0]?.[0];
  return first === undefined ? issue : deepest({ ...first, path: [...issue.path, ...first.path] });
}
