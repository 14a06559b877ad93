interface Event {
  readonly atMs: number;
  readonly order: number;
  run: (() => void | Promise<void>) | undefined;
}

/** What ends {@link Scheduler.run} beside time. */
export interface Until {
  readonly timeMs: number;
  /** Asked after each event. */
  readonly done?: () => boolean;
}

/**
 * Virtual time: events in order of time, then of their making. Nothing happens between events, and
 * everything that an event sets going is over before the next one, so that a run depends on nothing
 * but its events.
 */
export class Scheduler {
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #order = 0;
  #events = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events ran. */
  get events(): number {
    return this.#events;
  }

  /** Runs `run` once after `ms` milliseconds of virtual time; the returned function cancels it. */
  after(ms: number, run: () => void | Promise<void>): () => void {
    const event: Event = { atMs: this.#nowMs + Math.max(0, ms), order: this.#order++, run };
    this.#push(event);
    return () => {
      event.run = undefined;
    };
  }

  /** Runs events up to and including a time; true when `done` ended it. */
  async run({ timeMs, done }: Until): Promise<boolean> {
    // What was set going before may make the first event.
    await settled(0);
    for (let next = this.#heap[0]; next && next.atMs <= timeMs; next = this.#heap[0]) {
      this.#pop();
      if (next.run === undefined) continue;
      this.#nowMs = next.atMs;
      this.#events += 1;
      await next.run();
      await settled(this.#events);
      if (done?.() === true) return true;
    }
    this.#nowMs = Math.max(this.#nowMs, timeMs);
    return false;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = heap[(at - 1) >> 1] as Event;
      if (isBefore(parent, event)) break;
      heap[at] = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Event)) child += 1;
      if (isBefore(last, heap[child] as Event)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** After so many events, what is outside of the simulation has its turn too. */
const EVENTS_IN_A_ROW = 512;

/**
 * Resolves when everything that was waiting for promises had its turn: a tick comes when there are
 * no more of them, without the round of the event loop that an immediate takes.
 */
function settled(events: number): Promise<void> {
  return new Promise((resolve) => {
    if (events % EVENTS_IN_A_ROW === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });
}
