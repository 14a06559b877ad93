import type { ZodObject, ZodRawShape } from "zod";
import type { JsonObject } from "../../base/json.ts";
import { idByName } from "../identity.ts";
import type { TypeDefinition } from "../type-definition.ts";
import { SECRET_FIELDS, VOLATILE_FIELDS } from "../volatile.ts";
import { noIdSchema } from "./authored-parts.ts";

/** What most types have alike, and may leave out. */
type Usual = "version" | "lists" | "fixed" | "identify" | "derivesId" | "unchanging";

type Parts = Omit<TypeDefinition, "authored" | "dropped" | "units" | Usual> &
  Partial<Pick<TypeDefinition, Usual>> & {
    readonly schema: ZodObject;
    /** Fields that a person writes by stricter rules than those of `schema`. */
    readonly authored?: ZodRawShape;
    readonly units?: readonly string[];
  };

/** A type definition from its parts: version 1, id by name, nothing but scalars unless said. */
export function defineType(parts: Parts): TypeDefinition {
  const volatile = VOLATILE_FIELDS[parts.name] ?? VOLATILE_FIELDS.default ?? [];
  const fixed: JsonObject = parts.fixed ?? {};
  return {
    version: 1,
    lists: {},
    derivesId: false,
    unchanging: [],
    identify: (input, where) => idByName(parts.name, input, where),
    ...parts,
    authored: parts.schema.extend({ id: noIdSchema, ...parts.authored }),
    fixed,
    units: new Set(parts.units),
    dropped: new Set([...volatile, ...SECRET_FIELDS, "id", "state"]),
  };
}
