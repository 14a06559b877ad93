import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import { uuidOf } from "./identity.ts";
import { inside, invalid } from "./invalid.ts";

/** The lists of CKAN's form whose members have ids. */
const LISTS = ["resources", "tags", "groups"];

/**
 * Refuses in a CKAN form that a person wrote what the reader of dumps passes over in silence, so that
 * nobody is told "done" about something that is not stored: ids that are no UUIDs, a state or
 * vocabulary that is no text, extras that hold nothing. Throws `INVALID_OBJECT`.
 */
export function checkForm(form: JsonObject): void {
  checkId(form, "");
  checkText(form, "state");
  checkText(form, "vocabulary_id");
  for (const field of LISTS) {
    for (const [key, member] of membersOf(form[field])) {
      if (isJsonObject(member)) checkId(member, inside(inside("", field), key));
    }
  }
  for (const [key, extra] of membersOf(form.extras)) {
    const where = inside("/extras", key);
    if (!Array.isArray(form.extras)) checkExtra(extra, where);
    else if (isJsonObject(extra)) checkExtra(extra.value, inside(where, "value"));
  }
}

function membersOf(value: Json | undefined): [string, Json][] {
  return value !== null && typeof value === "object" ? Object.entries(value) : [];
}

function checkId({ id }: JsonObject, where: string): void {
  if (id === undefined || id === null || id === "" || uuidOf(id) !== undefined) return;
  throw invalid("expected a UUID", inside(where, "id"), "leave the id out, and one is made");
}

function checkText(form: JsonObject, field: string): void {
  const value = form[field];
  if (value === undefined || value === null || typeof value === "string") return;
  throw invalid("expected text", inside("", field), "put it in quotes, or leave it out");
}

function checkExtra(value: Json | undefined, where: string): void {
  if (!isJsonObject(value) || Object.keys(value).length > 0) return;
  throw invalid("expected text", where, "an empty map is not stored: leave the extra out");
}
