import { z } from "zod";

/** The answer to PING. */
export interface Pong {
  readonly m: "pong";
}

export const pong: z.ZodType<Pong> = z.strictObject({ m: z.literal("pong") });
