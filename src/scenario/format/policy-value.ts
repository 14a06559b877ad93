import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";
import { DEFAULT_POLICY } from "../../merge/policy.ts";

const PRIORITY = "priority:";

/**
 * The whole policy document that a scenario's few fields stand for: what is left out is as in the
 * default, `priority:A,B` is a list of instances, and names of instances become their ids.
 */
export function policyValue(policy: JsonObject, idOf: (name: string) => string): JsonObject {
  const names = { ...(DEFAULT_POLICY.names as JsonObject), ...objectOf(policy.names) };
  const whole = { ...(DEFAULT_POLICY as unknown as JsonObject), ...policy, names };
  return withIds(whole, idOf) as JsonObject;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function withIds(value: Json, idOf: (name: string) => string): Json {
  if (typeof value === "string" && value.startsWith(PRIORITY)) {
    return { priority: value.slice(PRIORITY.length).split(",").map(idOf) };
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]): [string, Json] => {
    if (key === "priority" && Array.isArray(one)) return [key, one.map((name) => idOf(`${name}`))];
    return [key, withIds(one as Json, idOf)];
  });
  return Object.fromEntries(entries);
}
