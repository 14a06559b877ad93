import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";

/** The fields of a scenario in CKAN form: `tags: [water]` and `extras: {key: value}` written out. */
export function ckanValue(value: JsonObject): JsonObject {
  const { tags, extras } = value;
  return {
    ...value,
    ...(Array.isArray(tags) ? { tags: tags.map(tagOf) } : {}),
    ...(isJsonObject(extras) ? { extras: Object.entries(extras).map(extraOf) } : {}),
  };
}

function tagOf(tag: Json): Json {
  return typeof tag === "string" ? { name: tag } : tag;
}

function extraOf([key, value]: [string, Json]): JsonObject {
  return { key, value };
}

/** Fields as `value` of a check has them: lists of tags as their names, extras as a map. */
export function shownValue(ckan: JsonObject): JsonObject {
  const { tags, extras } = ckan;
  return {
    ...ckan,
    ...(Array.isArray(tags) ? { tags: tags.map(nameOf).sort() } : {}),
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
