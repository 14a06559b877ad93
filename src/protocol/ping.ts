import { z } from "zod";

/** Either side, after a time without other traffic; answered by PONG. */
export interface Ping {
  readonly m: "ping";
}

export const ping: z.ZodType<Ping> = z.strictObject({ m: z.literal("ping") });
