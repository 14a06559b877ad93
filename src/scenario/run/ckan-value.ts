import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";

/** The fields of a scenario in CKAN form: `tags: [water]`, `groups: [parks]`, `extras: {key: value}` written out. */
export function ckanValue(value: JsonObject): JsonObject {
  const { tags, groups, extras } = value;
  return {
    ...value,
    ...(Array.isArray(tags) ? { tags: tags.map(named) } : {}),
    ...(Array.isArray(groups) ? { groups: groups.map(named) } : {}),
    ...(isJsonObject(extras) ? { extras: Object.entries(extras).map(extraOf) } : {}),
  };
}

function named(one: Json): Json {
  return typeof one === "string" ? { name: one } : one;
}

function extraOf([key, value]: [string, Json]): JsonObject {
  return { key, value };
}

/** Fields as `value` of a check has them: lists of tags and groups as their names, extras as a map. */
export function shownValue(ckan: JsonObject): JsonObject {
  const { tags, groups, extras } = ckan;
  return {
    ...ckan,
    ...(Array.isArray(tags) ? { tags: tags.map(nameOf).sort() } : {}),
    ...(Array.isArray(groups) ? { groups: groups.map(nameOf).sort() } : {}),
    ...(Array.isArray(extras) ? { extras: Object.fromEntries(extras.map(pairOf)) } : {}),
  };
}

function nameOf(tag: Json): string {
  return isJsonObject(tag) ? String(tag.name) : String(tag);
}

function pairOf(extra: Json): [string, Json] {
  const { key = "", value = null } = isJsonObject(extra) ? extra : {};
  return [String(key), value];
}
