import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import type { ObjectId } from "../base/ids.ts";
import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { checkKey, inside, invalid } from "./invalid.ts";
import { DELETED, type StoredObject } from "./stored.ts";
import type { ReadContext, TypeDefinition } from "./type-definition.ts";
import { TYPES, type Types, typeDefinition } from "./types.ts";
import { storedValue } from "./values.ts";
import { SECRET_FIELDS } from "./volatile.ts";

const SECRETS = new Set(SECRET_FIELDS);

/** An object read from CKAN's form, with the objects found inside it. */
export interface ReadObject {
  readonly object: StoredObject;
  /** Organizations, groups, tags and vocabularies, to be created when absent; by type, then id. */
  readonly embedded: StoredObject[];
}

/**
 * Reads one object in CKAN's form, already parsed. The result depends on nothing but the input:
 * the same dump gives the same ids and content on every site.
 *
 * Volatile fields and secrets are dropped, lists become keyed maps, other objects become nested
 * maps, other lists stay indivisible values, and objects that hold nothing vanish.
 * Throws `INVALID_OBJECT` or `FORBIDDEN_KEY`, with the JSON pointer in `where`.
 */
export function fromCkan(type: string, input: JsonObject, types: Types = TYPES): ReadObject {
  const embedded = new Map<string, StoredObject>();
  const object = readObject(type, input, "", { types, embedded });
  if (Object.keys(object.content).length === 0) {
    throw invalid(`the ${type} holds nothing to store`, "", 'give it at least a "name"');
  }
  embedded.delete(object.id);
  return { object, embedded: inTypeOrder(embedded) };
}

/** What reading one form goes by, and what it found inside. */
export interface Reading {
  readonly types: Types;
  readonly embedded: Map<string, StoredObject>;
}

/** The fields of a CKAN-form object as stored content, whoever it belongs to. */
export function readFields(
  definition: TypeDefinition,
  id: ObjectId,
  input: JsonObject,
  where: string,
  reading: Reading,
): MutableJsonObject {
  const content: MutableJsonObject = {};
  const context: ReadContext = {
    id,
    type: definition.name,
    where,
    embed: (type, form, place) => embed(type, form, place, reading),
  };
  for (const key in input) {
    if (definition.dropped.has(key)) continue;
    const value = readField(definition, key, input[key] as Json, context);
    if (value !== undefined) content[key] = value;
  }
  if (input.state === "deleted") content[DELETED] = true;
  else if (typeof input.state === "string" && input.state !== "active") content.state = input.state;
  definition.finishStored?.(content, input, context);
  return content;
}

function readField(
  definition: TypeDefinition,
  key: string,
  value: Json,
  context: ReadContext,
): Json | undefined {
  checkKey(key, context.where);
  const list = Object.hasOwn(definition.lists, key) ? definition.lists[key] : undefined;
  if (list !== undefined) return list.read(value, context);
  if (value === null || typeof value !== "object") return value;
  return storedValue(value, inside(context.where, key), SECRETS);
}

function readObject(
  type: string,
  input: JsonObject,
  where: string,
  reading: Reading,
): StoredObject {
  const definition = typeDefinition(type, reading.types);
  const id = definition.identify(input, where);
  return { id, type, content: readFields(definition, id, input, where, reading) };
}

/**
 * Objects given by id alone are not noted: nothing is known to create them from. Of several forms of
 * one object the one whose text sorts first counts, so that the order of a list never matters.
 */
function embed(type: string, input: JsonObject, where: string, reading: Reading): ObjectId {
  const definition = typeDefinition(type, reading.types);
  const id = definition.identify(input, where);
  if (input.name === undefined) return id;
  const content = readFields(definition, id, input, where, reading);
  const known = reading.embedded.get(id);
  if (known === undefined || canonicalize(content) < canonicalize(known.content)) {
    reading.embedded.set(id, { id, type, content });
  }
  return id;
}

/** Embedded objects in one order, whatever the order of the lists they came from. */
export function inTypeOrder(embedded: ReadonlyMap<string, StoredObject>): StoredObject[] {
  return [...embedded.values()].sort(
    (a, b) => compareCodeUnits(a.type, b.type) || compareCodeUnits(a.id, b.id),
  );
}
