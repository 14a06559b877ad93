import type { Json, JsonObject, MutableJsonObject } from "../../base/json.ts";
import { referencedId } from "../identity.ts";

/** A field that says which object is meant: the names it is given under, and the type it names. */
export interface End {
  /** The stored name, then the columns of CKAN that are read as the same. */
  readonly fields: readonly [stored: string, ...columns: string[]];
  readonly type: string;
}

/** The id that one end of an object in CKAN's form names; undefined when it is not given. */
export function endOf(input: JsonObject, { fields, type }: End): string | undefined {
  const given = givenAt(input, fields);
  return given === undefined ? undefined : referencedId(type, given);
}

/** Text that is not empty under the first of these names that has any. */
export function givenAt(input: JsonObject, fields: readonly string[]): string | undefined {
  for (const field of fields) {
    const value = textIn(input[field]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The type that a form's table says; this one unless it says any. */
export function tableOf(form: JsonObject, otherwise: string): readonly string[] {
  return [givenAt(form, ["table", "table_name"]) ?? otherwise];
}

/** Text that is not empty. */
export function textIn(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Sets the fields that have a value; the columns that they were read from, or printed from, go. */
export function storeFields(
  content: MutableJsonObject,
  values: Readonly<Record<string, Json | undefined>>,
  columns: readonly string[],
): void {
  for (const column of columns) {
    // Whatever else stands there is for the schema to judge.
    if (typeof content[column] === "string" || content[column] === null) delete content[column];
  }
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) content[key] = value;
  }
}
