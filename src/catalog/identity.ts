import { isUuid, namedId, type ObjectId } from "../base/ids.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { inside, invalid } from "./invalid.ts";

/** The value as a UUID in lower case; undefined when it is none. */
export function uuidOf(value: Json | undefined): string | undefined {
  if (typeof value !== "string" || value.length !== 36) return undefined;
  const lower = value.toLowerCase();
  return isUuid(lower) ? lower : undefined;
}

/** The non-empty name in a CKAN-form object; undefined when it has none. */
export function givenName(input: JsonObject, where: string): string | undefined {
  const name = input.name;
  if (name === undefined) return undefined;
  if (typeof name === "string" && name !== "") return name;
  throw invalid(
    "the name is not a non-empty string",
    inside(where, "name"),
    "give the object a name, the word that stands in its address",
  );
}

/**
 * The id of an object from outside: its own UUID in lower case, else UUIDv5 of type and name, so
 * that two sites that import the same dump agree. Throws `INVALID_OBJECT` with neither.
 */
export function idByName(type: string, input: JsonObject, where: string): ObjectId {
  const name = givenName(input, where);
  const uuid = uuidOf(input.id);
  if (uuid !== undefined) return uuid as ObjectId;
  if (name !== undefined) return rememberedId(type, name) as ObjectId;
  throw noIdentity(type, where);
}

/** The id of a tag: its own UUID, else {@link namedTagId}. Throws `INVALID_OBJECT` with neither. */
export function tagId(input: JsonObject, vocabulary: string | undefined, where: string): ObjectId {
  const name = givenName(input, where);
  const uuid = uuidOf(input.id);
  if (uuid !== undefined) return uuid as ObjectId;
  if (name !== undefined) return namedTagId(vocabulary, name);
  throw noIdentity("tag", where);
}

/** The id that follows from a tag's vocabulary (undefined for a free tag) and name. */
export function namedTagId(vocabulary: string | undefined, name: string): ObjectId {
  return rememberedId("tag", vocabulary ?? null, name) as ObjectId;
}

/** The id that a reference stands for: a UUID, else what an object of that name would get. */
export function referencedId(type: string, reference: string): string {
  return uuidOf(reference) ?? rememberedId(type, reference);
}

function noIdentity(type: string, where: string): Error {
  return invalid(
    `the ${type} has neither a UUID nor a name`,
    where === "" ? "/id" : where,
    'give it an "id" that is a UUID, or a "name" to make one from',
  );
}

const REMEMBERED_MAX = 20_000;
const remembered = new Map<string, string>();

/**
 * {@link namedId}, remembering recent answers: an import asks for the id of the same few tags
 * thousands of times. Only speed depends on what is remembered.
 */
function rememberedId(...parts: readonly (string | null)[]): string {
  const key = JSON.stringify(parts);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  const id = namedId(...parts);
  remembered.set(key, id);
  return id;
}
