import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";

/** A value at a path; undefined for a removal. */
export type Leaf = readonly [path: string, value: Json | undefined];

/** The leaves of a content, or of a map at a path. */
export function leavesOf(value: JsonObject, path = ""): [path: string, value: Json][] {
  return Object.entries(value).flatMap(([key, member]): [string, Json][] => {
    const inner = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return isJsonObject(member) ? leavesOf(member, inner) : [[inner, member]];
  });
}
