import { z } from "zod";
import type { TypeDefinition } from "../type-definition.ts";
import { textSchemas } from "./authored-parts.ts";
import { defineType } from "./define.ts";
import { nameSchema, stateSchema } from "./parts.ts";

/** A user as others see one. E-mail, passwords, keys and the right to administer stay home. */
export const userType: TypeDefinition = defineType({
  name: "user",
  schema: z.looseObject({ name: nameSchema, state: stateSchema }),
  authored: textSchemas("fullname", "about", "image_url"),
  fixed: { type: "user" },
});
