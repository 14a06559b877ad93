import { z } from "zod";
import * as fields from "./fields.ts";

/** Source → target: policy records, parents first, when the policies differ; before any batch. */
export interface Policy {
  readonly m: "policy";
  readonly revisions: readonly string[];
  /** Another message goes on; they are one set, which is judged as a whole. */
  readonly more?: true;
}

export const policy: z.ZodType<Policy> = z.strictObject({
  m: z.literal("policy"),
  revisions: z.array(fields.record),
  more: z.exactOptional(z.literal(true)),
});
