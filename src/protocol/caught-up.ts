import { z } from "zod";
import type { Lsn } from "../base/ids.ts";
import * as fields from "./fields.ts";

/** Source → target: the end of the log was sent; it stands at this position and chain. */
export interface CaughtUp {
  readonly m: "caughtUp";
  readonly lsn: Lsn;
  readonly chain: string;
}

export const caughtUp: z.ZodType<CaughtUp> = z.strictObject({
  m: z.literal("caughtUp"),
  lsn: fields.whole,
  chain: fields.chain,
});
