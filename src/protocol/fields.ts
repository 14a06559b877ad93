import { z } from "zod";
import type { InstanceId, Lsn } from "../base/ids.ts";
import { INSTANCE_NAME_CHARS_MAX, LINK_NAME_CHARS_MAX, OWN_EPOCHS_MAX } from "../base/limits.ts";

/** The end of a log on the wire: its position and the chain there, 32 hexadecimal digits. */
export type WireHead = readonly [lsn: Lsn, chain: string];
/** A rung on the wire: the source's epoch when it was reached, its position and chain. */
export type WireRung = readonly [epoch: string, lsn: Lsn, chain: string];

/** An instance in one of its epochs. */
export type WireIdentity = readonly [instance: InstanceId, epoch: string];

/** The newest number that is known of an instance in one of its epochs. */
export type WireNumber = readonly [epoch: string, seq: number];

/** Identities that an instance gave up; a peer need not hear of more. */
export const FORMER_MAX = 16;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const uuid: z.ZodType<string> = z.string().regex(UUID);
export const instance: z.ZodType<InstanceId> = uuid as unknown as z.ZodType<InstanceId>;
export const instanceName: z.ZodType<string> = z.string().min(1).max(INSTANCE_NAME_CHARS_MAX);
export const linkName: z.ZodType<string> = z.string().min(1).max(LINK_NAME_CHARS_MAX);
/** A count, a position or a number of bytes. */
export const whole: z.ZodType<number> = z.int().min(0);
export const chain: z.ZodType<string> = z.string().regex(/^[0-9a-f]{32}$/);
export const head: z.ZodType<WireHead> = z.tuple([whole, chain]);
export const rung: z.ZodType<WireRung> = z.tuple([uuid, whole, chain]);
export const formerIdentities: z.ZodType<readonly WireIdentity[]> = z
  .array(z.tuple([instance, uuid]))
  .max(FORMER_MAX);
export const knownNumbers: z.ZodType<readonly WireNumber[]> = z
  .array(z.tuple([uuid, whole]))
  .max(FORMER_MAX);
export const ownEpochs: z.ZodType<readonly string[]> = z.array(uuid).max(OWN_EPOCHS_MAX);
/** The hash of a scope or policy: 32 hexadecimal digits. */
export const shortHash: z.ZodType<string> = z.string().regex(/^[0-9a-f]{32}$/);
export const versions: z.ZodType<readonly [number, number]> = z.tuple([whole, whole]);
/** A record as text, one line of canonical JSON. */
export const record: z.ZodType<string> = z.string().refine((text) => !text.includes("\n"));
