// Proves that many malicious peers at once, each of which begins a batch that never ends, do not cost
// a served instance more memory than one, and do not keep an honest peer from pushing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { SYNC_CONNECTIONS_MAX } from "../../src/base/limits.ts";
import { systemClock } from "../../src/base/ports/clock.ts";
import { systemRandom } from "../../src/base/ports/random.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { dialWebSocket } from "../../src/sync/ws/dial.ts";
import { addPackages, linkRow, memoryStore, range } from "../sync/world.ts";
import { Attacker, HELLO } from "./attacker.ts";
import { Victim } from "./victim.ts";

const MIB = 1024 * 1024;
const MEMORY_BYTES_MAX = 64 * MIB;
/** Some twenty processes and connections, on a machine that is busy with others. */
const MS_MAX = 120_000;

let victim: Victim;

beforeAll(async () => {
  victim = await Victim.start();
}, MS_MAX);

afterAll(() => victim.stop());

async function push(name: string, numbers: readonly number[]) {
  const store = memoryStore(name);
  await addPackages(store, numbers, { bytes: 2_000 });
  const ports = { clock: systemClock, timers: systemTimers, random: systemRandom };
  const link = linkRow("push", { url: victim.url });
  return runLink({ store, link, dial: dialWebSocket, ...ports });
}

/** A connection on which START was said: records may follow. */
async function begun(): Promise<Attacker> {
  const eve = new Attacker(await dialWebSocket(victim.url));
  eve.say(HELLO);
  await eve.heard("resume");
  eve.say({ m: "start", from: 0, to: 50 });
  return eve;
}

test("fragments of batches that never end, of all at once", { timeout: MS_MAX }, async () => {
  // What an honest peer costs, too, is not counted.
  expect(await push("friend", range(0, 2_000))).toMatchObject({ outcome: "ok" });
  const before = await victim.cost();
  const gang = await Promise.all(range(1, SYNC_CONNECTIONS_MAX).map(() => begun()));
  const raw = Buffer.alloc(MIB, "a");
  // As much as each is allowed without an answer.
  for (let round = 0; round < 4; round++) {
    await Promise.all(gang.map((eve) => eve.batch({ to: 50, rawBytes: raw.length }, raw, true)));
  }
  const during = await push("another friend", range(2_000, 2_100));
  expect(during).toMatchObject({ outcome: "ok", sent: { revisions: 100 } });
  const { rssPeak } = await victim.cost();
  expect(rssPeak - before.rss).toBeLessThan(MEMORY_BYTES_MAX);
  await Promise.all(gang.map((eve) => eve.leave()));
  expect(await push("third friend", range(2_100, 2_200))).toMatchObject({ outcome: "ok" });
});
