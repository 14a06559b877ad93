import { z } from "zod";
import type { TypeDefinition } from "../type-definition.ts";
import { defineType } from "./define.ts";
import { nameSchema, stateSchema } from "./parts.ts";

/** A user as others see one. E-mail, passwords, keys and the right to administer stay home. */
export const userType: TypeDefinition = defineType({
  name: "user",
  schema: z.looseObject({ name: nameSchema, state: stateSchema }),
  fixed: { type: "user" },
});
