import { z } from "zod";
import { LADDER_RUNGS_MAX, SCOPE_BYTES_MAX } from "../base/limits.ts";
import * as fields from "./fields.ts";

/** Target → source: where the target stands, and how much may be in flight. */
export interface Resume {
  readonly m: "resume";
  /** Hash of the scope; left out for everything. */
  readonly scope?: string;
  /** The scope itself, canonical JSON, when the target is the one that knows it. */
  readonly document?: string;
  /** Newest first. The first RESUME carries the newest rung only. */
  readonly ladder: readonly fields.WireRung[];
  /** There are older rungs: START may ask for them. */
  readonly more?: true;
  /** Raw bytes of records that may be sent before an ACK returns some. */
  readonly credit: number;
  /** Keep sending what is committed later. */
  readonly live?: true;
  /** How many of its live objects the target lets go; asks START for a count. */
  readonly removals?: number;
}

export const resume: z.ZodType<Resume> = z.strictObject({
  m: z.literal("resume"),
  scope: z.exactOptional(fields.shortHash),
  document: z.exactOptional(z.string().max(SCOPE_BYTES_MAX)),
  ladder: z.array(fields.rung).max(LADDER_RUNGS_MAX),
  more: z.exactOptional(z.literal(true)),
  credit: fields.whole,
  live: z.exactOptional(z.literal(true)),
  removals: z.exactOptional(fields.whole),
});
