import type { JsonObject } from "../../../src/base/json.ts";
import type { After, During, Fault } from "../../../src/scenario/format/faults.ts";
import type {
  DoStep,
  InstanceSpec,
  LinkSpec,
  Scenario,
  Step,
  SyncExpect,
  SyncStep,
} from "../../../src/scenario/format/scenario.ts";
import type { PlannedLink } from "../../../src/scenario/world/links.ts";
import { TAKES_ALL } from "../../../src/scenario/world/scopes.ts";
import type { Outcome } from "../../../src/store/rows.ts";
import type { Anchor, Moment, Recorded, RecordedRun } from "./recorder.ts";

const EPOCH = "2026-01-15T10:00:00Z";
const AT_ONCE: After = { time: "0ms" };
/** Between two steps, so that there is room for another one. */
const STEP_MS = 10;

/** What a scenario needs to know of a seed's world. */
export interface Cast {
  readonly seed: number;
  readonly instances: Readonly<Record<string, InstanceSpec>>;
  readonly links: readonly PlannedLink[];
}

/** What a seed did, as the steps of a scenario; what happened amid a run, amid its step. */
export function toScenario(cast: Cast, recorded: readonly Recorded[], name: string): Scenario {
  const teller = new Teller(cast.links);
  for (const one of recorded) teller.tell(one);
  return {
    scenario: 1,
    name,
    clock: EPOCH,
    seed: cast.seed % 2 ** 32,
    instances: cast.instances,
    links: cast.links.map(linkOf),
    timeline: teller.end(),
    finally: { heal: true, sync: "all", invariants: "all" },
  };
}

function linkOf(link: PlannedLink): LinkSpec {
  const { source, target, direction, mode, maxRemovals, onLeave, organizations } = link;
  const { scope = TAKES_ALL.text } = link;
  const { map = [], unmapped } = organizations ?? {};
  return {
    ...{ from: source, to: target, direction },
    ...(mode === undefined ? {} : { mode }),
    ...(scope === null ? {} : { scope: JSON.parse(scope) as JsonObject }),
    ...(maxRemovals === undefined ? {} : { maxRemovals }),
    ...(onLeave === undefined ? {} : { onLeave }),
    ...(link.refusesPurges === true ? { refusePurges: true } : {}),
    ...(map.length === 0
      ? {}
      : { map: Object.fromEntries(map.map(({ theirs, ours }) => [theirs, ours])) }),
    ...(unmapped === undefined ? {} : { unmapped }),
  };
}

/** A sync step that is being told: its run is under way. */
interface Open {
  readonly run: RecordedRun;
  readonly start: Moment;
  readonly during: During[];
}

/** Makes steps of what was recorded, one thing after the other. */
class Teller {
  readonly #links: readonly PlannedLink[];
  readonly #steps: Step[] = [];
  #ms = 0;
  #open: Open | undefined;

  constructor(links: readonly PlannedLink[]) {
    this.#links = links;
  }

  tell(one: Recorded): void {
    if (one.kind === "run") this.#begin(one.run, one.moment);
    else if (one.kind === "ended") {
      if (this.#open?.run === one.run) this.#close(one.moment.atMs);
    } else if (this.#open !== undefined) this.#amid(this.#open, one);
    else this.#apart(one);
  }

  end(): readonly Step[] {
    if (this.#open !== undefined) this.#close(this.#open.start.atMs);
    return this.#steps;
  }

  /** A run amid another one is a second session. */
  #begin(run: RecordedRun, start: Moment): void {
    if (this.#open === undefined) this.#open = { run, start, during: [] };
    else {
      const { source, target } = run.link;
      const after = afterOf({ by: "frames" }, start, this.#open.start);
      this.#open.during.push({ after, fault: { duplicate: [source, target] } });
    }
  }

  #amid({ start, during }: Open, one: Exclude<Recorded, { kind: "run" | "ended" }>): void {
    if (one.kind === "fault") {
      const after = afterOf(one.anchor, one.moment, start);
      during.push("time" in after ? atOnce(one.fault, after) : { after, fault: one.fault });
    } else {
      during.push({ after: afterOf({ by: "frames" }, one.moment, start), do: [one.action] });
    }
  }

  /** What is slow is so as long as the run; a run that did not end well has to do so again. */
  #close(endMs: number): void {
    const { run, start, during } = this.#open as Open;
    this.#open = undefined;
    const { link, outcome } = run;
    const { source, target } = link;
    const lastsMs = Math.max(1, Math.ceil(endMs - start.atMs));
    const lasting = during.map((one): During => {
      if (!("fault" in one) || !("delay" in one.fault || "slow" in one.fault)) return one;
      return { ...one, fault: { ...one.fault, for: `${lastsMs}ms` } };
    });
    this.#add(start.atMs, {
      sync: [source, target],
      ...(lasting.length === 0 ? {} : { during: lasting }),
      ...(outcome === undefined || outcome === "ok" ? {} : { expect: attemptThat(outcome) }),
    });
  }

  /** Without a run: an edit that a disk does not take needs one, for faults belong to syncs. */
  #apart(one: Exclude<Recorded, { kind: "run" | "ended" }>): void {
    const { atMs } = one.moment;
    if (one.kind === "action") {
      const isRefused = "expect" in one.action && one.action.expect !== undefined;
      const last = this.#steps.at(-1);
      if (!isRefused) this.#add(atMs, { do: [one.action] });
      else if (last !== undefined && "sync" in last) {
        const during = [...(last.during ?? []), { after: AT_ONCE, do: [one.action] }];
        this.#steps.splice(-1, 1, { ...last, during });
      }
    } else if ("crash" in one.fault) {
      this.#add(atMs, { do: [{ on: one.fault.crash, crash: true }] });
    } else this.#failing(atMs, one.fault);
  }

  #failing(atMs: number, fault: Fault): void {
    const on = "diskFull" in fault ? fault.diskFull : "ioError" in fault ? fault.ioError : "";
    const link = this.#links.find(({ source, target }) => source === on || target === on);
    if (link === undefined) return;
    const during = [{ after: AT_ONCE, fault }];
    this.#add(atMs, { sync: [link.source, link.target], during });
  }

  /** Each step has a time of its own, by which it is found. */
  #add(atMs: number, step: Omit<DoStep, "at"> | Omit<SyncStep, "at">): void {
    this.#ms = Math.max(this.#ms + STEP_MS, Math.floor(atMs));
    const at = new Date(Date.parse(EPOCH) + this.#ms).toISOString();
    this.#steps.push({ at, ...step });
  }
}

/** What concerns a connection that is not made yet concerns the next one, or its first frame. */
function atOnce(fault: Fault, after: After): During {
  if ("halfOpen" in fault) return { after, fault: { ...fault, for: "100ms" } };
  return { after: "cut" in fault && after === AT_ONCE ? { frames: 1 } : after, fault };
}

/** One attempt that ends like this, and is not repeated. */
export function attemptThat(outcome: Outcome): SyncExpect {
  return { outcome: outcome === "interrupted" ? "cut-short" : outcome };
}

/** The moment of a fault, counted from the start of its step. */
function afterOf(anchor: Anchor, moment: Moment, start: Moment): After {
  if (anchor.by === "time") {
    return { time: `${Math.floor(moment.atMs - start.atMs + (anchor.moreMs ?? 0))}ms` };
  }
  if (anchor.by === "commits") {
    const { on } = anchor;
    const commits = (moment.commits.get(on) ?? 0) - (start.commits.get(on) ?? 0);
    return commits > 0 ? { commits, on } : AT_ONCE;
  }
  const { from } = anchor;
  const frames = framesOf(moment, from) - framesOf(start, from);
  if (frames === 0) return AT_ONCE;
  return { frames, ...(from === undefined ? {} : { from }) };
}

function framesOf({ frames }: Moment, from?: string): number {
  if (from !== undefined) return frames.get(from) ?? 0;
  return [...frames.values()].reduce((sum, one) => sum + one, 0);
}
