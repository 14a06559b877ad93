import { z } from "zod";
import * as fields from "./fields.ts";

/** Source → target: purge records, before the batches that follow. */
export interface Purges {
  readonly m: "purges";
  readonly records: readonly string[];
}

export const purges: z.ZodType<Purges> = z.strictObject({
  m: z.literal("purges"),
  records: z.array(fields.record),
});
