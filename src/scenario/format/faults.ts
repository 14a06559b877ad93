import { z } from "zod";
import { type Action, action } from "./actions.ts";
import * as f from "./fields.ts";

type Pair = readonly [string, string];

/**
 * What goes wrong. A fault between two instances concerns the connection they have, or the next one;
 * with `for` it lasts.
 */
export interface Faults {
  readonly cut: { readonly cut: Pair; readonly for?: string };
  readonly halfOpen: { readonly halfOpen: Pair; readonly for?: string };
  readonly delay: { readonly delay: Pair; readonly by: string; readonly for?: string };
  readonly slow: { readonly slow: Pair; readonly bytesPerSecond: number; readonly for?: string };
  readonly duplicate: { readonly duplicate: Pair };
  readonly late: { readonly late: Pair; readonly by: string };
  readonly crash: { readonly crash: string; readonly for?: string };
  readonly pause: { readonly pause: string; readonly for: string };
  readonly diskFull: { readonly diskFull: string; readonly for?: string };
  readonly ioError: { readonly ioError: string; readonly for?: string };
}

export type FaultKind = keyof Faults;
export type Fault = Faults[FaultKind];

const lasting = { for: z.exactOptional(f.duration) };

const SCHEMAS: Readonly<Record<FaultKind, z.ZodType>> = {
  cut: z.strictObject({ cut: f.pair, ...lasting }),
  halfOpen: z.strictObject({ halfOpen: f.pair, ...lasting }),
  delay: z.strictObject({ delay: f.pair, by: f.duration, ...lasting }),
  slow: z.strictObject({ slow: f.pair, bytesPerSecond: z.int().min(1), ...lasting }),
  duplicate: z.strictObject({ duplicate: f.pair }),
  late: z.strictObject({ late: f.pair, by: f.duration }),
  crash: z.strictObject({ crash: f.instanceName, ...lasting }),
  pause: z.strictObject({ pause: f.instanceName, for: f.duration }),
  diskFull: z.strictObject({ diskFull: f.instanceName, ...lasting }),
  ioError: z.strictObject({ ioError: f.instanceName, ...lasting }),
};

/** What a fault does: the key that says so. */
export function faultKind(one: Fault): FaultKind {
  const kinds = Object.keys(SCHEMAS) as FaultKind[];
  return kinds.find((kind) => Object.hasOwn(one, kind)) as FaultKind;
}

/** Progress: frames that were delivered, commits of stores, or time, all since the step began. */
export type After =
  | { readonly frames: number; readonly from?: string }
  | { readonly commits: number; readonly on?: string }
  | { readonly time: string };

/** Something that happens amid a sync: a fault, or people at work. */
export type During =
  | { readonly after: After; readonly fault: Fault }
  | { readonly after: After; readonly do: readonly Action[] };

const after = z.union([
  z.strictObject({ frames: z.int().min(1), from: z.exactOptional(f.instanceName) }),
  z.strictObject({ commits: z.int().min(1), on: z.exactOptional(f.instanceName) }),
  z.strictObject({ time: f.duration }),
]);
const fault = z.union(Object.values(SCHEMAS)).meta({ id: "fault" });

export const during: z.ZodType<During> = z.union([
  z.strictObject({ after, fault }),
  z.strictObject({ after, do: z.array(action).min(1) }),
]) as z.ZodType<During>;
