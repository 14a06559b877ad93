import { canonicalize } from "../base/canonical.ts";
import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { type Types, typeDefinition } from "./types.ts";

/*
 * A newer version of a schema may give a top-level field another name. What is stored is never
 * rewritten for that: records, contents and merges keep the paths that their authors wrote, so that
 * merging is the same whoever does it. Only reading knows of names, and whoever edits a field that
 * has another name by now writes the new one and removes the old one.
 */

/** Stored content as the present version of its type's schema names its fields. */
export function readForm(type: string, content: JsonObject, types: Types): JsonObject {
  let read: MutableJsonObject | undefined;
  for (const [field, before] of renamedIn(type, content, types)) {
    read ??= { ...content };
    read[field] = content[before] as Json;
    delete read[before];
  }
  return read ?? content;
}

/**
 * The content to store for a desired one in {@link readForm}: fields that nobody changed stay under
 * the name that they are stored by.
 */
export function storedForm(
  type: string,
  stored: JsonObject,
  desired: JsonObject,
  types: Types,
): JsonObject {
  let kept: MutableJsonObject | undefined;
  for (const [field, before] of renamedIn(type, stored, types)) {
    if (Object.hasOwn(desired, before) || !Object.hasOwn(desired, field)) continue;
    if (canonicalize(desired[field] as Json) !== canonicalize(stored[before] as Json)) continue;
    kept ??= { ...desired };
    kept[before] = stored[before] as Json;
    delete kept[field];
  }
  return kept ?? desired;
}

/** The fields that are read from another one: theirs is there, their own is not. */
function renamedIn(type: string, content: JsonObject, types: Types): [string, string][] {
  const { renamed } = typeDefinition(type, types);
  if (renamed === undefined) return [];
  return Object.entries(renamed).filter(([field, before]) => {
    return Object.hasOwn(content, before) && !Object.hasOwn(content, field);
  });
}
