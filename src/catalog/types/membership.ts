import { z } from "zod";
import { namedId, type ObjectId } from "../../base/ids.ts";
import type { JsonObject, MutableJsonObject } from "../../base/json.ts";
import { referencedId, uuidOf } from "../identity.ts";
import { invalid } from "../invalid.ts";
import type { TypeDefinition } from "../type-definition.ts";
import { idSchema, textSchemas } from "./authored-parts.ts";
import { defineType } from "./define.ts";
import { stateSchema } from "./parts.ts";

/** CKAN's column names, and the names they are stored under. */
const COLUMNS = [
  ["group_id", "group"],
  ["table_name", "table"],
  ["table_id", "object"],
] as const;

/**
 * A membership: a user, package or group (`table`, `object`) in a group or organization (`group`),
 * with its capacity. CKAN's column names are read too.
 */
export const membershipType: TypeDefinition = defineType({
  name: "membership",
  schema: z.looseObject({
    group: z.string().optional(),
    table: z.string().optional(),
    object: z.string().optional(),
    state: stateSchema,
  }),
  authored: { group: idSchema, object: idSchema, ...textSchemas("table", "capacity") },
  fixed: { type: "membership" },
  identify(input, where) {
    const uuid = uuidOf(input.id);
    if (uuid !== undefined) return uuid as ObjectId;
    const { group, table, object } = ends(input);
    if (group === undefined || table === undefined || object === undefined) {
      throw invalid(
        "the membership has no UUID, and does not say what it connects",
        where === "" ? "/id" : where,
        'give "group", "table" and "object"',
      );
    }
    return namedId("membership", group, table, object) as ObjectId;
  },
  finishStored(content, input) {
    for (const [column] of COLUMNS) delete content[column];
    assignDefined(content, ends(input));
  },
  /** `group` can be an organization too: both live in one name space. It is given as a group. */
  references(content) {
    const { group, table, object } = content;
    const found = typeof group === "string" ? [{ id: group, type: "group" }] : [];
    return typeof table === "string" && typeof object === "string"
      ? [...found, { id: object, type: table }]
      : found;
  },
});

interface Ends {
  group: string | undefined;
  table: string | undefined;
  object: string | undefined;
}

function ends(input: JsonObject): Ends {
  const group = text(input.group ?? input.group_id);
  const table = text(input.table ?? input.table_name);
  const object = text(input.object ?? input.table_id);
  return {
    group: group === undefined ? undefined : referencedId("group", group),
    table,
    object: object === undefined ? undefined : referencedId(table ?? "user", object),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function assignDefined(content: MutableJsonObject, values: Ends): void {
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) content[key] = value;
  }
}
