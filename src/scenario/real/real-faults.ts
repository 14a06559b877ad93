import type { After, During, Fault } from "../format/faults.ts";
import { durationMs } from "../format/fields.ts";
import type { Weather } from "./fault-proxy.ts";
import type { RealLink, RealWorld } from "./real-world.ts";

/** Waiting is shorter than the timeline says: nobody wants to sit through it. */
export const SPEED = 10;
/** How long an instance that crashed stays down unless the fault says so. */
const DOWN = "1s";
/** What lasts until the network heals. */
const LONG = "1h";

/** What waits for its moment. */
interface Waiting {
  readonly after: After;
  readonly happen: () => void;
  /** Messages or commits that are still to come. */
  left: number;
}

type Pair = readonly [string, string];

/** The faults of a scenario, done to real processes and to the connections between them. */
export class RealFaults {
  readonly #world: RealWorld;
  #waiting: Waiting[] = [];
  /** What was to happen amid syncs, and did. */
  readonly happened: Set<During> = new Set();
  /** What ends the faults that last, and when that is due on the timeline. */
  readonly #ends = new Map<() => void, number>();

  constructor(world: RealWorld) {
    this.#world = world;
    world.onDelivered = (from) => {
      this.#count((after) => "frames" in after && (after.from ?? from) === from);
    };
    world.onCommit = (name) => {
      this.#count((after) => "commits" in after && (after.on ?? name) === name);
    };
  }

  /** Waits with what is to happen during a step that begins now. */
  async expect(during: readonly During[], act: (one: During) => void): Promise<void> {
    if (during.some(({ after }) => "commits" in after)) await this.#world.holdCommits(true);
    for (const one of during) {
      const { after } = one;
      const happen = (): void => {
        this.happened.add(one);
        act(one);
      };
      if ("time" in after) this.#later(after.time, happen);
      else {
        const left = "frames" in after ? after.frames : after.commits;
        this.#waiting.push({ after, happen, left });
      }
    }
  }

  /** What did not come to pass before the step was over; forgets it. */
  async end(): Promise<readonly After[]> {
    await this.#world.holdCommits(false);
    return this.#waiting.splice(0).map(({ after }) => after);
  }

  /** Ends what is over by a time; without one, all faults. */
  heal(byMs: number = Number.POSITIVE_INFINITY): void {
    for (const [end, dueMs] of this.#ends) if (dueMs <= byMs) end();
  }

  /** Lets a fault happen now. */
  happen(fault: Fault): void {
    this.#world.trace.add("*", `fault: ${JSON.stringify(fault)}`);
    if ("cut" in fault) {
      if (fault.for !== undefined) this.#weather(fault.cut, fault.for, { isDown: true });
      for (const { proxy } of this.#between(fault.cut)) proxy.cut();
    } else if ("halfOpen" in fault) {
      for (const { proxy } of this.#between(fault.halfOpen)) proxy.silence();
      if (fault.for !== undefined) this.#weather(fault.halfOpen, fault.for, { blackHole: true });
    } else if ("delay" in fault) {
      this.#weather(fault.delay, fault.for ?? LONG, { latencyMs: durationMs(fault.by) });
    } else if ("slow" in fault) {
      const { bytesPerSecond } = fault;
      this.#weather(fault.slow, fault.for ?? LONG, { bytesPerSecond });
    } else if ("late" in fault) {
      for (const { proxy } of this.#between(fault.late)) this.#lasting(fault.by, proxy.breakLate());
    } else if ("duplicate" in fault) {
      for (const link of this.#between(fault.duplicate)) {
        this.#world.chore(this.#world.runLink(link));
      }
    } else if ("crash" in fault) void this.crash(fault.crash, fault.for);
    else if ("pause" in fault) this.pause(fault.pause, fault.for);
    else if ("diskFull" in fault) this.#fill(fault.diskFull, fault.for);
    else if ("ioError" in fault) this.#failDisk(fault.ioError, fault.for);
  }

  #weather(pair: Pair, duration: string, weather: Weather): void {
    const links = this.#between(pair);
    for (const { proxy } of links) proxy.weather = { ...proxy.weather, ...weather };
    this.#lasting(duration, () => {
      for (const { proxy } of links) {
        const kept = Object.entries(proxy.weather).filter(([key]) => !Object.hasOwn(weather, key));
        proxy.weather = Object.fromEntries(kept);
      }
    });
  }

  /** Kills a process, whose instance starts again after a while; what is between, it does not know. */
  crash(name: string, duration: string = DOWN, between?: () => void): Promise<void> {
    const world = this.#world;
    const killed = world.crash(name).then(between);
    world.chore(killed);
    const again = async (): Promise<void> => {
      await killed;
      await world.start(name);
    };
    this.#lasting(duration, () => world.chore(again()));
    return killed;
  }

  /** Holds a process for a while. */
  pause(name: string, duration: string): void {
    const served = this.#world.get(name).served;
    served?.pause();
    this.#lasting(duration, () => this.#world.chore(served?.resume() ?? Promise.resolve()));
  }

  #fill(name: string, duration = "0s"): void {
    const served = this.#world.get(name).served;
    if (served === undefined) return;
    this.#world.chore(served.limitFiles(0));
    this.#lasting(duration, () => this.#world.chore(served.limitFiles(undefined)));
  }

  #failDisk(name: string, duration?: string): void {
    const served = this.#world.get(name).served;
    if (served === undefined) return;
    this.#world.chore(served.failDisk(duration === undefined ? "next" : "on"));
    if (duration === undefined) return;
    this.#lasting(duration, () => this.#world.chore(served.failDisk("off")));
  }

  /** Calls `end` after a time, or when all heals. */
  #lasting(duration: string, end: () => void): void {
    const once = (): void => {
      if (this.#ends.delete(once)) end();
    };
    this.#ends.set(once, this.#world.nowMs + durationMs(duration));
    this.#later(duration, once);
  }

  #later(duration: string, happen: () => void): void {
    setTimeout(happen, durationMs(duration) / SPEED).unref();
  }

  #between([one, other]: Pair): readonly RealLink[] {
    return this.#world.links.filter(({ source, target }) => {
      return (source === one && target === other) || (source === other && target === one);
    });
  }

  #count(isMeant: (after: After) => boolean): void {
    const due = this.#waiting.filter((one) => isMeant(one.after) && --one.left === 0);
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    for (const { happen } of due) happen();
  }
}
