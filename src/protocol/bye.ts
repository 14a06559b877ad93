import { z } from "zod";

/**
 * The dialer, before it closes a connection on which everything went well; on a live one, whoever
 * wants to end it.
 */
export interface Bye {
  readonly m: "bye";
}

export const bye: z.ZodType<Bye> = z.strictObject({ m: z.literal("bye") });
