import type { After, During, Fault } from "../format/faults.ts";
import { durationMs } from "../format/fields.ts";
import { pause } from "../world/disasters.ts";
import { CALM_PACE, type CommitFault, type Faults, type WirePlan } from "../world/faults.ts";
import type { SimulatedInstance } from "../world/simulated-instance.ts";
import type { Wire } from "../world/wire.ts";
import type { World } from "../world/world.ts";

type Pair = readonly [string, string];

/** How long an instance that crashed stays down unless the fault says so. */
const DOWN_MS = 1_000;

interface Connected {
  readonly wire: Wire;
  readonly ends: Pair;
}

/** A stretch of time in which something is wrong between two instances. */
interface Trouble {
  readonly pair: Pair;
  readonly untilMs: number;
  readonly delayMs?: number;
  readonly bytesPerMs?: number;
  readonly isCut?: boolean;
  readonly isSilent?: boolean;
}

/** What waits for its moment. */
interface Waiting {
  readonly after: After;
  readonly happen: () => void;
  /** Frames or commits that are still to come. */
  left: number;
}

/** The faults of a scenario: each at its moment of a sync, as its file says. */
export class ScriptedFaults implements Faults {
  readonly #world: World;
  readonly #connected: Connected[] = [];
  readonly #troubles: Trouble[] = [];
  /** Disks that take nothing: until when, and why. */
  readonly #failing = new Map<string, { untilMs: number; how: "refuse" | "ioError" }>();
  #waiting: Waiting[] = [];
  readonly #downMs = new Map<string, number>();
  /** What was to happen amid syncs, and did. */
  readonly happened: Set<During> = new Set();

  constructor(world: World) {
    this.#world = world;
  }

  /** Waits with what is to happen during a step that begins now. */
  expect(during: readonly During[], act: (one: During) => void): void {
    for (const one of during) {
      const { after } = one;
      const happen = (): void => {
        this.happened.add(one);
        act(one);
      };
      if ("time" in after) this.#world.scheduler.after(durationMs(after.time), happen);
      else
        this.#waiting.push({
          after,
          happen,
          left: "frames" in after ? after.frames : after.commits,
        });
    }
  }

  /** What did not come to pass before the step was over; forgets it. */
  end(): readonly After[] {
    return this.#waiting.splice(0).map(({ after }) => after);
  }

  /** Lets a fault happen now. */
  happen(fault: Fault): void {
    this.#world.trace.add("*", `fault: ${JSON.stringify(fault)}`);
    if ("cut" in fault) {
      this.#trouble(fault.cut, fault.for, { isCut: true });
      for (const { wire } of this.#between(fault.cut)) wire.cut();
    } else if ("halfOpen" in fault) {
      this.#trouble(fault.halfOpen, fault.for, { isSilent: true });
      for (const { wire } of this.#between(fault.halfOpen)) silence(wire);
    } else if ("delay" in fault) {
      this.#trouble(fault.delay, fault.for ?? "1h", { delayMs: durationMs(fault.by) });
    } else if ("slow" in fault) {
      this.#trouble(fault.slow, fault.for ?? "1h", { bytesPerMs: fault.bytesPerSecond / 1000 });
    } else if ("late" in fault) this.#late(fault.late, durationMs(fault.by));
    else if ("duplicate" in fault) this.#duplicate(fault.duplicate);
    else if ("crash" in fault) this.#crash(fault.crash, fault.for);
    else if ("diskFull" in fault) this.#fail(fault.diskFull, fault.for, "refuse");
    else if ("ioError" in fault) this.#fail(fault.ioError, fault.for, "ioError");
    else if ("pause" in fault) pause(this.#world, fault.pause, durationMs(fault.for));
  }

  #trouble(pair: Pair, duration: string | undefined, what: Partial<Trouble>): void {
    const ms = duration === undefined ? 0 : durationMs(duration);
    this.#troubles.push({ pair, untilMs: this.#world.scheduler.nowMs + ms, ...what });
  }

  /** What is on its way still arrives, after the one who sent it has gone on. */
  #late(pair: Pair, ms: number): void {
    this.#troubles.push({ pair, untilMs: this.#world.scheduler.nowMs + 1, delayMs: ms });
    for (const { wire } of this.#between(pair)) wire.breakEnd(wire.dialer);
  }

  #duplicate(pair: Pair): void {
    for (const link of this.#world.links) {
      if (isPair([link.source, link.target], pair)) void this.#world.runLink(link);
    }
  }

  #crash(name: string, duration: string | undefined): void {
    if (duration !== undefined) this.#downMs.set(name, durationMs(duration));
    this.#world.crash(name);
  }

  #fail(name: string, duration: string | undefined, how: "refuse" | "ioError"): void {
    const ms = duration === undefined ? 0 : durationMs(duration);
    this.#failing.set(name, { untilMs: this.#world.scheduler.nowMs + ms, how });
  }

  #between(pair: Pair): readonly Connected[] {
    return this.#connected.filter(({ wire, ends }) => !wire.isOver && isPair(ends, pair));
  }

  #now(ends: Pair): readonly Trouble[] {
    const { nowMs } = this.#world.scheduler;
    return this.#troubles.filter(({ pair, untilMs }) => untilMs > nowMs && isPair(pair, ends));
  }

  refuses(dialer: string, acceptor: string): boolean {
    return this.#now([dialer, acceptor]).some(({ isCut }) => isCut === true);
  }

  wire(dialer: string, acceptor: string): WirePlan {
    const now = (): readonly Trouble[] => this.#now([dialer, acceptor]);
    const pace = {
      ...CALM_PACE,
      latencyMs: () => now().reduce((sum, { delayMs = 0 }) => sum + delayMs, 1),
      get bytesPerMs() {
        return Math.min(...now().map((one) => one.bytesPerMs ?? Number.POSITIVE_INFINITY));
      },
    };
    return { pace };
  }

  connected(wire: Wire, dialer: string, acceptor: string): void {
    this.#connected.push({ wire, ends: [dialer, acceptor] });
    if (this.#now([dialer, acceptor]).some(({ isSilent }) => isSilent === true)) silence(wire);
  }

  delivered(from: string): void {
    this.#count((after) => "frames" in after && (after.from ?? from) === from);
  }

  beforeCommit({ name }: SimulatedInstance): CommitFault {
    const failing = this.#failing.get(name);
    if (failing === undefined) return undefined;
    if (failing.untilMs <= this.#world.scheduler.nowMs) this.#failing.delete(name);
    return failing.how;
  }

  afterCommit({ name }: SimulatedInstance): boolean {
    this.#count((after) => "commits" in after && (after.on ?? name) === name);
    return this.#world.get(name).running === undefined;
  }

  #count(isMeant: (after: After) => boolean): void {
    const due = this.#waiting.filter((one) => isMeant(one.after) && --one.left === 0);
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    for (const { happen } of due) happen();
  }

  crashed({ name }: SimulatedInstance): void {
    const ms = this.#downMs.get(name) ?? DOWN_MS;
    this.#downMs.delete(name);
    this.#world.scheduler.after(ms, () => this.#world.start(name));
  }

  storeMs(): number {
    return 0.1;
  }
}

function isPair(one: Pair, other: Pair): boolean {
  return (
    (one[0] === other[0] && one[1] === other[1]) || (one[0] === other[1] && one[1] === other[0])
  );
}

function silence(wire: Wire): void {
  wire.silence("out");
  wire.silence("in");
}
