import { z } from "zod";
import { inside, listAt, objectAt } from "../invalid.ts";
import type { TypeDefinition } from "../type-definition.ts";
import { defineType } from "./define.ts";
import { nameSchema, stateSchema } from "./parts.ts";

/** A vocabulary: a named set of tags. The tags say which one they belong to, not the reverse. */
export const vocabularyType: TypeDefinition = defineType({
  name: "vocabulary",
  schema: z.looseObject({ name: nameSchema, state: stateSchema }),
  fixed: { type: "vocabulary" },
  finishStored(_content, input, context) {
    const where = inside(context.where, "tags");
    for (const [index, item] of listAt(input.tags, where).entries()) {
      const place = inside(where, index);
      const tag = typeof item === "string" ? { name: item } : objectAt(item, place);
      context.embed("tag", { ...tag, vocabulary_id: context.id }, place);
    }
  },
});
