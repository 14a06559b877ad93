import { z } from "zod";
import * as fields from "./fields.ts";

/** Policy revisions, parents first; before any batch. Not sent yet. */
export interface Policy {
  readonly m: "policy";
  readonly revisions: readonly string[];
}

export const policy: z.ZodType<Policy> = z.strictObject({
  m: z.literal("policy"),
  revisions: z.array(fields.record),
});
