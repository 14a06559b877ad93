import { canonicalize } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { type ActorId, isActorId, isUuid } from "../base/ids.ts";
import { parseCanonical } from "../base/ingress/parse-canonical.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import {
  AUTHOR_CHARS_MAX,
  CONTROL_RECORDS_BYTES_MAX,
  MESSAGE_CHARS_MAX,
  PARENTS_MAX,
  POLICY_RECORD_BYTES_MAX,
} from "../base/limits.ts";
import { parsePolicy } from "../merge/parse-policy.ts";
import type { Policy } from "../merge/policy.ts";
import { checkIds } from "../model/check-envelope.ts";
import { RECORD_VERSION } from "../model/record.ts";

/** One change of the policy: the whole document, and the policies that it takes the place of. */
export interface PolicyRecord {
  readonly v: 1;
  readonly id: string;
  /** Sorted; empty for the first one. */
  readonly parents: readonly string[];
  readonly actor: ActorId;
  readonly hlc: number;
  readonly author: string;
  readonly message: string;
  readonly policy: Policy;
}

const FIELDS = ["actor", "author", "hlc", "id", "message", "parents", "policy", "v"];

/** A policy record as canonical text. */
export function sealPolicyRecord(record: PolicyRecord): string {
  return canonicalize(record as unknown as JsonObject);
}

/** Parses and checks one record. Throws `INVALID_POLICY` and what canonical JSON throws. */
export function parsePolicyRecord(text: string): PolicyRecord {
  const { value } = parseCanonical(Buffer.from(text), { bytesMax: POLICY_RECORD_BYTES_MAX });
  // It travels inside a message, where quotes and backslashes are escaped once more.
  if (Buffer.byteLength(JSON.stringify(text)) >= CONTROL_RECORDS_BYTES_MAX) {
    throw invalid("is too long to be sent: shorten its message");
  }
  if (!isJsonObject(value) || Object.keys(value).sort().join() !== FIELDS.join()) {
    throw invalid(`has not exactly the fields ${FIELDS.join(", ")}`);
  }
  if (value.v !== RECORD_VERSION) throw invalid(`is of another version than ${RECORD_VERSION}`);
  if (!isUuid(value.id) || !isActorId(value.actor)) throw invalid("has no proper id and actor");
  if (!Number.isSafeInteger(value.hlc) || (value.hlc as number) < 1) throw invalid("has no time");
  checkText(value.author, AUTHOR_CHARS_MAX);
  checkText(value.message, MESSAGE_CHARS_MAX);
  const { parents } = value;
  if (!Array.isArray(parents) || parents.length > PARENTS_MAX) throw invalid("has no parents");
  checkIds(parents, "/parents");
  parsePolicy(value.policy as Json);
  return value as unknown as PolicyRecord;
}

function checkText(text: Json | undefined, charsMax: number): void {
  if (typeof text !== "string" || text.length > charsMax) throw invalid("has no proper text");
}

function invalid(why: string): SynclineError {
  return new SynclineError("INVALID_POLICY", `a policy record ${why}`);
}
