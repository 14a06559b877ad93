import { type ZodType, z } from "zod";
import { isPosition } from "../position.ts";

/** Pieces that the schemas of several types share. They check only what the code relies on. */

export const nameSchema: ZodType = z.string().min(1, "the name is empty").optional();

/** A set: each member is true. */
export const setSchema: ZodType = z.record(z.string(), z.literal(true)).optional();

/** A map of values of any form. */
export const mapSchema: ZodType = z.record(z.string(), z.unknown()).optional();

export const stateSchema: ZodType = z
  .string()
  .refine((state) => state !== "active" && state !== "deleted", {
    message: '"active" is not stored, and "deleted" is stored as the flag "@deleted"',
  })
  .optional();

export const resourcesSchema: ZodType = z
  .record(
    z.string(),
    z.looseObject({
      position: z
        .custom((value) => value === undefined || isPosition(value), {
          message: 'a position is a string of 0-9A-Za-z that does not end in "0"',
        })
        .optional(),
    }),
  )
  .optional();

/** A map of maps, or [] for a list that was given and empty. */
export const relationshipsSchema: ZodType = z
  .union([z.record(z.string(), z.looseObject({})), z.tuple([])])
  .optional();
