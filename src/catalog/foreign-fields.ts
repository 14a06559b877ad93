import { isJsonObject, type Json } from "../base/json.ts";
import { printPointer } from "../base/pointer.ts";
import { invalid } from "./invalid.ts";
import { RESOURCE_VOLATILE_FIELDS, SECRET_FIELDS, VOLATILE_FIELDS } from "./volatile.ts";

const SECRETS = new Set(SECRET_FIELDS);
/** By type, the fields that no server may hand on at the top level of an object. */
export const VOLATILE: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(VOLATILE_FIELDS).map(([type, fields]) => [type, new Set(fields)]),
);
/** A resource's own position is stored, and a deleted one is flagged. */
export const RESOURCE_VOLATILE: ReadonlySet<string> = new Set(
  RESOURCE_VOLATILE_FIELDS.filter((key) => key !== "position"),
);

/** True for a field that no server may hand on, at the top level of an object of the type. */
export function isForeignField(type: string, key: string): boolean {
  return SECRETS.has(key) || VOLATILE.get(type)?.has(key) === true;
}

/**
 * Refuses values that hold what the door for CKAN's form drops: secrets anywhere in maps (the keys
 * of extras are people's own), volatile fields of the object and its resources. `value` stands at
 * the path of `keys`; an empty path is the whole content. Throws `INVALID_OBJECT`.
 */
export function refuseForeignFields(type: string, keys: readonly string[], value: Json): void {
  for (let depth = 1; depth <= keys.length; depth++) refuseForeignKey(type, keys, depth);
  refuseForeignMembers(type, [...keys], value);
}

function refuseForeignMembers(type: string, keys: string[], value: Json): void {
  if (!isJsonObject(value) || keys[0] === "extras") return;
  for (const key in value) {
    keys.push(key);
    refuseForeignKey(type, keys, keys.length);
    refuseForeignMembers(type, keys, value[key] as Json);
    keys.pop();
  }
}

function refuseForeignKey(type: string, keys: readonly string[], depth: number): void {
  if (!isForeignKey(type, keys, depth)) return;
  throw invalid(
    "a field that is never stored",
    printPointer(keys.slice(0, depth)),
    "secrets stay on their server, and fields that a server derives are left out",
  );
}

/** True when the key at a depth of a path, counted from 1, is one that is never stored there. */
function isForeignKey(type: string, keys: readonly string[], depth: number): boolean {
  const key = keys[depth - 1] as string;
  if (depth === 1) return isForeignField(type, key);
  if (keys[0] === "extras") return false;
  const isOfResource = depth === 3 && type === "package" && keys[0] === "resources";
  return SECRETS.has(key) || (isOfResource && RESOURCE_VOLATILE.has(key));
}
