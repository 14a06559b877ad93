import { SynclineError } from "../base/errors.ts";
import { isActorId, isUuid } from "../base/ids.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import {
  AUTHOR_CHARS_MAX,
  MESSAGE_CHARS_MAX,
  PARENTS_MAX,
  PATCH_LEAVES_MAX,
  PINS_MAX,
  TYPE_CHARS_MAX,
} from "../base/limits.ts";

const REVISION_FIELDS = [
  ...["v", "id", "object", "type", "parents", "actor", "seq", "hlc"],
  ...["changeset", "schema", "algorithm", "patch", "bodyHash"],
] as const;
const REVISION_OPTIONAL = ["pins", "resolves"] as const;
const CHANGESET_FIELDS = ["v", "id", "actor", "hlc", "author", "message"] as const;
const PURGE_FIELDS = ["v", "id", "object", "actor", "seq", "hlc", "reason"] as const;

export const TYPE_FORM: RegExp = /^[a-z][a-z0-9_-]*$/;
const SHA256_FORM = /^[0-9a-f]{64}$/;

/** Checks all fields of a revision but the insides of patch and pins. Throws `INVALID_RECORD`. */
export function checkRevision(value: JsonObject): void {
  checkFields(value, REVISION_FIELDS, REVISION_OPTIONAL);
  checkUuid(value, "id");
  checkUuid(value, "object");
  checkUuid(value, "changeset");
  checkActor(value);
  checkCount(value, "seq");
  checkCount(value, "hlc");
  checkCount(value, "schema");
  checkCount(value, "algorithm");
  checkText(value, "type", TYPE_CHARS_MAX);
  if (!TYPE_FORM.test(value.type as string)) throw invalid("/type", "is not a type's name");
  const bodyHash = value.bodyHash;
  if (typeof bodyHash !== "string" || !SHA256_FORM.test(bodyHash)) {
    throw invalid("/bodyHash", "is not 64 hexadecimal digits");
  }
  checkIds(listOf(value, "parents", PARENTS_MAX), "/parents");
  if ((value.parents as readonly Json[]).includes(value.id as Json)) {
    throw invalid("/parents", "names the revision itself");
  }
  listOf(value, "patch", PATCH_LEAVES_MAX);
  if (Object.hasOwn(value, "pins")) checkPinList(filledListOf(value, "pins", PINS_MAX));
  if (Object.hasOwn(value, "resolves")) {
    checkIds(filledListOf(value, "resolves", PINS_MAX), "/resolves");
  }
}

/** Checks all fields of a changeset. Throws `INVALID_RECORD`. */
export function checkChangeset(value: JsonObject): void {
  checkFields(value, CHANGESET_FIELDS, []);
  checkUuid(value, "id");
  checkActor(value);
  checkCount(value, "hlc");
  checkText(value, "author", AUTHOR_CHARS_MAX);
  checkText(value, "message", MESSAGE_CHARS_MAX);
}

/** Checks all fields of a purge. Throws `INVALID_RECORD`. */
export function checkPurge(value: JsonObject): void {
  checkFields(value, PURGE_FIELDS, []);
  checkUuid(value, "id");
  checkUuid(value, "object");
  checkActor(value);
  checkCount(value, "seq");
  checkCount(value, "hlc");
  checkText(value, "reason", MESSAGE_CHARS_MAX);
}

/** Checks that ids are UUIDs in strictly ascending order. Throws `INVALID_RECORD`. */
export function checkIds(ids: readonly Json[], where: string): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (!isUuid(id)) throw invalid(`${where}/${i}`, "is not a UUID in lower case");
    if (i > 0 && (ids[i - 1] as string) >= id) throw invalid(where, "is not sorted, each id once");
  }
}

function checkPinList(pins: readonly Json[]): void {
  let previous: string | undefined;
  for (let i = 0; i < pins.length; i++) {
    const pin = pins[i] as Json;
    const path = isJsonObject(pin) ? pin.path : undefined;
    if (typeof path !== "string") throw invalid(`/pins/${i}`, "is not a pin with a path");
    if (previous !== undefined && previous >= path) {
      throw invalid(`/pins/${i}`, "is out of order: pins are sorted, each path once");
    }
    previous = path;
  }
}

function checkFields(
  value: JsonObject,
  required: readonly string[],
  optional: readonly string[],
): void {
  let known = required.length;
  for (const field of required) {
    if (!Object.hasOwn(value, field)) throw invalid(`/${field}`, "is missing");
  }
  for (const field of optional) if (Object.hasOwn(value, field)) known++;
  const fields = Object.keys(value);
  if (fields.length === known) return;
  const extra = fields.find((field) => !required.includes(field) && !optional.includes(field));
  throw invalid(`/${extra?.slice(0, 60)}`, "is not a field of this record");
}

function checkUuid(value: JsonObject, field: string): void {
  if (!isUuid(value[field])) throw invalid(`/${field}`, "is not a UUID in lower case");
}

function checkActor(value: JsonObject): void {
  if (!isActorId(value.actor)) throw invalid("/actor", 'is not "<instance uuid>/<epoch uuid>"');
}

function checkCount(value: JsonObject, field: string): void {
  const count = value[field];
  if (!Number.isSafeInteger(count) || (count as number) < 1) {
    throw invalid(`/${field}`, "is not an integer from 1 to 2^53-1");
  }
}

function checkText(value: JsonObject, field: string, charsMax: number): void {
  const text = value[field];
  if (typeof text !== "string") throw invalid(`/${field}`, "is not text");
  if (text.length > charsMax) throw invalid(`/${field}`, `is over ${charsMax} characters`);
}

function listOf(value: JsonObject, field: string, itemsMax: number): readonly Json[] {
  const list = value[field];
  if (!Array.isArray(list)) throw invalid(`/${field}`, "is not a list");
  if (list.length > itemsMax) throw invalid(`/${field}`, `has over ${itemsMax} items`);
  return list as readonly Json[];
}

function filledListOf(value: JsonObject, field: string, itemsMax: number): readonly Json[] {
  const list = listOf(value, field, itemsMax);
  if (list.length === 0) throw invalid(`/${field}`, "is empty: leave it out");
  return list;
}

function invalid(where: string, why: string): SynclineError {
  return new SynclineError("INVALID_RECORD", `the record's ${where.slice(1)} ${why}`, { where });
}
