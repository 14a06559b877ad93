import type { Json, JsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import type { During } from "./faults.ts";
import type { Scenario, Step, Sweep } from "./scenario.ts";

/** The run of the file itself. */
export const BASE = "base";

/** One run of a scenario's family. */
export interface Variant {
  /** Tells it from the others, and replays it: `permute 10:40 10:20`. */
  readonly label: string;
  readonly scenario: Scenario;
  /** The order in which the steps are played, if not the file's. */
  readonly order?: readonly number[];
}

/** A run of a sweep, and the fault that it is about. */
export interface Swept extends Variant {
  readonly fault: During;
}

/** The runs with other settings: every combination of what varies, but the file's own. */
export function varied(scenario: Scenario): readonly Variant[] {
  let combinations: readonly (readonly (readonly [string, Json])[])[] = [[]];
  for (const [path, values] of Object.entries(scenario.vary ?? {})) {
    combinations = combinations.flatMap((some) =>
      values.map((value) => [...some, [path, value] as const]),
    );
  }
  return combinations
    .filter((settings) => settings.length > 0)
    .map((settings) => {
      const label = settings.map(([path, value]) => `${path}=${JSON.stringify(value)}`).join(" ");
      const changed = settings.reduce<Json>(
        (whole, [path, value]) => withSetting(whole, path.split("."), value),
        scenario as unknown as Json,
      );
      return { label: `vary ${label}`, scenario: changed as unknown as Scenario };
    });
}

function withSetting(whole: Json, [key, ...path]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  if (Array.isArray(whole)) {
    return whole.map((one, at) => (String(at) === key ? withSetting(one, path, value) : one));
  }
  const fields: JsonObject = isJsonObject(whole) ? whole : {};
  return { ...fields, [key]: withSetting(fields[key] ?? {}, path, value) };
}

/** The runs with the listed steps in other orders; what one instance does stays in its order. */
export function permuted(scenario: Scenario): readonly Variant[] {
  const { permute = [], timeline } = scenario;
  const places = timeline.flatMap((step, place) => (permute.includes(step.at) ? [place] : []));
  return permutationsOf(places)
    .filter((order) => order.some((place, at) => place !== places[at]))
    .filter((order) => keepsOrders(timeline, order))
    .map((order) => {
      const whole = timeline.map((_, place) => {
        const at = places.indexOf(place);
        return at < 0 ? place : (order[at] as number);
      });
      const times = order.map((place) => timeline[place]?.at).join(" ");
      return { label: `permute ${times}`, scenario, order: whole };
    });
}

function permutationsOf(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((first) =>
    permutationsOf(items.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}

function keepsOrders(timeline: readonly Step[], order: readonly number[]): boolean {
  return order.every((place, at) =>
    order.slice(at + 1).every((later) => {
      return later > place || !sharesInstance(timeline[place], timeline[later]);
    }),
  );
}

function sharesInstance(one: Step | undefined, other: Step | undefined): boolean {
  const [names, others] = [namesOf(one), namesOf(other)];
  const isOfAll = names.includes("all") || others.includes("all");
  return isOfAll || names.some((name) => others.includes(name));
}

/** Whom a step concerns: also from whom it takes something. */
function namesOf(step: Step | undefined): readonly string[] {
  if (step === undefined || "check" in step) return [];
  if ("sync" in step) return step.sync === "all" ? ["all"] : step.sync;
  return step.do.flatMap((action) => [
    action.on,
    ...("importRevisions" in action ? [action.importRevisions] : []),
    ...("adopt" in action ? [action.adopt] : []),
    ...("clone" in action ? [action.clone] : []),
  ]);
}

/** The run of a sweep in which the fault happens at the given commit or frame, from 1. */
export function swept(scenario: Scenario, sweep: Sweep, moment: number): Swept {
  const isCommit = sweep.at === "every-commit";
  const who = "crash" in sweep ? sweep.crash : sweep.cut.join(",");
  const on = isCommit && "crash" in sweep ? { on: sweep.crash } : {};
  const fault: During = {
    after: isCommit ? { commits: moment, ...on } : { frames: moment },
    fault: "crash" in sweep ? { crash: sweep.crash } : { cut: sweep.cut },
  };
  const timeline = scenario.timeline.map((step): Step => {
    if (step.at !== sweep.during || !("sync" in step)) return step;
    return { ...step, during: [...(step.during ?? []), fault] };
  });
  const what = `${"crash" in sweep ? "crash" : "cut"} ${who}`;
  const label = `sweep ${sweep.during} ${what} ${isCommit ? "commit" : "frame"} ${moment}`;
  return { label, scenario: { ...scenario, timeline }, fault };
}
