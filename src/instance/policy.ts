import { checkJson } from "../base/ingress/check-json.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import type { PolicyInForce } from "../log/reader.ts";
import type { Attribution } from "./instance.ts";
import { instanceNamed } from "./instance-names.ts";
import type { InstanceParts } from "./parts.ts";

/** Changes the policy; instances in it may be named. Throws `INVALID_POLICY`, `USAGE`. */
export async function setPolicy(
  parts: InstanceParts,
  policy: Json,
  by: Attribution,
): Promise<PolicyInForce> {
  checkJson(policy);
  const message = by.message ?? "set the policy";
  const named = await withIds(parts, policy);
  return parts.store.changePolicy({ author: by.author, message, policy: named });
}

/** Takes the policy that a peer offered when both had changed theirs. Throws `POLICY_CONFLICT`. */
export async function adoptPolicy(
  parts: InstanceParts,
  peer: string,
  by: Attribution,
): Promise<PolicyInForce> {
  const adopt = await instanceNamed(parts, peer);
  const message = by.message ?? `adopt the policy of ${peer}`;
  return parts.store.changePolicy({ author: by.author, message, adopt });
}

/** The same document with ids where it names instances, which only `priority` lists do. */
async function withIds(parts: InstanceParts, value: Json): Promise<Json> {
  if (!isJsonObject(value)) return value;
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const isList = key === "priority" && Array.isArray(member);
    members.push([key, isList ? await ids(parts, member) : await withIds(parts, member as Json)]);
  }
  return Object.fromEntries(members) as JsonObject;
}

async function ids(parts: InstanceParts, list: readonly Json[]): Promise<Json[]> {
  const named: Json[] = [];
  for (const one of list)
    named.push(typeof one === "string" ? await instanceNamed(parts, one) : one);
  return named;
}
