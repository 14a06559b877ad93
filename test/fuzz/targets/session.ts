import { systemTimers } from "../../../src/base/ports/timers.ts";
import { acceptSync } from "../../../src/sync/host/accept-sync.ts";
import { memoryPair } from "../../../src/sync/memory/memory-connection.ts";
import { Attacker, CHAIN_0, eveEpoch, HELLO } from "../../hostile/attacker.ts";
import { addPackages, memoryStore, range, seededRandom, tickingClock } from "../../sync/world.ts";
import { demand, type FuzzTarget } from "../target.ts";

type Step = (eve: Attacker, number: number) => Promise<void> | void;

const say =
  (make: (number: number) => object): Step =>
  (eve, number) =>
    eve.say(make(number));

/** What a byte stands for; the byte after it is a number in the step. */
const STEPS: readonly Step[] = [
  say(() => HELLO),
  say(() => ({ ...HELLO, want: "pull", head: [0, CHAIN_0] })),
  say(() => ({ ...HELLO, want: "both" })),
  say((number) => ({ m: "resume", ladder: [[eveEpoch, number, CHAIN_0]], credit: number })),
  say(() => ({ m: "resume", ladder: [], more: true, credit: 1_000_000 })),
  say((number) => ({ m: "start", from: 0, to: number })),
  say((number) => ({ m: "start", to: number })),
  say((number) => ({ m: "caughtUp", lsn: number % 3, chain: CHAIN_0 })),
  say((number) => ({ m: "ack", lsn: number % 40, chain: CHAIN_0, credit: number })),
  say(() => ({ m: "policy", revisions: [] })),
  say(() => ({ m: "policy", revisions: ["{}"], more: true })),
  say(() => ({ m: "purges", records: ["{}"] })),
  say(() => ({ m: "ping" })),
  say(() => ({ m: "bye" })),
  say(() => ({ m: "error", code: "X", message: "no" })),
  (eve, number) => eve.batch({ after: 0, to: 1 + (number % 3) }, Buffer.from("{}\n")),
  (eve, number) => eve.batch({ after: 0, to: 3 }, Buffer.alloc(1 + number, "\n"), true),
  async (eve) => {
    await new Promise((resolve) => setImmediate(resolve));
    eve.say({ m: "pong" });
  },
];

/** Messages that are right in themselves, in any order: the session ends, and nothing changes. */
export const session: FuzzTarget = {
  name: "session",
  seeds: [
    Buffer.from([0, 0, 17, 0, 5, 50, 17, 0, 15, 0, 17, 0, 7, 0]),
    Buffer.from([1, 0, 17, 0, 4, 0, 17, 0, 8, 30, 17, 0, 13, 0]),
    Buffer.from([2, 0, 17, 0, 5, 9, 3, 9, 17, 0, 9, 0, 11, 0, 16, 9, 8, 0]),
  ],
  async feed(bytes) {
    const store = memoryStore("victim");
    await addPackages(store, range(0, 30));
    const [digest, head] = [store.digest(), store.head().lsn];
    const { dialer, acceptor: connection } = memoryPair();
    const ports = { clock: tickingClock(), timers: systemTimers, random: seededRandom("v") };
    const running = acceptSync({ store, connection, allow: { pull: true, push: true }, ...ports });
    const eve = new Attacker(dialer);
    for (let at = 0; at < Math.min(bytes.length, 64); at += 2) {
      const step = STEPS[(bytes[at] as number) % STEPS.length] as Step;
      await step(eve, bytes[at + 1] ?? 0);
    }
    dialer.close(1000);
    const run = await running;
    demand(run.error?.code !== "INTERNAL", `a fault inside: ${run.error?.message}`);
    demand(store.digest() === digest && store.head().lsn === head, "the state changed");
    demand(store.policies().records.length === 0, "the policy changed");
  },
};
