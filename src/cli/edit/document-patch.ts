import { sameJson } from "../../base/canonical.ts";
import { SynclineError } from "../../base/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";
import { escapeKey, printPointer } from "../../base/pointer.ts";
import type { FieldWrite } from "./set-option.ts";

/** An operation of RFC 6902, of the three kinds that editing makes. */
export type Operation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

/** The patch from one document to another. Lists are values: they change as a whole. */
export function documentPatch(from: JsonObject, to: JsonObject, path = ""): Operation[] {
  const operations: Operation[] = [];
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key)) operations.push({ op: "remove", path: below(path, key) });
  }
  for (const [key, value] of Object.entries(to)) {
    const at = below(path, key);
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    if (before === undefined) operations.push({ op: "add", path: at, value });
    else if (isJsonObject(before) && isJsonObject(value)) {
      operations.push(...documentPatch(before, value, at));
    } else if (!sameJson(before, value)) operations.push({ op: "replace", path: at, value });
  }
  return operations;
}

/**
 * The patch that writes fields. Maps on the way that are not there are made, as empty maps are
 * never stored. Throws `ARRAY_INDEX_PATH`, `INVALID_PATCH`.
 */
export function setPatch(document: JsonObject, writes: readonly FieldWrite[]): Operation[] {
  let edited = document;
  for (const write of writes) edited = withField(edited, write, 0);
  return documentPatch(document, edited);
}

function withField(map: JsonObject, write: FieldWrite, depth: number): JsonObject {
  const { keys, path, value } = write;
  const key = keys[depth];
  if (key === undefined) {
    throw new SynclineError("INVALID_PATCH", "the whole document cannot be set", {
      where: path,
      hint: "name a field, or use syncline edit without --set",
    });
  }
  if (depth === keys.length - 1) return { ...map, [key]: value };
  const next = Object.hasOwn(map, key) ? (map[key] as Json) : {};
  if (isJsonObject(next)) return { ...map, [key]: withField(next, write, depth + 1) };
  const at = printPointer(keys.slice(0, depth + 1));
  if (Array.isArray(next)) {
    throw new SynclineError("ARRAY_INDEX_PATH", "a member of a list has no path of its own", {
      where: path,
      hint: `positions do not merge; set the whole list: --set '${at}=[…]'`,
    });
  }
  throw new SynclineError("INVALID_PATCH", `there is a value at ${at}, not a map`, { where: path });
}

function below(path: string, key: string): string {
  return `${path}/${escapeKey(key)}`;
}
