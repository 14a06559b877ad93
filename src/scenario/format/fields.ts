import { z } from "zod";
import type { JsonObject } from "../../base/json.ts";

/** The longest scenario file, in bytes, and what one may hold. */
export const SCENARIO_BYTES_MAX: number = 1024 * 1024;
export const INSTANCES_MAX = 32;
export const LINKS_MAX = 128;
export const STEPS_MAX = 2_000;

/** Where the clock starts unless the scenario says otherwise. */
export const CLOCK_DEFAULT = "2026-01-15T10:00:00Z";

/** What chance is drawn from unless the scenario says otherwise. */
export const SEED_DEFAULT = 1;

export const text: z.ZodType<string> = z.string().min(1).max(10_000);

/** An instance's name, which stands for its UUID wherever one is asked for. */
export const instanceName: z.ZodType<string> = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, "a name is a letter, then letters, digits, - and _")
  .meta({ title: "instance", description: "the name of an instance" });

export const pair: z.ZodType<readonly [string, string]> = z
  .tuple([instanceName, instanceName])
  .meta({ title: "[instance, instance]", description: "two instances, in any order" });

/** `type/name`; or `type/@label`, the object of a labeled revision, whatever its name is by now. */
export const objectRef: z.ZodType<string> = z
  .string()
  .regex(/^[a-z_]+\/.+$/, "an object is written type/name")
  .meta({
    title: "type/name",
    description: "an object: type/name, or type/@label by the label of one of its revisions",
  });

/** The label in `type/@label`; undefined in an object's name. */
export function labelIn(ref: string): string | undefined {
  const [, name = ""] = /^[a-z_]+\/(.+)$/.exec(ref) ?? [];
  return name.startsWith("@") ? name.slice(1) : undefined;
}

/** The name that `as` gave to the revision of an action. */
export const label: z.ZodType<string> = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, "a label is a letter, then letters, digits, - and _")
  .meta({ title: "label", description: "the label that an `as` gives to a revision" });

const DURATION = /^([+-]?)(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export const duration: z.ZodType<string> = z
  .string()
  .regex(DURATION, "a duration is a number and ms, s, m, h or d: 30s, +7m")
  .meta({ title: "duration", description: "a duration: 500ms, 30s, +7m, -1h" });

/** Milliseconds of a duration that fits {@link duration}. */
export function durationMs(value: string): number {
  const [, sign, number, unit] = DURATION.exec(value) ?? [];
  return (sign === "-" ? -1 : 1) * Number(number) * (UNIT_MS[unit ?? ""] ?? 0);
}

const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** A time of the day on which the scenario's clock starts, or an instant. */
/** True for an instant that there is: no 30th of February. */
function isInstant(value: string): boolean {
  if (!INSTANT.test(value)) return false;
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value.slice(0, 19));
}

export const time: z.ZodType<string> = z
  .string()
  .refine((value) => CLOCK_TIME.test(value) || isInstant(value), {
    message: "a time is HH:MM, HH:MM:SS or 2026-01-15T10:00:00Z",
  })
  .meta({
    title: "time",
    description: "HH:MM on the day of `clock`, or an instant: 2026-01-16T10:00:00Z",
  });

export const instant: z.ZodType<string> = z
  .string()
  .regex(INSTANT, "an instant is written 2026-01-15T10:00:00Z")
  .refine(isInstant, "there is no such day, or no such time of day")
  .meta({ title: "instant", description: "an instant in UTC: 2026-01-15T10:00:00Z" });

/** Milliseconds since 1970 of a {@link time}; `clock` gives the day. */
export function timeMs(value: string, clock: string): number {
  if (INSTANT.test(value)) return Date.parse(value);
  return Date.parse(`${clock.slice(0, 10)}T${value.length === 5 ? `${value}:00` : value}Z`);
}

/** A map of fields with JSON values. */
export const fields: z.ZodType<JsonObject> = z.record(z.string(), z.json());
export const count: z.ZodType<number> = z.int().min(0);
export const yes: z.ZodType<true> = z.literal(true);

/** What a version of the program knows: the first of each unless given; the second is made up. */
export interface VersionSpec {
  readonly schema?: 1 | 2;
  readonly algorithm?: 1 | 2;
}

const edition = z.union([z.literal(1), z.literal(2)]);

/** The keys of {@link VersionSpec}. */
export const version: Readonly<Record<keyof VersionSpec, z.ZodType>> = {
  schema: z.exactOptional(
    edition.meta({
      description:
        "1 is the program as it is; 2 a later one, made up: packages have `contact` for `maintainer`, `rank` and `keywords`",
    }),
  ),
  algorithm: z.exactOptional(
    edition.meta({
      description:
        "1 is the program as it is; 2 a later one, made up: texts edited apart stand one after the other",
    }),
  ),
};
