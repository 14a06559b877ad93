import type { JsonObject } from "../../../src/base/json.ts";
import type { Change } from "../../../src/log/author.ts";
import type { Action } from "../../../src/scenario/format/actions.ts";
import type { During } from "../../../src/scenario/format/faults.ts";
import type {
  LinkSpec,
  Scenario,
  Step,
  SyncExpect,
} from "../../../src/scenario/format/scenario.ts";
import type { PlannedLink } from "../../../src/scenario/world/links.ts";
import { TAKES_ALL } from "../../../src/scenario/world/scopes.ts";
import type { Outcome } from "../../../src/store/rows.ts";
import { dumpedOf } from "../workload/workload.ts";
import type { Recorded, RecordedRun } from "./recorder.ts";

const EPOCH = "2026-01-15T10:00:00Z";

/** What a scenario needs to know of a seed's world. */
export interface Cast {
  readonly seed: number;
  readonly instances: readonly string[];
  readonly links: readonly PlannedLink[];
  readonly files: ReadonlySet<string>;
  /** The types of objects by id, for those that changes only name by id. */
  readonly typeOf: (object: string) => string | undefined;
  /** The name that an instance's id stands for. */
  readonly nameOf: (id: string) => string;
}

/** What a seed did, as the steps of a scenario, one thing after the other. */
export function toScenario(cast: Cast, recorded: readonly Recorded[], name: string): Scenario {
  const specs = cast.instances.map((instance) => {
    return [instance, cast.files.has(instance) ? { store: "sqlite" as const } : {}] as const;
  });
  const timeline: Step[] = [];
  let ms = 0;
  for (const one of recorded) {
    // Each step has a time of its own, by which it is found.
    ms = Math.max(ms + 1, Math.floor(one.atMs));
    const step = stepOf(cast, one, new Date(Date.parse(EPOCH) + ms).toISOString());
    if (step !== undefined) timeline.push(step);
  }
  return {
    scenario: 1,
    name,
    clock: EPOCH,
    seed: cast.seed % 2 ** 32,
    instances: Object.fromEntries(specs),
    links: cast.links.map(linkOf),
    timeline,
    finally: { heal: true, sync: "all", invariants: "all" },
  };
}

function linkOf({ source, target, direction, scope = TAKES_ALL.text }: PlannedLink): LinkSpec {
  const link = { from: source, to: target, direction };
  return scope === null ? link : { ...link, scope: JSON.parse(scope) as JsonObject };
}

function stepOf(cast: Cast, one: Recorded, at: string): Step | undefined {
  if (one.kind === "run") return syncOf(one, at);
  const action = actionOf(cast, one);
  return action && { at, do: [action] };
}

function syncOf({ link, broken, crashed, outcome }: RecordedRun, at: string): Step {
  const { source, target } = link;
  const during: During[] = [];
  if (broken !== undefined) {
    const { from, frames } = broken;
    during.push({ after: { frames, from }, fault: { cut: [source, target] } });
  }
  if (crashed !== undefined) {
    const { on, commits } = crashed;
    during.push({ after: { commits, on }, fault: { crash: on } });
  }
  return {
    at,
    sync: [source, target],
    ...(during.length === 0 ? {} : { during }),
    ...(outcome === undefined || outcome === "ok" ? {} : { expect: attemptThat(outcome) }),
  };
}

/** One attempt that ends like this, and is not repeated. */
export function attemptThat(outcome: Outcome): SyncExpect {
  return { outcome: outcome === "interrupted" ? "cut-short" : outcome };
}

function actionOf(cast: Cast, one: Exclude<Recorded, { kind: "run" }>): Action | undefined {
  const { on } = one;
  if (one.kind === "crash") return { on, crash: true };
  if (one.kind === "jump") return { on, setClock: `${one.ms < 0 ? "" : "+"}${one.ms}ms` };
  if (one.kind === "policy") {
    if (!("policy" in one.change)) return undefined;
    return { on, policy: named(cast, one.change.policy) as JsonObject };
  }
  return changeOf(cast, on, one.change);
}

function changeOf(cast: Cast, on: string, change: Change): Action | undefined {
  const type = change.kind === "put" ? change.type : cast.typeOf(change.object);
  const ref = `${type}/${change.object}`;
  switch (change.kind) {
    case "put":
      return creation(on, change);
    case "set":
      return { on, set: ref, value: change.value };
    case "patch":
      return { on, patch: ref, ops: change.patch as JsonObject[] };
    case "rename":
      return { on, rename: ref, to: change.name };
    case "delete":
      return { on, delete: ref };
    case "undelete":
      return { on, undelete: ref };
    case "purge":
      return { on, purge: ref };
    case "shun":
      return { on, shun: ref };
    case "resolve": {
      const [one] = change.resolutions;
      if (one?.path === undefined) return undefined;
      const decided = one.value === undefined ? { absent: true as const } : { value: one.value };
      return { on, resolve: ref, path: one.path, ...decided };
    }
    default:
      return undefined;
  }
}

/**
 * What was found inside an object is created with it. What has no name is what it belongs to; then
 * the name here is only one for people.
 */
function creation(on: string, change: Change): Action | undefined {
  const dumped = dumpedOf(change);
  if (dumped === undefined || change.kind !== "put") return undefined;
  const { name, ...value } = dumped.value;
  // Whom it belongs to need not be there: an import brought it.
  if (typeof name !== "string") {
    return { on, create: `${dumped.type}/one`, value: change.content };
  }
  return { on, create: `${dumped.type}/${name}`, value: { ...value, id: change.object } };
}

/** A document with the names of instances where it has their ids. */
function named(cast: Cast, document: unknown): unknown {
  const text = JSON.stringify(document);
  return JSON.parse(
    text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => cast.nameOf(id)),
  );
}
