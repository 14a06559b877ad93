/** A JSON value. Everything that is stored, hashed or sent is one of these. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object with string keys. */
export type JsonObject = { readonly [key: string]: Json };

/** A JSON object that is still being built. */
export type MutableJsonObject = { [key: string]: Json };

/** True for maps; arrays and null are values, not maps. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
