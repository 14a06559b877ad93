import { z } from "zod";
import * as fields from "./fields.ts";

/** Source → target: objects that left the scope, before the batches that follow. */
export interface Evict {
  readonly m: "evict";
  readonly objects: readonly string[];
}

export const evict: z.ZodType<Evict> = z.strictObject({
  m: z.literal("evict"),
  objects: z.array(fields.uuid),
});
