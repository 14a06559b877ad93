import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import { checkKey, inside } from "./invalid.ts";

/**
 * The stored form of any value from outside: scalars as they are, objects as nested maps, a list as
 * one indivisible value. Undefined for an object that holds nothing: empty maps do not exist.
 * Members named in `dropped` are left out at every depth of maps.
 */
export function storedValue(
  value: Json,
  where: string,
  dropped: ReadonlySet<string>,
): Json | undefined {
  if (value === null || typeof value !== "object") return value;
  if (isJsonObject(value)) return storedMap(value, where, dropped);
  for (let index = 0; index < value.length; index++) {
    checkInner(value[index] as Json, where, index);
  }
  return value;
}

/** As {@link storedValue}, for a map. */
export function storedMap(
  map: JsonObject,
  where: string,
  dropped: ReadonlySet<string>,
): JsonObject | undefined {
  const stored: MutableJsonObject = {};
  let empty = true;
  for (const key in map) {
    if (dropped.has(key)) continue;
    checkKey(key, where);
    const value = map[key] as Json;
    const kept =
      value === null || typeof value !== "object"
        ? value
        : storedValue(value, inside(where, key), dropped);
    if (kept === undefined) continue;
    stored[key] = kept;
    empty = false;
  }
  return empty ? undefined : stored;
}

/** Refuses reserved keys inside a list too, though a list is stored as it is. */
function checkInner(value: Json, where: string, key: string | number): void {
  if (value === null || typeof value !== "object") return;
  const here = inside(where, key);
  if (!isJsonObject(value)) {
    value.forEach((item, index) => {
      checkInner(item, here, index);
    });
    return;
  }
  for (const name in value) {
    checkKey(name, here);
    checkInner(value[name] as Json, here, name);
  }
}
