import type { ErrorCode } from "../../../src/base/error-codes.ts";
import type { AuthorCommand, AuthorOutcome } from "../../../src/log/author.ts";
import type { Action } from "../../../src/scenario/format/actions.ts";
import type { Fault } from "../../../src/scenario/format/faults.ts";
import type { PutAside } from "../../../src/scenario/world/disasters.ts";
import type { CommitFault } from "../../../src/scenario/world/faults.ts";
import type { PlannedLink } from "../../../src/scenario/world/links.ts";
import type { Commit, CommitKind } from "../../../src/scenario/world/simulated-store.ts";
import type { Wire } from "../../../src/scenario/world/wire.ts";
import type { Deed, EndedHow, Witness } from "../../../src/scenario/world/witness.ts";
import type { World } from "../../../src/scenario/world/world.ts";
import type { RunRow } from "../../../src/store/rows.ts";
import type { PolicyChange } from "../../../src/store/store.ts";
import { changeActions } from "./tell-changes.ts";
import { deedAction, stopsIt } from "./tell-deeds.ts";

/** When something happened, also by what had gone over the network and into stores by then. */
export interface Moment {
  readonly atMs: number;
  readonly frames: ReadonlyMap<string, number>;
  readonly commits: ReadonlyMap<string, number>;
}

/** What tells the moment of a fault best: frames so far, of one side or all, commits, or the time. */
export type Anchor =
  | { readonly by: "frames"; readonly from?: string }
  | { readonly by: "commits"; readonly on: string }
  | { readonly by: "time"; readonly moreMs?: number };

export interface RecordedRun {
  readonly link: PlannedLink;
  /** Undefined while it is under way. */
  outcome: RunRow["outcome"] | undefined;
}

/** Something that happened in the chaos of a seed, in the words of scenarios. */
export type Recorded = { readonly moment: Moment } & (
  | { readonly kind: "action"; readonly action: Action }
  | { readonly kind: "fault"; fault: Fault; readonly anchor: Anchor }
  | { readonly kind: "run"; readonly run: RecordedRun }
  | { readonly kind: "ended"; readonly run: RecordedRun }
);

type Pair = readonly [string, string];

/** What is said of an edit that the disk does not take. */
const REFUSED: Readonly<Record<"refuse" | "ioError", ErrorCode>> = {
  refuse: "DISK_FULL",
  ioError: "STORE_IO",
};

/** Writes down what a seed does, to be told again as a scenario. */
export class Recorder implements Witness {
  readonly #world: World;
  readonly #recorded: Recorded[] = [];
  readonly #frames = new Map<string, number>();
  readonly #commits = new Map<string, number>();
  readonly #types = new Map<string, string>();
  readonly #backups = new Map<PutAside, string>();
  /** Names of instances by all ids that they had. */
  readonly #names = new Map<string, string>();
  /** Connections whose ends do not hear that the other one died. */
  #silent: { readonly wire: Wire; readonly ends: Pair }[] = [];
  /** Who is stopped by what was just written down. */
  #stopping: { readonly on: string; readonly atMs: number } | undefined;
  readonly #down = new Map<string, Recorded & { kind: "fault" }>();
  /** Connections that will break, and after how many frames of one side. */
  #breaking: { ends: Pair; from: string; at: number; lateMs: number }[] = [];
  readonly #upAtMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  get all(): readonly Recorded[] {
    return this.#recorded;
  }

  did(deed: Deed): void {
    if ("backup" in deed) this.#backups.set(deed.backup, `backup-${this.#backups.size + 1}`);
    if (stopsIt(deed)) this.#stopping = { on: deed.on, atMs: this.#world.scheduler.nowMs };
    this.#act(deedAction(deed, this.#backups));
  }

  /** An instance's clock jumps. */
  jumped(on: string, ms: number): void {
    this.#act({ on, setClock: `${ms < 0 ? "" : "+"}${ms}ms` });
  }

  committed(on: string, { kind, argument, outcome }: Commit): void {
    this.#commits.set(on, (this.#commits.get(on) ?? 0) + 1);
    if (kind === "changePolicy") this.#act(this.#policy(on, argument as PolicyChange));
    if (kind !== "author") return;
    const made = outcome as AuthorOutcome;
    for (const { object, type } of made.revisions) this.#types.set(object, type);
    for (const action of changeActions(on, argument as AuthorCommand, made, this.#types)) {
      this.#act(action);
    }
  }

  failed(on: string, fault: CommitFault, kind: CommitKind, argument: unknown): void {
    if (fault === undefined || fault === "crash") return;
    const what = fault === "refuse" ? { diskFull: on } : { ioError: on };
    this.#failing(on, what, fault);
    const expect = { error: REFUSED[fault] };
    if (kind === "changePolicy") {
      this.#act({ ...this.#policy(on, argument as PolicyChange), expect } as Action);
    }
    if (kind !== "author") return;
    const { changes } = argument as AuthorCommand;
    const [first] = changeActions(on, argument as AuthorCommand, changes, this.#types);
    if (first !== undefined) this.#act({ ...first, expect } as Action);
  }

  /** A disk that does not take the next commit, or none for some time. */
  #failing(on: string, fault: Fault, how: "refuse" | "ioError"): void {
    const commits = this.#commits.get(on) ?? 0;
    const key = how === "refuse" ? "diskFull" : "ioError";
    const before = this.#recorded.findLast((one) => one.kind === "fault" && key in one.fault);
    if (before?.kind !== "fault" || (before.moment.commits.get(on) ?? 0) !== commits) {
      this.#fault(fault, { by: "commits", on });
      return;
    }
    const ms = Math.ceil(this.#world.scheduler.nowMs - before.moment.atMs);
    before.fault = { ...fault, for: `${ms}ms` } as Fault;
  }

  ended(on: string, how: EndedHow): void {
    const { nowMs } = this.#world.scheduler;
    const isTold = this.#stopping?.on === on && this.#stopping.atMs === nowMs;
    this.#stopping = undefined;
    if (isTold || how === "asked") return;
    this.#silent = this.#silent.filter(({ wire }) => !wire.isOver);
    for (const { ends } of this.#silent) {
      if (ends.includes(on)) this.#fault({ halfOpen: ends }, { by: "frames" });
    }
    const anchor: Anchor = how === "crash after commit" ? { by: "commits", on } : { by: "frames" };
    this.#down.set(on, this.#fault({ crash: on }, anchor));
  }

  /** How long an instance that just ended stays down. */
  isDown(on: string, ms: number): void {
    const crash = this.#down.get(on);
    this.#down.delete(on);
    if (crash !== undefined) crash.fault = { crash: on, for: `${ms}ms` };
    this.#upAtMs.set(on, this.#world.scheduler.nowMs + ms);
  }

  ran(link: PlannedLink): (run: RunRow | undefined) => void {
    // Others run by themselves, in a scenario too.
    if ((link.mode ?? "manual") !== "manual") return () => {};
    const run: RecordedRun = { link, outcome: undefined };
    this.#add({ kind: "run", run });
    this.#tellDown(link);
    return (row) => {
      run.outcome = row?.outcome ?? "interrupted";
      this.#add({ kind: "ended", run });
    };
  }

  /** Who is down when a run begins is so for a while of it, whatever time it takes until then. */
  #tellDown({ source, target }: PlannedLink): void {
    const { nowMs } = this.#world.scheduler;
    for (const name of [source, target]) {
      const ms = Math.ceil((this.#upAtMs.get(name) ?? 0) - nowMs);
      if (this.#world.get(name).running !== undefined || ms <= 0) continue;
      this.#fault({ crash: name, for: `${ms}ms` }, { by: "frames" });
    }
  }

  delivered(from: string): void {
    this.#frames.set(from, (this.#frames.get(from) ?? 0) + 1);
    this.#break();
  }

  /** The connection that is made now is slow. */
  slowed(ends: Pair, latencyMs: number, bytesPerMs: number): void {
    this.#fault({ delay: ends, by: `${latencyMs}ms` }, { by: "frames" });
    const bytesPerSecond = Math.max(1, Math.round(bytesPerMs * 1000));
    this.#fault({ slow: ends, bytesPerSecond }, { by: "frames" });
  }

  /** The connection that is made now breaks at a frame; its ends learn it at once, or late. */
  breaks(ends: Pair, from: string, frames: number, lateMs: number): void {
    this.#breaking.push({ ends, from, lateMs, at: (this.#frames.get(from) ?? 0) + frames });
    this.#break();
  }

  /** What breaks now. Ends that learn it late do not hear anything more until then. */
  #break(): void {
    const due = this.#breaking.filter(({ from, at }) => (this.#frames.get(from) ?? 0) >= at);
    if (due.length === 0) return;
    this.#breaking = this.#breaking.filter((one) => !due.includes(one));
    for (const { ends, from, lateMs } of due) {
      const isLate = lateMs > 0;
      this.#fault(isLate ? { halfOpen: ends } : { cut: ends }, { by: "frames", from });
      if (isLate) this.#fault({ cut: ends }, { by: "time", moreMs: lateMs });
    }
  }

  connected(wire: Wire, ends: Pair): void {
    if (wire.options.pace.diesSilently) this.#silent.push({ wire, ends });
  }

  /** A connection swallows what is sent from now on. */
  silenced(ends: Pair): void {
    this.#fault({ halfOpen: ends }, { by: "frames" });
  }

  /** A connection breaks, at a moment that no frame tells. */
  cut(ends: Pair): void {
    this.#fault({ cut: ends }, { by: "time" });
  }

  /** A policy with the names of instances where it has their ids. */
  #policy(on: string, change: PolicyChange): Action {
    for (const { identity, name } of this.#world.instances.values()) {
      this.#names.set(identity.instance, name);
    }
    const nameOf = (id: string): string => this.#names.get(id) ?? id;
    if ("adopt" in change) return { on, adopt: nameOf(change.adopt) };
    const text = JSON.stringify(change.policy);
    const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
    return { on, policy: JSON.parse(text.replaceAll(uuid, nameOf)) };
  }

  #act(action: Action): void {
    this.#add({ kind: "action", action });
  }

  #fault(fault: Fault, anchor: Anchor): Recorded & { kind: "fault" } {
    const recorded = { kind: "fault" as const, fault, anchor };
    return this.#add(recorded) as Recorded & { kind: "fault" };
  }

  #add<What extends object>(what: What): What & { readonly moment: Moment } {
    const { nowMs: atMs } = this.#world.scheduler;
    const moment = { atMs, frames: new Map(this.#frames), commits: new Map(this.#commits) };
    const whole = Object.assign(what, { moment });
    this.#recorded.push(whole as unknown as Recorded);
    return whole;
  }
}
