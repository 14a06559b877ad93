import type { JsonObject } from "../base/json.ts";
import { nameSpace } from "../names/claim.ts";

/** The authored name of an object, deleted or not; undefined for types without one. */
export function nameOf(_type: string, content: JsonObject): string | undefined {
  const { name } = content;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** The name space of an object: tags have one for each vocabulary. */
export function nameSpaceOf(type: string, { vocabulary_id: vocabulary }: JsonObject): string {
  return nameSpace(type, typeof vocabulary === "string" ? vocabulary : undefined);
}
