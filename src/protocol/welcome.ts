import { z } from "zod";
import type { InstanceId } from "../base/ids.ts";
import * as fields from "./fields.ts";

/** The acceptor's answer to HELLO. */
export interface Welcome {
  readonly m: "welcome";
  /** The version that both use from here on. */
  readonly v: number;
  readonly id: InstanceId;
  readonly epoch: string;
  /** What people call the acceptor. */
  readonly name?: string;
  readonly schema: number;
  readonly algo: number;
  readonly policy?: string;
  /** The end of the acceptor's log. */
  readonly head: fields.WireHead;
  /** There is nothing to send in any wanted direction: the run ends here. */
  readonly upToDate?: true;
  /** When the acceptor receives and is not up to date: the newest rung it holds of the dialer. */
  readonly rung?: fields.WireRung;
  /** When the dialer only sends: the newest number that the acceptor knows of its actor. */
  readonly maxSeqKnownOfYou?: number;
  /** When the dialer only sends: the newest numbers that the acceptor knows of its other epochs. */
  readonly knownOfFormer?: readonly fields.WireNumber[];
  /** The acceptor was restored, or is a copy, and has not heard from the dialer since. */
  readonly recover?: true;
  /** Some link of the acceptor drops what leaves it: what came from here may be there no longer. */
  readonly drops?: true;
  /** Answers a HELLO that says so: each gets what it authored itself, and nothing else. */
  readonly own?: true;
  /** With `recover`: identities that the acceptor gave up for its own. */
  readonly former?: readonly fields.WireIdentity[];
  /** With `recover`: the epochs that it knows for its own; only to a HELLO that has the field. */
  readonly epochs?: readonly string[];
  /** The acceptor knows REMOVALS; answers a HELLO that says so. */
  readonly removals?: true;
}

export const welcome: z.ZodType<Welcome> = z.strictObject({
  m: z.literal("welcome"),
  v: fields.whole,
  id: fields.instance,
  epoch: fields.uuid,
  name: z.exactOptional(fields.instanceName),
  schema: fields.whole,
  algo: fields.whole,
  policy: z.exactOptional(fields.shortHash),
  head: fields.head,
  upToDate: z.exactOptional(z.literal(true)),
  rung: z.exactOptional(fields.rung),
  maxSeqKnownOfYou: z.exactOptional(fields.whole),
  knownOfFormer: z.exactOptional(fields.knownNumbers),
  removals: z.exactOptional(z.literal(true)),
  recover: z.exactOptional(z.literal(true)),
  drops: z.exactOptional(z.literal(true)),
  own: z.exactOptional(z.literal(true)),
  former: z.exactOptional(fields.formerIdentities),
  epochs: z.exactOptional(fields.ownEpochs),
});
