import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import { appended, reordered } from "./reorder.ts";
import { DELETED, isDeleted, visibleValue } from "./stored.ts";
import type { TypeDefinition } from "./type-definition.ts";
import { TYPES, type Types, typeDefinition } from "./types.ts";

const NOTHING: JsonObject = {};

/** What says who may see an object. CKAN has one field for the state before and for the deletion. */
const PUBLICITY = ["private", "state"];

/**
 * What stored content becomes when a person replaces the document by `desired` (stored form, as
 * {@link fromCkan} gives it).
 *
 * Units that `desired` lacks (resources, relationships) are flagged and keep their leaves, hidden;
 * units that reappear lose the flag; other leaves that `desired` lacks go. What is hidden already
 * stays hidden. Positions change only where the order does, so importing the same dump again
 * changes nothing, whatever positions were given since. What is deleted stays as public as it was,
 * unless `desired` says otherwise: a draft is none any less. Without `current`: `desired` itself.
 */
export function replaceContent(
  type: string,
  current: JsonObject | undefined,
  desired: JsonObject,
  types: Types = TYPES,
): JsonObject {
  if (current === undefined) return desired;
  const wanted = isDeleted(desired) ? asPublicAs(current, desired) : desired;
  return replaced(typeDefinition(type, types), current, wanted, reordered);
}

function asPublicAs(current: JsonObject, desired: JsonObject): JsonObject {
  const silent = PUBLICITY.filter((key) => Object.hasOwn(current, key) && !(key in desired));
  if (silent.length === 0) return desired;
  return { ...desired, ...Object.fromEntries(silent.map((key) => [key, current[key] as Json])) };
}

/**
 * As {@link replaceContent}, for the visible document as a person patched it: positions are what the
 * patch made them, and a new resource without one comes last.
 */
export function patchContent(
  type: string,
  current: JsonObject,
  document: JsonObject,
  types: Types = TYPES,
): JsonObject {
  return replaced(typeDefinition(type, types), current, document, appended);
}

/** Gives the resources to be stored their positions, knowing the old and the desired ones. */
type Placing = (before: JsonObject, replaced: JsonObject, desired: JsonObject) => JsonObject;

function replaced(
  { units }: TypeDefinition,
  current: JsonObject,
  desired: JsonObject,
  place: Placing,
): JsonObject {
  const result: MutableJsonObject = {};
  for (const key in desired) {
    const value = desired[key] as Json;
    if (!units.has(key)) result[key] = replaceValue(current[key], value);
    else if (key !== "resources") result[key] = replaceUnits(current[key], value);
    else result[key] = placedUnits(current[key], value, place);
  }
  for (const key in current) {
    if (Object.hasOwn(desired, key)) continue;
    const value = current[key] as Json;
    const isUnits = units.has(key) && visibleValue(value) !== undefined;
    const kept = isUnits ? replaceUnits(value, NOTHING) : hiddenPart(value);
    if (kept !== undefined && kept !== NOTHING) result[key] = kept;
  }
  return result;
}

/** A container of units; an empty list stands for "no members" where there were some. */
function replaceUnits(current: Json | undefined, desired: Json): Json {
  if (!isJsonObject(current)) return desired;
  const wanted = isJsonObject(desired) ? desired : NOTHING;
  const result: MutableJsonObject = {};
  for (const key in wanted) result[key] = replaceUnit(current[key], wanted[key] as Json);
  for (const key in current) {
    if (Object.hasOwn(wanted, key)) continue;
    const unit = current[key] as Json;
    if (!isJsonObject(unit)) continue;
    // Nobody could see it, deleted or holding nothing but what is: so nobody takes it away.
    const wasHidden = visibleValue(unit) === undefined;
    result[key] = wasHidden ? unit : { ...unit, [DELETED]: true };
  }
  return Object.keys(result).length === 0 ? desired : result;
}

function replaceUnit(current: Json | undefined, desired: Json): Json {
  if (isJsonObject(desired) && isDeleted(desired) && isJsonObject(current)) {
    return isDeleted(current) ? current : { ...current, [DELETED]: true };
  }
  return replaceValue(current, desired);
}

/** A value outside any unit's key: leaves are replaced, hidden parts of maps are kept. */
function replaceValue(current: Json | undefined, desired: Json): Json {
  if (!isJsonObject(desired) || !isJsonObject(current)) return desired;
  let result: MutableJsonObject | undefined;
  for (const key in desired) {
    const before = current[key];
    const wanted = desired[key] as Json;
    const value = isJsonObject(before) ? replaceValue(before, wanted) : wanted;
    if (value === wanted) continue;
    result ??= { ...desired };
    result[key] = value;
  }
  for (const key in current) {
    const before = current[key] as Json;
    if (!isJsonObject(before) || Object.hasOwn(desired, key)) continue;
    const kept = hiddenPart(before);
    if (kept === undefined) continue;
    result ??= { ...desired };
    result[key] = kept;
  }
  return result ?? desired;
}

/** The flagged maps at or below a value that a document lacks; undefined when there are none. */
function hiddenPart(value: Json): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  if (isDeleted(value)) return value;
  const kept: MutableJsonObject = {};
  let empty = true;
  for (const key in value) {
    const part = hiddenPart(value[key] as Json);
    if (part === undefined) continue;
    kept[key] = part;
    empty = false;
  }
  return empty ? undefined : kept;
}

function placedUnits(before: Json | undefined, desired: Json, place: Placing): Json {
  const units = replaceUnits(before, desired);
  if (!isJsonObject(desired) || !isJsonObject(units)) return units;
  return place(isJsonObject(before) ? before : NOTHING, units, desired);
}
