import type { ObjectId } from "../base/ids.ts";
import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";

/** The name of an object type; the known ones are in `KNOWN_TYPES`, others are carried as they are. */
export type ObjectType = string;

/** An object as it is stored: maps of maps of scalars, its id outside. */
export interface StoredObject {
  readonly id: ObjectId;
  readonly type: ObjectType;
  readonly content: JsonObject;
}

/** How the edge finds referenced objects, to print their names. */
export interface ReferenceLookup {
  /** The stored content of an object; undefined when there is none here: the reference is hidden. */
  content(id: string): JsonObject | undefined;
  /** The object that stands for the class of aliases; left out where there are none. */
  canonical?(id: string): string;
}

/** The reserved key that marks a unit (an object, a resource, a relationship) as deleted. */
export const DELETED = "@deleted";

/** True when the object, or the keyed member, that has this content is deleted. */
export function isDeleted(content: JsonObject): boolean {
  return content[DELETED] === true;
}

/**
 * The document a reader sees: content without flagged units, at every depth, and without the maps
 * that this empties. Undefined when the object itself is deleted.
 */
export function visibleDocument(content: JsonObject): JsonObject | undefined {
  return isDeleted(content) ? undefined : (visibleMembers(content) ?? {});
}

/** The visible part of a value: undefined for a flagged map, or a map of nothing but such maps. */
export function visibleValue(value: Json): Json | undefined {
  if (!isJsonObject(value)) return value;
  return isDeleted(value) ? undefined : visibleMembers(value);
}

/** The visible members of a map whatever its own flag says; undefined when there are none. */
export function visibleMembers(map: JsonObject): JsonObject | undefined {
  const visible: MutableJsonObject = {};
  let empty = true;
  for (const key in map) {
    if (key === DELETED) continue;
    const value = visibleValue(map[key] as Json);
    if (value === undefined) continue;
    visible[key] = value;
    empty = false;
  }
  return empty ? undefined : visible;
}

/** The members of a container such as `/tags`; none when it is absent or no map. */
export function mapAt(content: JsonObject, key: string): JsonObject {
  const value = content[key];
  return isJsonObject(value) ? value : {};
}
