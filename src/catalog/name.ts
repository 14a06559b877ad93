import type { JsonObject } from "../base/json.ts";

/** The authored name of an object, deleted or not; undefined for types without one. */
export function nameOf(_type: string, content: JsonObject): string | undefined {
  const { name } = content;
  return typeof name === "string" && name !== "" ? name : undefined;
}
