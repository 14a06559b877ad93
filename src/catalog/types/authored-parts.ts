import { type ZodType, z } from "zod";
import { isUuid } from "../../base/ids.ts";
import { positionSchema } from "./parts.ts";

/** Pieces of the schemas for what a person writes; messages as in `parts.ts`. */

const quoted = 'expected text; put it in quotes, as in "12"';
const plainText = z.string(quoted);
const mapped = "expected a map; write its members one by one";

const uuid = z
  .string("expected a UUID; write it in quotes")
  .refine(isUuid, "expected a UUID in lower case; give an id, not a name");

export const idSchema: ZodType = uuid.optional();

/** The UUID of an object, or nothing in one of the ways of writing that. */
export const referenceSchema: ZodType = z.union([uuid, z.null(), z.literal("")]).optional();

const text = plainText.nullable().optional();

/** Fields that are texts or null. */
export function textSchemas(...fields: readonly string[]): Record<string, ZodType> {
  return Object.fromEntries(fields.map((field) => [field, text]));
}

/** What people read: a text, or one for each language. */
export const wordsSchema: ZodType = z
  .union([
    plainText,
    z.null(),
    z.record(z.string(), plainText).refine((words) => Object.keys(words).length > 0, quoted),
  ])
  .optional();

export const textsSchema: ZodType = z.record(z.string(), plainText, mapped).optional();

export const idSetSchema: ZodType = z
  .record(uuid, z.literal(true, "expected true; a member is there, or its key is not"), mapped)
  .optional();

/** The id stands outside the content. */
export const noIdSchema: ZodType = z
  .undefined("an id stands outside the object; leave it out")
  .optional();

/** Parents in a hierarchy, with their capacity if they have one. */
export const parentsSchema: ZodType = z
  .record(
    z.string(),
    z.union([z.literal(true, "expected true, or a capacity as text"), plainText]),
    mapped,
  )
  .optional();

export const authoredResourcesSchema: ZodType = z
  .record(
    uuid,
    z.looseObject(
      {
        id: noIdSchema,
        position: positionSchema,
        name: wordsSchema,
        description: wordsSchema,
        ...textSchemas("url", "format", "mimetype"),
      },
      mapped,
    ),
    mapped,
  )
  .optional();

export const authoredRelationshipsSchema: ZodType = z
  .union([z.record(uuid, z.looseObject({})), z.tuple([])])
  .optional();
