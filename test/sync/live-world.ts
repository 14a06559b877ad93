// Two stores with a live session between them, and ways to wait for what it does.
import { systemTimers, type Timers } from "../../src/base/ports/timers.ts";
import type { Direction, RunRow } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import type { Connection } from "../../src/sync/connection.ts";
import { acceptSync } from "../../src/sync/host/accept-sync.ts";
import { LiveRegister } from "../../src/sync/host/live-register.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { type MemoryPair, memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { linkRow, seededRandom, tickingClock } from "./world.ts";

const random = seededRandom("live runs");

export interface LiveSession {
  /** What was delivered so far: `>` from the dialer, `<` from the acceptor. */
  readonly frames: string[];
  /** Resolves when everything was carried, the next time. */
  inStep(): Promise<void>;
  cut(): void;
  /** From now on nothing is delivered, until {@link release}. */
  hold(): void;
  release(): void;
  /** Bytes that a side has sent and that nobody took yet. */
  buffered(side: "dialer" | "acceptor"): number;
  stop(side: "dialer" | "acceptor"): void;
  readonly dialer: Promise<RunRow>;
  readonly acceptor: Promise<RunRow>;
}

export interface LiveOptions {
  readonly link?: string;
  readonly register?: LiveRegister;
  /** Ends the dialer's side, also before it is in step. */
  readonly signal?: AbortSignal;
  readonly timers?: Timers;
}

/** Opens a live session; resolves when it is in step for the first time. */
export async function liveSession(
  local: Store,
  remote: Store,
  direction: Direction,
  {
    link: name = "l",
    register = new LiveRegister(),
    signal: early,
    timers = systemTimers,
  }: LiveOptions = {},
): Promise<LiveSession> {
  const frames: string[] = [];
  let held: (() => void)[] | undefined;
  const pair: MemoryPair = memoryPair({
    schedule: (deliver) => (held === undefined ? queueMicrotask(deliver) : held.push(deliver)),
    onFrame(from, data) {
      const kind = typeof data === "string" ? (/^{"m":"(\w+)"/.exec(data)?.[1] ?? "?") : "batch";
      frames.push(`${from === "dialer" ? ">" : "<"}${kind}`);
    },
  });
  const known = (await local.links()).find((link) => link.name === name);
  const link = known ?? linkRow(direction, { name, mode: "live" });
  if (known === undefined) await local.saveLink(link);
  const ports = { clock: tickingClock(), timers, random };
  const [dialing, accepting] = [new AbortController(), new AbortController()];
  const allow = { pull: true, push: true };
  const acceptor = acceptSync({
    ...{ store: remote, connection: pair.acceptor, allow, register, ...ports },
    signal: accepting.signal,
  });
  let wake: (() => void)[] = [];
  const next = (): Promise<void> => new Promise((resolve) => wake.push(resolve));
  const first = next();
  const onInStep = (): void => {
    for (const resolve of wake) resolve();
    wake = [];
  };
  const dial = (): Promise<Connection> => Promise.resolve(pair.dialer);
  const live = { onInStep };
  const signal = AbortSignal.any([dialing.signal, ...(early === undefined ? [] : [early])]);
  const dialer = runLink({ store: local, link, dial, ...ports, live, signal });
  await Promise.race([first, dialer]);
  return {
    frames,
    inStep: next,
    cut: pair.cut,
    hold: () => {
      held = [];
    },
    release: () => {
      for (const deliver of held?.splice(0) ?? []) queueMicrotask(deliver);
      held = undefined;
    },
    buffered: (side) => pair[side].bufferedBytes,
    stop: (side) => (side === "dialer" ? dialing : accepting).abort(),
    dialer,
    acceptor,
  };
}

/** Waits until something holds that a live session brings about. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const endMs = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error("it did not come about in time");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
