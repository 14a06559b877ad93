import { z } from "zod";
import type { InstanceId, Lsn } from "../base/ids.ts";
import { NAMES_TOLD_MAX } from "../base/limits.ts";
import * as fields from "./fields.ts";

/** Source → target: where sending begins; or that none of the rungs so far is known. */
export interface Start {
  readonly m: "start";
  /**
   * The position of the newest offered rung that is in the source's log; 0: from the beginning,
   * and the target drops what it has. Left out: send the whole ladder in another RESUME.
   */
  readonly from?: Lsn;
  /** The end of the source's log now; more may follow. */
  readonly to: Lsn;
  readonly maxSeqKnownOfYou?: number;
  /**
   * If RESUME asked: how many of the objects in what follows are deleted or purged at the source.
   * If that is more than RESUME allows, REMOVALS names them before anything else.
   */
  readonly removals?: number;
  /** How many others are deleted on the way, and live again at the end. */
  readonly passing?: number;
  /** What other instances are called, of which the source knows. */
  readonly names?: readonly (readonly [instance: InstanceId, name: string])[];
  /** What is committed later follows, as RESUME asked. */
  readonly live?: true;
}

export const start: z.ZodType<Start> = z.strictObject({
  m: z.literal("start"),
  from: z.exactOptional(fields.whole),
  to: fields.whole,
  maxSeqKnownOfYou: z.exactOptional(fields.whole),
  removals: z.exactOptional(fields.whole),
  passing: z.exactOptional(fields.whole),
  names: z.exactOptional(
    z.array(z.tuple([fields.instance, fields.instanceName])).max(NAMES_TOLD_MAX),
  ),
  live: z.exactOptional(z.literal(true)),
});
