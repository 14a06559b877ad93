import { z } from "zod";
import type { Lsn } from "../base/ids.ts";
import * as fields from "./fields.ts";

/** Refused records that one ACK names at most; `refusedMore` counts the others. */
export const ACK_REFUSED_MAX = 200;

/** What the target stored over the whole run. */
export interface WireCounts {
  readonly changesets: number;
  readonly revisions: number;
  readonly objects: number;
  readonly purges: number;
}

/** Target → source: a batch is durable, or a fragment of one is staged. */
export interface Ack {
  readonly m: "ack";
  /** How far in the source's log the target has durably come, and the chain there. */
  readonly lsn: Lsn;
  readonly chain: string;
  /** Raw bytes that may be sent in addition. */
  readonly credit: number;
  readonly refused?: readonly { readonly id: string | null; readonly code: string }[];
  readonly refusedMore?: number;
  /** Everything up to CAUGHT_UP is durable and can be found. Ends the direction, unless it is live. */
  readonly stored?: WireCounts;
}

export const ack: z.ZodType<Ack> = z.strictObject({
  m: z.literal("ack"),
  lsn: fields.whole,
  chain: fields.chain,
  credit: fields.whole,
  refused: z.exactOptional(
    z
      .array(z.strictObject({ id: z.string().max(64).nullable(), code: z.string().max(64) }))
      .max(ACK_REFUSED_MAX),
  ),
  refusedMore: z.exactOptional(fields.whole),
  stored: z.exactOptional(
    z.strictObject({
      changesets: fields.whole,
      revisions: fields.whole,
      objects: fields.whole,
      purges: fields.whole,
    }),
  ),
});
