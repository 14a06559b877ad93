import { z } from "zod";
import type { InstanceId } from "../base/ids.ts";
import * as fields from "./fields.ts";

/**
 * The first message, from the side that dialed. It must be readable before a version is agreed, so
 * it may only ever gain optional fields, and fields that a reader does not know are ignored.
 */
export interface Hello {
  readonly m: "hello";
  /** The oldest and the newest protocol version the dialer speaks. */
  readonly v: readonly [number, number];
  readonly id: InstanceId;
  readonly epoch: string;
  /** What people call the dialer. */
  readonly name?: string;
  /** Newest versions of the catalog's schemas and of the merge algorithm. */
  readonly schema: number;
  readonly algo: number;
  /** Hash of the policy and its frontier; left out for the default one. */
  readonly policy?: string;
  /** The end of the dialer's log. */
  readonly head: fields.WireHead;
  /** The direction as the dialer sees it: pull = the dialer receives. */
  readonly want: "pull" | "push" | "both";
  /** Hash of the scope; left out for everything. */
  readonly scope?: string;
  /** The dialer has to tell what entered or left the scope since its log's end. */
  readonly moved?: true;
  /** When the dialer receives: the newest rung it holds of this peer. */
  readonly rung?: fields.WireRung;
  /**
   * The dialer knows REMOVALS. `accepted`: a person there agrees to what it may remove at a target
   * that has no link of its own with the dialer.
   */
  readonly removals?: "known" | "accepted";
  /** The connection is to stay, and carry what is committed later. */
  readonly live?: true;
  /** With `live`: what the dialer calls the link. A newer connection of it replaces an older one. */
  readonly link?: string;
  /** Some link of the dialer drops what leaves it: what came from here may be there no longer. */
  readonly drops?: true;
  /** The dialer only looks: it stores what comes in a copy, and its run is not worth a record. */
  readonly rehearsal?: true;
  /** The dialer was restored, or is a copy, and has not heard from this peer since. */
  readonly recover?: true;
  /** With `recover`: only what the dialer authored itself shall travel, whatever is wanted else. */
  readonly own?: true;
  /** With `recover`: identities that the dialer gave up for its own. */
  readonly former?: readonly fields.WireIdentity[];
  /**
   * With `recover`: the epochs that the dialer knows for its own; left out when they are too many.
   * Else empty: WELCOME may name those of the acceptor.
   */
  readonly epochs?: readonly string[];
  /** When the dialer only receives: the newest number it knows of this peer, in the rung's epoch. */
  readonly knownOfYou?: number;
  /** When the dialer only receives: the newest numbers it knows of this peer in other epochs. */
  readonly knownOfFormer?: readonly fields.WireNumber[];
}

export const hello: z.ZodType<Hello> = z.object({
  m: z.literal("hello"),
  v: fields.versions,
  id: fields.instance,
  epoch: fields.uuid,
  name: z.exactOptional(fields.instanceName),
  schema: fields.whole,
  algo: fields.whole,
  policy: z.exactOptional(fields.shortHash),
  head: fields.head,
  want: z.enum(["pull", "push", "both"]),
  scope: z.exactOptional(fields.shortHash),
  moved: z.exactOptional(z.literal(true)),
  rung: z.exactOptional(fields.rung),
  removals: z.exactOptional(z.enum(["known", "accepted"])),
  live: z.exactOptional(z.literal(true)),
  link: z.exactOptional(fields.linkName),
  drops: z.exactOptional(z.literal(true)),
  rehearsal: z.exactOptional(z.literal(true)),
  recover: z.exactOptional(z.literal(true)),
  own: z.exactOptional(z.literal(true)),
  former: z.exactOptional(fields.formerIdentities),
  epochs: z.exactOptional(fields.ownEpochs),
  knownOfYou: z.exactOptional(fields.whole),
  knownOfFormer: z.exactOptional(fields.knownNumbers),
});
