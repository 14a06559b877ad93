import { type ZodType, z } from "zod";
import { isPosition } from "../position.ts";

/**
 * Pieces that the schemas of several types share. They check only what the code relies on. A
 * message says what was expected and, after a semicolon, what to do.
 */

export const nameSchema: ZodType = z
  .string("expected text; a name is a word such as bus-stops")
  .min(1, "the name is empty; give a word such as bus-stops")
  .optional();

const POSITION_MESSAGE =
  'a position is a string of 0-9A-Za-z that does not end in "0"; leave it out to put it last';

/** A set: each member is true. */
export const setSchema: ZodType = z.record(z.string(), z.literal(true)).optional();

/** A map of values of any form. */
export const mapSchema: ZodType = z.record(z.string(), z.unknown()).optional();

export const stateSchema: ZodType = z
  .string("expected text; an active object has no state")
  .refine((state) => state !== "active" && state !== "deleted", {
    message:
      '"active" is not stored, and "deleted" is stored as the flag "@deleted"; leave it out, or use syncline delete, syncline undelete',
  })
  .optional();

export const flagSchema: ZodType = z
  .boolean("expected true or false; write it without quotes")
  .nullable()
  .optional();

export const positionSchema: ZodType = z
  .custom((value) => value === undefined || isPosition(value), { message: POSITION_MESSAGE })
  .optional();

export const resourcesSchema: ZodType = z
  .record(z.string(), z.looseObject({ position: positionSchema }))
  .optional();

/** A map of maps, or [] for a list that was given and empty. */
export const relationshipsSchema: ZodType = z
  .union([z.record(z.string(), z.looseObject({})), z.tuple([])])
  .optional();
