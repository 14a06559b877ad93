import { z } from "zod";
import { namedId, type ObjectId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { referencedId, uuidOf } from "../identity.ts";
import { invalid } from "../invalid.ts";
import type { TypeDefinition } from "../type-definition.ts";
import { idSchema, textSchemas } from "./authored-parts.ts";
import { defineType } from "./define.ts";
import { storeFields, tableOf, textIn } from "./ends.ts";
import { stateSchema } from "./parts.ts";

/** CKAN's column names. */
const COLUMNS = ["group_id", "table_name", "table_id"];

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
  derivesId: true,
  named: [
    { fields: ["group", "group_id"], types: () => ["group", "organization"] },
    { fields: ["object", "table_id"], types: (form) => tableOf(form, "user") },
  ],
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
    storeFields(content, { ...ends(input) }, COLUMNS);
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
  const group = textIn(input.group ?? input.group_id);
  const table = textIn(input.table ?? input.table_name);
  const object = textIn(input.object ?? input.table_id);
  return {
    group: group === undefined ? undefined : referencedId("group", group),
    table,
    object: object === undefined ? undefined : referencedId(table ?? "user", object),
  };
}
