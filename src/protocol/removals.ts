import { z } from "zod";
import * as fields from "./fields.ts";

/**
 * An object that is deleted or purged at the source: its id; its heads, none if it is purged; and
 * other revisions of it that the source knows and a target may have for heads.
 */
export type WireRemoval = readonly [
  object: string,
  heads: readonly string[],
  others: readonly string[],
];

/** Source → target, after a START that announced more removals than RESUME allows: which ones. */
export interface Removals {
  readonly m: "removals";
  readonly objects: readonly WireRemoval[];
  /** Another message goes on. */
  readonly more?: true;
}

export const removals: z.ZodType<Removals> = z.strictObject({
  m: z.literal("removals"),
  objects: z.array(z.tuple([fields.uuid, z.array(fields.uuid), z.array(fields.uuid)])),
  more: z.exactOptional(z.literal(true)),
});
