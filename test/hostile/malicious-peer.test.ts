// Proves that a malicious peer costs a served instance hardly more memory than an honest one, no
// noticeable pause, and never changes its state, however much it sends; nor does one whose records are
// all valid, and hard to merge, cost more, nor who then lists the conflicts.
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/base/hash.ts";
import { BATCH_FRAGMENT_BYTES_MAX, SYNC_CONNECTIONS_MAX } from "../../src/base/limits.ts";
import { systemClock } from "../../src/base/ports/clock.ts";
import { systemRandom } from "../../src/base/ports/random.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import type { Change } from "../../src/log/author.ts";
import { encodeBatch } from "../../src/protocol/batch.ts";
import type { RunRow } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { dialWebSocket } from "../../src/sync/ws/dial.ts";
import { syncline } from "../e2e/syncline.ts";
import { addPackages, linkRow, memoryStore, range, uuidFor } from "../sync/world.ts";
import { Attacker, CHAIN_0, HELLO } from "./attacker.ts";
import { evilStore } from "./evil-log.ts";
import { fanIn } from "./fan-in.ts";
import { floods, type Known } from "./floods.ts";
import { type Cost, Victim } from "./victim.ts";

const MEMORY_BYTES_MAX = 64 * 1024 * 1024;
const BLOCKED_MS_MAX = 100;
const LISTING_MS_MAX = 50;

let victim: Victim;
let digest: string;
let known: Known;
/** The peak of the process while an honest peer sent. */
let honest: Cost;
/** The process just before an attack. */
let before: Cost;

beforeAll(async () => {
  victim = await Victim.start();
  const [record] = (await syncline(["-C", victim.folder, "log", "--json"])).stdout.split("\n");
  const revision = JSON.parse(record ?? "");
  known = { revision, ownActor: revision.actor };
  const friend = memoryStore("friend");
  await addPackages(friend, range(0, 5_000), { perChangeset: 100, bytes: 2_000 });
  // Honest packages may be wide, too.
  await friend.author({ author: "ada", message: "wide", changes: [wide()] });
  expect(await push(friend)).toMatchObject({ outcome: "ok", sent: { revisions: 5_001 } });
  digest = await victim.digest();
  honest = await victim.cost();
}, 60_000);

afterAll(() => victim.stop());

/** A package of 50,000 fields. */
function wide(): Change {
  const extras = range(0, 50_000).map((number) => [`f${number}`, "x"]);
  const content = { name: "wide", extras: Object.fromEntries(extras) };
  return {
    kind: "put",
    object: uuidFor("wide") as never,
    type: "package",
    content,
    mode: "create",
  };
}

function push(store: Store): Promise<RunRow> {
  const link = linkRow("push", { url: victim.url });
  const ports = { clock: systemClock, timers: systemTimers, random: systemRandom };
  return runLink({ store, link, dial: dialWebSocket, ...ports });
}

beforeEach(async () => {
  before = await victim.cost();
});

/** Little of one attack, and not much of all together: what the allocators keep is used again. */
async function expectHarmless(): Promise<void> {
  const { longestMs, rssPeak } = await victim.cost();
  expect(longestMs).toBeLessThan(BLOCKED_MS_MAX);
  expect(rssPeak - before.rss).toBeLessThan(MEMORY_BYTES_MAX);
  expect(rssPeak - honest.rssPeak).toBeLessThan(2 * MEMORY_BYTES_MAX);
  expect(await victim.digest()).toBe(digest);
}

const ANY: Known = { revision: { id: "" }, ownActor: "" };

describe("a peer whose log holds", () => {
  test.each(floods(ANY).map(({ name }, number) => [name, number] as const))(
    "%s",
    async (_, number) => {
      const { entries, codes } = floods(known)[number] as ReturnType<typeof floods>[number];
      const run = await push(evilStore(number, entries()));
      expect(run).toMatchObject({ outcome: "ok", sent: { revisions: 0 } });
      expect(run.refused.length).toBeGreaterThan(0);
      for (const { code } of run.refused) expect(codes).toContain(code);
      await expectHarmless();
    },
    60_000,
  );
});

/** A connection on which START was said: records may follow. */
async function begun(): Promise<Attacker> {
  const eve = new Attacker(await dialWebSocket(victim.url));
  eve.say(HELLO);
  await eve.heard("resume");
  eve.say({ m: "start", from: 0, to: 50 });
  return eve;
}

const MIB = 1024 * 1024;

describe("a peer that", () => {
  test("sends bomb after bomb", async () => {
    const piece = zstdCompressSync(Buffer.alloc(16 * MIB));
    const bomb = Buffer.concat(Array.from({ length: 256 }, () => piece));
    const fields = { after: 0, to: 1, chain: CHAIN_0, revisions: 1, changesets: 1 };
    for (let round = 0; round < 20; round++) {
      const eve = await begun();
      eve.raw(encodeBatch({ ...fields, rawBytes: BATCH_FRAGMENT_BYTES_MAX }, false, [bomb]));
      await eve.leave();
    }
    await expectHarmless();
  });

  test("sends fragments of a batch that never ends", async () => {
    const raw = Buffer.alloc(MIB, "a");
    const eve = await begun();
    for (let sent = 0; sent < 64 * MIB; sent += raw.length) {
      await eve.batch({ to: 50, rawBytes: raw.length }, raw, true);
      if ((await eve.heard("ack")) === undefined) break;
    }
    await eve.leave();
    await expectHarmless();
  });

  test("sends 100,000 PINGs and reads no answer", async () => {
    const eve = await begun();
    for (let sent = 0; sent < 100_000; sent++) eve.say({ m: "ping" });
    eve.say({ m: "start", from: 0, to: 50 });
    await eve.leave();
    await expectHarmless();
  });

  test("opens as many connections as it can, and says nothing", async () => {
    const opening = range(0, SYNC_CONNECTIONS_MAX + 20).map(() => dialWebSocket(victim.url));
    const settled = await Promise.allSettled(opening);
    const open = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(open.length).toBe(SYNC_CONNECTIONS_MAX);
    for (const connection of open) connection.destroy();
    await expectHarmless();
  });
});

/** A text that differs from others of its kind in one place. */
function noteOf(number: number): string {
  const words = range(0, 40).map((at) => `w${at}`);
  return words.with(number % words.length, `new${number}`).join(" ");
}

/** A text that grew from a word, in other letters than others of its kind: all of them stay. */
function grown(number: number): string {
  return number === 0 ? "quay" : `quay ${sha256Hex(String(number)).repeat(20)}`;
}

describe("a peer whose records are all valid:", () => {
  test.each([
    ["thousands of heads of one text", 2_000, noteOf],
    ["heads whose texts come to be one after the other", 150, grown],
  ] as const)(
    "%s",
    async (_, heads, notes) => {
      const run = await push(evilStore(heads, fanIn(heads, notes, heads)));
      expect(run).toMatchObject({ outcome: "ok", refused: [], sent: { revisions: heads + 1 } });
      // What it sent is there, and stays: it is not compared with what an honest peer cost.
      const { longestMs, rssPeak } = await victim.cost();
      expect(longestMs).toBeLessThan(BLOCKED_MS_MAX);
      expect(rssPeak - before.rss).toBeLessThan(MEMORY_BYTES_MAX);
    },
    120_000,
  );

  test("who lists the conflicts keeps nobody waiting", async () => {
    const listing = await fetch(new URL("/api/v1/conflicts", victim.url));
    const { items } = (await listing.json()) as { items: { candidates: unknown[] }[] };
    const sizes = items.map(({ candidates }) => candidates.length);
    expect(sizes.sort((a, b) => a - b)).toEqual([150, 2_000]);
    expect((await victim.cost()).longestMs).toBeLessThan(LISTING_MS_MAX);
  });
});

test("after all that, the folder is sound and takes an honest edit", async () => {
  const edit = await syncline([
    "-C",
    victim.folder,
    "edit",
    "package/harbor",
    "--set",
    "/title=Port",
  ]);
  expect(edit).toMatchObject({ code: 0 });
  expect(await syncline(["-C", victim.folder, "verify"])).toMatchObject({ code: 0 });
}, 60_000);
