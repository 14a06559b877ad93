/**
 * What becomes of objects that left a scope where the link drops them: nothing is left of them but
 * ids and hashes, nothing goes that only this instance has or that something else needs, and what
 * was dropped comes again whole, as often as it likes.
 */
import { describe, expect, test } from "vitest";
import { EVERYTHING_HASH } from "../../../src/scope/scope.ts";
import type { Identity, LinkRow } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  command,
  EVERYTHING,
  expectError,
  from,
  identity,
  memoryStore,
  put,
  setField,
} from "../helpers.ts";
import { hex, linesIn, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const [A, B, C] = [uuid<never>(1), uuid<never>(2), uuid<never>(3)];
const SCOPE = "5c09e";
const source = identity(1);
const where = { source: source.instance, scope: SCOPE };

/** The source, which has three packages with some history, and a target with the same. */
async function sides(open: Open): Promise<[there: Store, here: Store]> {
  const there = memoryStore(1);
  for (const [at, id] of [A, B, C].entries())
    await there.author(command(put(id, { name: `p${at}` })));
  await there.author(command(setField(A, "title", "one"), setField(B, "title", "two")));
  await there.author(command(setField(A, "notes", "more")));
  const here = await open(identity(2));
  await carry(there, here);
  return [there, here];
}

/** Takes over the whole log of another store, at once. */
async function carry(there: Store, here: Store, who: Identity = source): Promise<void> {
  const page = await there.readPage(0, EVERYTHING);
  const { refused } = await here.apply(from(who, page?.bytes as Uint8Array));
  expect(refused).toEqual([]);
}

async function drop(here: Store, ...objects: never[]): Promise<number> {
  await here.noteLeft({ ...where, objects });
  const { dropped, isMore } = await here.dropLeft(where);
  expect(isMore).toBe(false);
  return dropped;
}

const ids = async (store: Store): Promise<string[]> =>
  (await store.objects({ limit: 9, includeDeleted: true })).map(({ id }) => id);

const stays = async (store: Store): Promise<unknown[]> =>
  (await store.leaving(where)).map((one) => one.stays);

function link(more: Partial<LinkRow>): LinkRow {
  const known = { peer: source.instance, peerName: null, scope: null, tokenFile: null };
  const limits = { mode: "manual", maxRemovals: "5%", remoteHead: null, confirmed: null };
  return { name: "l", url: "http://x", direction: "pull", ...known, ...limits, ...more };
}

export function dropping(open: Open): void {
  describe("dropping what left", () => {
    test("leaves ids and hashes, and a log that others can follow", async () => {
      const [there, here] = await sides(open);
      const [before, chain] = [await here.head(), await here.chainAt(6)];
      expect(await drop(here, A)).toBe(1);
      expect(await ids(here)).toEqual([B, C]);
      expect(await here.object(A)).toBeUndefined();
      expect(await here.entries({ object: A, limit: 9 })).toEqual([]);
      expect(await here.departures()).toEqual([]);
      expect([await there.hasDropped(), await here.hasDropped()]).toEqual([false, true]);
      expect((await here.head()).lsn).toBe(before.lsn + 1);
      expect(await here.chainAt(6)).toEqual(chain);
      const page = await here.readPage(0, EVERYTHING);
      const stubs = linesIn(page?.bytes as Uint8Array).filter((line) => line.includes('"stub"'));
      expect(stubs).toHaveLength(4);
      expect(page?.bytes.toString()).not.toContain("more");
      expect(await here.counts()).toMatchObject({ purged: 0, shunned: 0, objects: { note: 2 } });
      expect((await here.verify()).findings).toEqual([]);
      const third = await open(identity(3));
      await carry(here, third, identity(2));
      expect(await third.digest()).toBe(await here.digest());
      expect(await here.digest()).not.toBe(await there.digest());
    });

    test("what was dropped comes again whole, and travels on", async () => {
      const [there, here] = await sides(open);
      const third = await open(identity(3));
      await carry(here, third, identity(2));
      for (let times = 1; times <= 3; times++) {
        await drop(here, A, B);
        expect(await ids(here)).toEqual([C]);
        await carry(there, here);
        expect(await here.hasDropped()).toBe(false);
        expect(await here.digest()).toBe(await there.digest());
        expect(await here.entries({ object: A, limit: 9 })).toHaveLength(2 + times);
        expect((await here.verify()).findings).toEqual([]);
        await there.author(command(setField(A, "title", `changed ${times}`)));
        await carry(there, here);
        expect((await here.object(A))?.text).toContain(`changed ${times}`);
      }
      await carry(here, third, identity(2));
      expect(await third.digest()).toBe(await there.digest());
      expect(hex((await here.readPage(0, EVERYTHING))?.chain)).toBe(hex((await here.head()).chain));
    });

    test("a name is free again, and taken back", async () => {
      const [there, here] = await sides(open);
      await drop(here, A);
      await here.author(command(put(uuid(9), { name: "p0" })));
      expect((await here.object(uuid(9)))?.effectiveName).toBe("p0");
      await carry(there, here);
      const names = (await here.objects({ limit: 9 })).map(({ effectiveName }) => effectiveName);
      expect(new Set(names).size).toBe(4);
      expect(names).toContain("p0");
      expect((await here.verify()).findings).toEqual([]);
    });

    test("can be created anew here, and merges with what comes again", async () => {
      const [there, here] = await sides(open);
      await drop(here, A);
      await here.author(command(put(A, { name: "p0", url: "https://here" })));
      await carry(there, here);
      expect(JSON.parse((await here.object(A))?.text ?? "")).toMatchObject({ url: "https://here" });
      expect((await here.object(A))?.heads).toHaveLength(2);
      expect((await here.verify()).findings).toEqual([]);
    });

    test("a purge of what was dropped is taken, and final", async () => {
      const [there, here] = await sides(open);
      const early = await there.readPage(0, EVERYTHING);
      await drop(here, A);
      await there.author(command({ kind: "purge", object: A, reason: "" }));
      await carry(there, here);
      expect((await here.counts()).purged).toBe(1);
      const again = await here.apply(from(source, early?.bytes as Uint8Array));
      expect(again).toMatchObject({ discarded: 3, revisions: 0 });
      expect(await here.digest()).toBe(await there.digest());
      expect((await here.verify()).findings).toEqual([]);
    });

    test("nothing goes that only this instance has", async () => {
      const [, here] = await sides(open);
      await here.author(command(setField(A, "title", "mine")));
      await here.author(command(put(uuid(8), { name: "own" })));
      expect(await drop(here, A, B, uuid(8))).toBe(1);
      expect(await stays(here)).toEqual(["edited", "created"]);
      expect(await ids(here)).toEqual([A, C, uuid(8)]);
    });

    test("an edit that the source built on is not lost", async () => {
      const [there, here] = await sides(open);
      await here.author(command(setField(A, "title", "mine")));
      await carry(here, there, identity(2));
      await there.author(command(setField(A, "url", "https://there")));
      await carry(there, here);
      const { epoch } = await here.identity();
      expect(await drop(here, A)).toBe(1);
      await here.author(command(setField(B, "title", "next")));
      await carry(there, here);
      expect(JSON.parse((await here.object(A))?.text ?? "")).toMatchObject({ title: "mine" });
      expect((await here.identity()).epoch).toBe(epoch);
    });

    test("what another link with the peer carries stays, until it leaves that, too", async () => {
      const [, here] = await sides(open);
      await here.saveLink(link({}));
      const rung = { epoch: source.epoch, lsn: 5, chain: "00".repeat(16) };
      const after = { lsn: 5, chain: rung.chain };
      const { hash } = (await here.evaluateScope({ hash: EVERYTHING_HASH, text: "{}" })) as never;
      const empty = { source: source.instance, bytes: new Uint8Array(0) };
      await here.apply({ ...empty, cursor: { scope: hash, after, rung } });
      expect(await drop(here, A)).toBe(0);
      expect(await stays(here)).toEqual(["carried"]);
      await here.noteLeft({ ...where, scope: hash, objects: [A] });
      expect(await drop(here)).toBe(1);
    });

    test("what something refers to that stays does so, too", async () => {
      const there = memoryStore(1);
      const tag = { kind: "put", object: A, type: "tag", content: { name: "t" }, mode: "create" };
      const tagged = { tags: { [A]: true } };
      await there.author(
        command(tag as never, put(B, { name: "p", ...tagged }, "create", "package")),
      );
      const here = await open(identity(2));
      await carry(there, here);
      await here.author(command(put(C, { name: "own", ...tagged }, "create", "package")));
      expect(await drop(here, A, B)).toBe(1);
      expect(await stays(here)).toEqual(["used"]);
      await here.author(command({ kind: "set", object: C, value: { tags: null } }));
      expect((await here.dropLeft(where)).dropped).toBe(1);
    });

    test("too much at once is held, and nothing goes", async () => {
      const [, here] = await sides(open);
      await here.noteLeft({ ...where, objects: [A, B] });
      const head = await here.head();
      const removals = { max: 3, before: 2, hint: "ask" };
      await expectError(() => here.dropLeft({ ...where, removals }), "REMOVALS_HELD");
      expect(await here.head()).toEqual(head);
      expect(await ids(here)).toEqual([A, B, C]);
      const outcome = await here.dropLeft({ ...where, removals: { ...removals, before: 1 } });
      expect(outcome).toMatchObject({ dropped: 2, removed: 2, kept: 0, isMore: false });
    });

    test("a revision over one that was dropped asks for the whole log again", async () => {
      const [there, here] = await sides(open);
      const { lsn, chain } = await there.head();
      const [scope, epoch] = ["all", source.epoch];
      const rung = { epoch, lsn, chain: hex(chain) };
      const after = { lsn: 0, chain: "00".repeat(16) };
      const bytes = (await there.readPage(0, EVERYTHING))?.bytes as Uint8Array;
      const batch = { source: source.instance, bytes };
      await here.apply({ ...batch, cursor: { scope, after, rung } });
      await drop(here, A);
      await there.author(command(setField(A, "title", "later")));
      const next = await there.readPage(lsn, EVERYTHING);
      const end = { epoch, lsn: lsn + 1, chain: hex(next?.chain) };
      const news = { ...batch, bytes: next?.bytes as Uint8Array };
      const outcome = await here.apply({ ...news, cursor: { scope, after: rung, rung: end } });
      expect(outcome.refused).toMatchObject([{ code: "PARENT_MISSING" }]);
      expect((await here.cursor(source.instance, scope))?.ladder).toEqual([]);
      const whole = (await there.readPage(0, EVERYTHING))?.bytes as Uint8Array;
      await here.apply({ ...batch, bytes: whole, cursor: { scope, after, rung: end } });
      expect((await here.cursor(source.instance, scope))?.ladder).toEqual([end]);
      expect(await here.digest()).toBe(await there.digest());
      expect(await here.quarantine()).toEqual([]);
    });
  });
}
