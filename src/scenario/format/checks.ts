import { z } from "zod";
import type { Json, JsonObject } from "../../base/json.ts";
import { EPOCH_REASONS, type EpochReason } from "../../store/continuity.ts";
import * as f from "./fields.ts";

/** One conflict as it has to be; what is left out may be anything. Revisions are labels. */
export interface ConflictCheck {
  readonly object: string;
  readonly path: string;
  readonly kind?: "value" | "text" | "delete" | "structure" | "name";
  readonly status?: "open" | "resolved" | "superseded";
  readonly chosen?: string;
  readonly value?: Json;
  readonly candidates?: readonly string[];
  readonly rule?: string;
}

/** What leads from one revision to another, or to what is shown now: every leaf that differs. */
export interface DiffCheck {
  readonly from: string;
  readonly to?: string;
  /** By path in the stored form; a leaf that came has no `was`, one that went no `is`. */
  readonly changes: Readonly<Record<string, { readonly was?: Json; readonly is?: Json }>>;
}

/** Labels of revisions, the only ones of a changeset; or that it is whole wherever it is. */
export type ChangesetCheck = readonly string[] | typeof ALL_OR_NONE;
export const ALL_OR_NONE = "all-or-none";

type ByInstance<T> = Readonly<Record<string, T>>;
type ByObject<T> = Readonly<Record<string, T>>;

/** What has to hold. */
export interface Checks {
  /** Equal state digests, conflict logs and names. */
  readonly converged?: readonly (readonly string[])[];
  readonly value?: ByInstance<ByObject<JsonObject>>;
  /** The same as of labeled revisions. */
  readonly valueAt?: ByInstance<Readonly<Record<string, JsonObject>>>;
  readonly diff?: ByInstance<readonly DiffCheck[]>;
  /** Of which revisions labeled changesets are. */
  readonly changesets?: ByInstance<Readonly<Record<string, ChangesetCheck>>>;
  /** Not here, or not any more. */
  readonly absent?: ByInstance<readonly string[]>;
  readonly deleted?: ByInstance<readonly string[]>;
  readonly purged?: ByInstance<readonly string[]>;
  /** Left the scope of a link, and stay as they were. */
  readonly left?: ByInstance<readonly string[]>;
  /** Effective names. */
  readonly names?: ByInstance<ByObject<string | null>>;
  /** What users may do with objects. */
  readonly roles?: ByInstance<ByObject<Readonly<Record<string, string>>>>;
  readonly conflicts?: ByInstance<readonly ConflictCheck[]>;
  /** A conflict that is not listed is a failure. */
  readonly strict?: true;
  /** The values of these revisions are in use, or among a conflict's candidates. */
  readonly recoverable?: readonly string[];
  /** Objects that a query finds. */
  readonly search?: ByInstance<Readonly<Record<string, readonly string[]>>>;
  /** How many revisions an object has, or labels of some. */
  readonly log?: ByInstance<ByObject<number | readonly string[]>>;
  /** How many live objects there are, by type. */
  readonly count?: ByInstance<Readonly<Record<string, number>>>;
  /** Why the epochs ended in which an instance wrote before, oldest first. */
  readonly epochs?: ByInstance<readonly EpochReason[]>;
  /** What was carried since the last sync step began. */
  readonly wire?: {
    readonly bytesMax?: number;
    readonly framesMax?: number;
    readonly batchesMax?: number;
  };
}

/** How a scenario ends. */
export interface Ending extends Checks {
  /** All faults end, everybody is up. */
  readonly heal?: true;
  /** Until nothing moves any more. */
  readonly sync?: "all";
  readonly invariants?: "all";
}

const perInstance = (one: z.ZodType): z.ZodType => z.record(f.instanceName, one);
const perObject = (one: z.ZodType): z.ZodType => z.record(f.objectRef, one);
const refs = z.array(f.objectRef);
const optional = (one: z.ZodType, description?: string): z.ZodType =>
  z.exactOptional(description === undefined ? one : one.meta({ description })) as z.ZodType;

const conflict = z.strictObject({
  object: f.objectRef,
  path: z.string(),
  kind: optional(z.enum(["value", "text", "delete", "structure", "name"])),
  status: optional(z.enum(["open", "resolved", "superseded"])),
  chosen: optional(f.label, "the label of the revision whose value was chosen"),
  value: optional(z.json(), "the value that was chosen"),
  candidates: optional(z.array(f.label), "the labels of the revisions that disagree"),
  rule: optional(f.text),
});

const leaf = z.strictObject({ was: optional(z.json()), is: optional(z.json()) });
const diff = z.strictObject({
  from: f.label,
  to: optional(f.label),
  changes: z.record(z.string().regex(/^\//, "a path begins with /"), leaf),
});

const shape = {
  converged: optional(
    z.array(z.array(f.instanceName).min(2)),
    "groups of instances with equal state digests, conflict logs and names; of a link that goes one way or carries a part, what flows, purges and names among it",
  ),
  value: optional(
    perInstance(perObject(f.fields)),
    "fields in CKAN form, as they are shown; tags, groups and the organization by their names",
  ),
  valueAt: optional(
    perInstance(z.record(f.label, f.fields)),
    "the same as it was at labeled revisions",
  ),
  diff: optional(
    perInstance(z.array(diff)),
    "what leads from one revision of an object to another, or to what is shown now: each leaf that differs, by its path in the stored form, as it `was` and `is`",
  ),
  changesets: optional(
    perInstance(z.record(f.label, z.union([z.array(f.label), z.literal(ALL_OR_NONE)]))),
    "the labels of all revisions of a changeset; [] when nothing of it is there; `all-or-none` of it is",
  ),
  absent: optional(perInstance(refs), "objects that are not there, or not any more"),
  deleted: optional(perInstance(refs)),
  purged: optional(perInstance(refs)),
  left: optional(perInstance(refs), "objects that left the scope of a link, and stay as they were"),
  names: optional(
    perInstance(perObject(z.string().nullable())),
    "effective names; `name--*` is any that is derived from `name`",
  ),
  roles: optional(
    perInstance(perObject(z.record(f.objectRef, f.text))),
    "what users may do with objects: `{ package/pump: { user/ida: editor } }`",
  ),
  conflicts: optional(perInstance(z.array(conflict))),
  strict: optional(f.yes, "a conflict that is not listed is a failure"),
  recoverable: optional(
    z.array(f.label),
    "revisions whose values are in use, or among a conflict's candidates",
  ),
  search: optional(perInstance(z.record(z.string(), refs)), "what a query finds"),
  log: optional(
    perInstance(perObject(z.union([f.count, z.array(f.label)]))),
    "how many revisions an object has, or the labels of some",
  ),
  count: optional(perInstance(z.record(z.string(), f.count)), "live objects by type"),
  epochs: optional(
    perInstance(z.array(z.enum(EPOCH_REASONS))),
    "why an instance began to write as another actor, each time: []",
  ),
  wire: optional(
    z.strictObject({
      bytesMax: optional(f.count),
      framesMax: optional(f.count),
      batchesMax: optional(f.count),
    }),
    "what was carried since the last sync step began",
  ),
};

export const checks: z.ZodType<Checks> = z
  .strictObject(shape)
  .meta({ id: "checks" }) as z.ZodType as z.ZodType<Checks>;

export const ending: z.ZodType<Ending> = z.strictObject({
  ...shape,
  heal: optional(f.yes, "all faults end, everybody is up"),
  sync: optional(z.literal("all"), "until nothing moves any more"),
  invariants: optional(z.literal("all")),
}) as z.ZodType as z.ZodType<Ending>;
