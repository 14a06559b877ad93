import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import { inside, invalid } from "./invalid.ts";
import { mapAt } from "./stored.ts";
import { RESOURCE_VOLATILE_FIELDS, SECRET_FIELDS, VOLATILE_FIELDS } from "./volatile.ts";

const SECRETS = new Set(SECRET_FIELDS);
const VOLATILE = new Map(
  Object.entries(VOLATILE_FIELDS).map(([type, fields]) => [type, new Set(fields)]),
);
/** A resource's own position is stored, and a deleted one is flagged. */
const RESOURCE_VOLATILE = new Set(RESOURCE_VOLATILE_FIELDS.filter((key) => key !== "position"));

/** True for a field that no server may hand on, at the top level of an object of the type. */
export function isForeignField(type: string, key: string): boolean {
  return SECRETS.has(key) || VOLATILE.get(type)?.has(key) === true;
}

/**
 * Refuses stored content that holds what the door for CKAN's form drops: secrets anywhere in its
 * maps (the keys of extras are people's own), volatile fields of the object and its resources.
 * Throws `INVALID_OBJECT`.
 */
export function refuseForeignFields(type: string, content: JsonObject): void {
  for (const key in content) {
    if (isForeignField(type, key)) throw refusal(inside("", key));
    const value = content[key] as Json;
    if (key !== "extras" && isJsonObject(value)) refuseSecrets(value, inside("", key));
  }
  if (type === "package") refuseVolatileOfResources(mapAt(content, "resources"));
}

function refuseSecrets(map: JsonObject, where: string): void {
  for (const key in map) {
    if (SECRETS.has(key)) throw refusal(inside(where, key));
    const value = map[key] as Json;
    if (value !== null && typeof value === "object" && isJsonObject(value)) {
      refuseSecrets(value, inside(where, key));
    }
  }
}

function refuseVolatileOfResources(resources: JsonObject): void {
  for (const id in resources) {
    const resource = resources[id] as Json;
    if (!isJsonObject(resource)) continue;
    for (const key in resource) {
      if (RESOURCE_VOLATILE.has(key)) throw refusal(inside(inside("/resources", id), key));
    }
  }
}

function refusal(where: string): Error {
  return invalid(
    "a field that is never stored",
    where,
    "secrets stay on their server, and fields that a server derives are left out",
  );
}
