import { z } from "zod";
import type { JsonObject } from "../../base/json.ts";
import { referencedId, tagId, uuidOf } from "../identity.ts";
import { inside } from "../invalid.ts";
import type { TypeDefinition } from "../type-definition.ts";
import { idSchema } from "./authored-parts.ts";
import { defineType } from "./define.ts";
import { nameSchema, stateSchema } from "./parts.ts";

/**
 * A tag: a name, and the vocabulary it belongs to (absent for a free tag; null is not stored). The
 * name stays exactly as given: "Water" and "water" are two tags, as in CKAN.
 */
export const tagType: TypeDefinition = defineType({
  name: "tag",
  schema: z.looseObject({
    name: nameSchema,
    state: stateSchema,
    vocabulary_id: z.string().optional(),
  }),
  authored: { vocabulary_id: idSchema },
  fixed: { type: "tag" },
  derivesId: true,
  identify: (input, where) => tagId(input, vocabularyId(input), where),
  finishStored(content, input, context) {
    delete content.vocabulary_id;
    const id = vocabularyId(input);
    if (id === undefined) return;
    content.vocabulary_id = id;
    if (uuidOf(input.vocabulary_id) !== undefined) return;
    const vocabulary = { name: input.vocabulary_id as string };
    context.embed("vocabulary", vocabulary, inside(context.where, "vocabulary_id"));
  },
  references(content) {
    const id = uuidOf(content.vocabulary_id);
    return id === undefined ? [] : [{ id, type: "vocabulary" }];
  },
});

function vocabularyId(input: JsonObject): string | undefined {
  const given = input.vocabulary_id;
  if (typeof given !== "string" || given === "") return undefined;
  return referencedId("vocabulary", given);
}
