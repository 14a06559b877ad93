import { z } from "zod";
import type { Json, JsonObject } from "../../base/json.ts";
import type { Direction, Outcome } from "../../store/rows.ts";
import { REMOVALS_FORM } from "../../sync/host/removal-limit.ts";
import { parseMode } from "../../sync/schedule/mode.ts";
import { type Action, action } from "./actions.ts";
import { type Checks, checks, type Ending, ending } from "./checks.ts";
import { type During, during } from "./faults.ts";
import * as f from "./fields.ts";

export interface InstanceSpec extends f.VersionSpec {
  /** How far its clock is off. */
  readonly skew?: string;
  readonly store?: "memory" | "sqlite";
}

/** Data flows from → to. A `pull` link is configured on `to`, the others on `from`. */
export interface LinkSpec {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  /** `manual` unless given, `live`, or `every:5m`. */
  readonly mode?: string;
  /** What it carries, as `link add --scope` takes it; all but what stays home unless given. */
  readonly scope?: JsonObject;
  /** What becomes of what leaves the scope. */
  readonly onLeave?: "keep" | "drop";
  readonly maxRemovals?: string;
  readonly refusePurges?: true;
  /** Packages of an organization of `from` are given to one of `to`. */
  readonly map?: Readonly<Record<string, string>>;
  /** What becomes of packages of others: `create`, `refuse`, or `default:NAME`. */
  readonly unmapped?: string;
}

/** What a sync has to come to, by instance. */
export interface SyncExpect {
  readonly outcome?: Outcome | "cut-short";
  readonly error?: string;
  /** Distinct objects changed by received revisions. */
  readonly applied?: Readonly<Record<string, number>>;
  /** Conflicts that are new, and records that were refused. */
  readonly conflicts?: Readonly<Record<string, number>>;
  readonly refused?: Readonly<Record<string, number>>;
  /** Nothing is carried. */
  readonly quiet?: true;
}

export interface DoStep {
  readonly at: string;
  readonly do: readonly Action[];
}

/** Every link between two of the instances, whoever owns it; or all links. */
export interface SyncStep {
  readonly at: string;
  readonly sync: readonly string[] | "all";
  readonly acceptRemovals?: true;
  readonly during?: readonly During[];
  readonly expect?: SyncExpect;
}

export interface CheckStep {
  readonly at: string;
  readonly check: Checks;
  /** Also in the runs of vary, permute and sweep. */
  readonly always?: true;
}

export type Step = DoStep | SyncStep | CheckStep;

export type Sweep = { readonly during: string; readonly at: "every-commit" | "every-frame" } & (
  | { readonly crash: string }
  | { readonly cut: readonly [string, string] }
);

/** A scenario file, version 1 of its format. */
export interface Scenario {
  readonly scenario: 1;
  readonly name: string;
  readonly clock?: string;
  readonly seed?: number;
  readonly policy?: JsonObject;
  readonly instances: Readonly<Record<string, InstanceSpec>>;
  readonly links?: readonly LinkSpec[];
  readonly timeline: readonly Step[];
  /** By the path of a setting, the values it takes. */
  readonly vary?: Readonly<Record<string, readonly Json[]>>;
  readonly permute?: readonly string[];
  readonly sweep?: readonly Sweep[];
  readonly finally?: Ending;
}

const instance = z
  .strictObject({
    skew: z.exactOptional(f.duration),
    store: z.exactOptional(z.enum(["memory", "sqlite"])),
    ...f.version,
  })
  .meta({ id: "settings" });

const link = z
  .strictObject({
    from: f.instanceName,
    to: f.instanceName,
    direction: z.enum(["pull", "push", "both"]).meta({
      description: "data flows from → to; a `pull` link is configured on `to`, others on `from`",
    }),
    mode: z.exactOptional(
      z
        .string()
        .refine((mode) => parseMode(mode) !== undefined, "manual, live, or every:5m")
        .meta({
          description:
            "`manual` unless given, `live`, or `every:5m`; a sync step waits for a live link",
        }),
    ),
    scope: z.exactOptional(
      f.fields.meta({
        description: "what it carries, as `link add --scope` takes it: `{ organizations: [city] }`",
      }),
    ),
    onLeave: z.exactOptional(
      z.enum(["keep", "drop"]).meta({
        description:
          "what becomes, on the side it is configured on, of what leaves the scope; `keep` unless given",
      }),
    ),
    maxRemovals: z.exactOptional(
      z
        .string()
        .regex(REMOVALS_FORM, 'a share such as 5%, or a number in quotes: "0" for none')
        .meta({ description: "what it may delete or purge at once: 5%, or a number" }),
    ),
    refusePurges: z.exactOptional(
      f.yes.meta({ description: "the side it is configured on does not carry out purges" }),
    ),
    map: z.exactOptional(
      z.record(f.text, f.text).meta({
        description:
          "of a `pull` link: packages of an organization of `from` are given to one of `to`, once that is there",
      }),
    ),
    unmapped: z.exactOptional(
      z
        .string()
        .regex(/^(create|refuse|default:.+)$/, "create, refuse or default:NAME")
        .meta({
          description:
            "packages of other organizations: `create` (they come as they are), `refuse`, or `default:NAME`",
        }),
    ),
  })
  .meta({ id: "link" });

const counts = z.exactOptional(z.record(f.instanceName, f.count));
const expect = z.strictObject({
  outcome: z.exactOptional(
    z.enum(["ok", "interrupted", "cut-short", "refused", "held", "failed"]).meta({
      description:
        "`ok` unless given; `interrupted` permits that it never gets through; the others demand it of a first attempt that is not repeated, `cut-short` that it is interrupted",
    }),
  ),
  error: z.exactOptional(f.text),
  applied: counts,
  conflicts: counts,
  refused: counts,
  quiet: z.exactOptional(f.yes.meta({ description: "nothing is carried" })),
});

const at = f.time;
const step = z
  .union([
    z.strictObject({ at, do: z.array(action).min(1) }),
    z.strictObject({
      at,
      sync: z.union([z.array(f.instanceName).min(2), z.literal("all")]).meta({
        description: "every link between two of these, whoever owns it; or all links",
      }),
      acceptRemovals: z.exactOptional(f.yes),
      during: z.exactOptional(z.array(during)),
      expect: z.exactOptional(expect),
    }),
    z.strictObject({
      at,
      check: checks,
      always: z.exactOptional(
        f.yes.meta({ description: "also in the runs of vary, permute and sweep" }),
      ),
    }),
  ])
  .meta({ id: "step" });

const every = z.enum(["every-commit", "every-frame"]);
const sweep = z.union([
  z.strictObject({ during: f.time, crash: f.instanceName, at: every }),
  z.strictObject({ during: f.time, cut: f.pair, at: every }),
]);

export const scenario: z.ZodType<Scenario> = z.strictObject({
  scenario: z.literal(1).meta({ description: "the version of this format" }),
  name: f.text.meta({ description: "one sentence that a catalog operator understands" }),
  clock: z.exactOptional(f.instant),
  seed: z.exactOptional(
    z
      .int()
      .min(0)
      .max(2 ** 32 - 1),
  ),
  policy: z.exactOptional(f.fields),
  instances: z.record(f.instanceName, instance),
  links: z.exactOptional(z.array(link).max(f.LINKS_MAX)),
  timeline: z.array(step).min(1).max(f.STEPS_MAX),
  vary: z.exactOptional(
    z.record(z.string(), z.array(z.json()).min(1)).meta({
      description: "a family of runs: by the path of a setting, the values it takes",
    }),
  ),
  permute: z.exactOptional(
    z.array(f.time).min(2).max(6).meta({ description: "steps whose order must not matter" }),
  ),
  sweep: z.exactOptional(z.array(sweep)),
  finally: z.exactOptional(ending),
}) as z.ZodType as z.ZodType<Scenario>;
