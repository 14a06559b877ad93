import { z } from "zod";
import { namedId, type ObjectId } from "../../base/ids.ts";
import type { JsonObject, MutableJsonObject } from "../../base/json.ts";
import { invalid } from "../invalid.ts";
import { ROLES } from "../roles.ts";
import type { TypeDefinition } from "../type-definition.ts";
import { idSchema, textSchemas } from "./authored-parts.ts";
import { defineType } from "./define.ts";
import { type End, endOf, givenAt, storeFields, tableOf } from "./ends.ts";
import { stateSchema } from "./parts.ts";

const USER: End = { fields: ["user", "user_id"], type: "user" };
const GROUP: End = { fields: ["group"], type: "group" };
/** CKAN's collaborators are of packages, and say nothing of a type. */
const PACKAGE: End = { fields: ["package_id"], type: "package" };
const COLUMNS = ["user_id", "package_id", "capacity"];

/**
 * A role: what a user, or the members of a group or organization (`user` or `group`), may do with an
 * object (`table`, `object`): `role` is reader, editor or admin. There is one for a holder and
 * object, whose id follows from the two: who is given two different ones at two places has a
 * conflict, which a person can decide. CKAN's form of a package's collaborator is read and printed.
 */
export const roleType: TypeDefinition = defineType({
  name: "role",
  schema: z.looseObject({
    table: z.string().optional(),
    object: z.string().optional(),
    user: z.string().optional(),
    group: z.string().optional(),
    role: z.string().optional(),
    state: stateSchema,
  }),
  authored: {
    ...textSchemas("table"),
    object: idSchema,
    user: idSchema,
    group: idSchema,
    role: z.literal(ROLES, `expected ${ROLES.join(", ")}; choose one of them`).optional(),
    // Printed, but not kept: who sets it would change nothing.
    capacity: z.undefined("CKAN's form alone has it; set /role").optional(),
  },
  fixed: { type: "role" },
  derivesId: true,
  unchanging: ["table", "object", "user", "group"],
  named: [
    { fields: USER.fields, types: () => ["user"] },
    { fields: GROUP.fields, types: () => ["group", "organization"] },
    { fields: PACKAGE.fields, types: () => ["package"] },
    { fields: ["object"], types: (form) => tableOf(form, "package") },
  ],
  identify(input, where) {
    const { table, object, user, group, role } = partsOf(input);
    if (table === undefined || object === undefined) {
      throw invalid("the role does not say on what", where, 'give "table" and "object"');
    }
    if ((user === undefined) === (group === undefined)) {
      throw invalid("the role does not say whose it is", where, 'give "user" or "group"');
    }
    if (role === undefined) {
      throw invalid("the role says nothing", where, `give "role": ${ROLES.join(", ")}`);
    }
    const holder = user === undefined ? ["group", group as string] : ["user", user];
    return namedId("role", table, object, ...holder) as ObjectId;
  },
  finishStored(content, input) {
    storeFields(content, { ...partsOf(input) }, COLUMNS);
  },
  finishCkan: asCollaborator,
  references({ table, object, user, group }) {
    return [
      ...(typeof user === "string" ? [{ id: user, type: "user" }] : []),
      ...(typeof group === "string" ? [{ id: group, type: "group" }] : []),
      ...(typeof table === "string" && typeof object === "string"
        ? [{ id: object, type: table }]
        : []),
    ];
  },
});

interface Parts {
  readonly table: string | undefined;
  readonly object: string | undefined;
  readonly user: string | undefined;
  readonly group: string | undefined;
  readonly role: string | undefined;
}

/** As far as they are given: an edit gives some of them. */
function partsOf(input: JsonObject): Parts {
  const pack = endOf(input, PACKAGE);
  const table = givenAt(input, ["table"]) ?? (pack === undefined ? undefined : "package");
  const role = givenAt(input, ["role", "capacity"]);
  return {
    table,
    object: pack ?? endOf(input, { fields: ["object"], type: table ?? "package" }),
    user: endOf(input, USER),
    group: endOf(input, GROUP),
    // What CKAN calls a member of a package may read it.
    role: role === "member" ? "reader" : role,
  };
}

/** A user's role on a package, as CKAN says it. */
function asCollaborator(output: MutableJsonObject): void {
  const { table, object, user, group, role } = output;
  if (table !== "package" || typeof user !== "string" || group !== undefined) return;
  if (typeof object !== "string" || typeof role !== "string") return;
  const capacity = role === "reader" ? "member" : role;
  storeFields(output, { package_id: object, user_id: user, capacity }, [
    ...["table", "object", "user", "role"],
  ]);
}
