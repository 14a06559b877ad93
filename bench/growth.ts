// Measures, by CPU time, what an edit costs where history grows in the worst way: two instances that
// edit one object and merge at each step without ever agreeing on one revision, and a name that more
// and more objects claim. `node bench/growth.ts [rounds]`; the store is in memory.

import { randomBytes } from "node:crypto";
import type { InstanceId, ObjectId } from "../src/base/ids.ts";
import type { Clock } from "../src/base/ports/clock.ts";
import type { RandomSource } from "../src/base/ports/random.ts";
import { MemoryStore } from "../src/store/memory/memory-store.ts";

const BY = { author: "bench", message: "" };
const random: RandomSource = { bytes: (length) => randomBytes(length) };
let nowMs = Date.UTC(2026, 0, 1);
const clock: Clock = { nowMs: () => nowMs++, monotonicMs: () => nowMs };
const id = (n: number): string => `${n.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;

function store(n: number): MemoryStore {
  const identity = { instance: id(n) as InstanceId, name: `i${n}`, epoch: id(n + 100) };
  return new MemoryStore({ identity, clock, random });
}

function carry(from: MemoryStore, to: MemoryStore, after: number): number {
  let at = after;
  for (;;) {
    const page = from.readPage(at, { revisions: 1000, bytes: 1e6 });
    if (page === undefined) return at;
    to.apply({ source: from.identity().instance, bytes: page.bytes, cursor: null });
    at = page.to;
  }
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function crissCross(rounds: number): void {
  const [a, b] = [store(1), store(2)];
  const object = id(9) as ObjectId;
  const content = { name: "o", title: "t" };
  a.author({ ...BY, changes: [{ kind: "put", object, type: "package", content, mode: "create" }] });
  let [ab, ba] = [carry(a, b, 0), 0];
  let spent = 0;
  for (let round = 1; round <= rounds; round++) {
    spent += cpuMs(() => {
      a.author({ ...BY, changes: [{ kind: "set", object, value: { title: `a${round}` } }] });
      b.author({ ...BY, changes: [{ kind: "set", object, value: { title: `b${round}` } }] });
      const [x, y] = [carry(a, b, ab), carry(b, a, ba)];
      ab = x;
      ba = y;
    });
    if (round % 100 === 0) {
      console.log(
        `criss-cross round ${round}: ${(spent / 100).toFixed(2)} ms CPU a round, ${a.openConflicts()} open of ${a.conflicts({ limit: 1000 }).length}`,
      );
      spent = 0;
    }
  }
}

function rivals(count: number): void {
  const a = store(3);
  let spent = 0;
  for (let n = 1; n <= count; n++) {
    const object = id(0x1000 + n * 7919) as ObjectId;
    const content = { name: "same" };
    spent += cpuMs(() =>
      a.author({
        ...BY,
        changes: [{ kind: "put", object, type: "package", content, mode: "create" }],
      }),
    );
    if (n % 100 === 0) {
      console.log(`rival ${n}: ${(spent / 100).toFixed(2)} ms CPU each`);
      spent = 0;
    }
  }
}
const count = Number(process.argv[2] ?? 300);
crissCross(count);
rivals(count);
