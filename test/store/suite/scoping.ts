/**
 * What a store finds out of scopes, as a source and as a target: who is inside and since when, what
 * entered with its whole history and what left, in pages; and the marks of what left at a peer.
 */
import { describe, expect, test } from "vitest";
import { CHAIN_START, nextChain } from "../../../src/base/hash.ts";
import { type ObjectId, uuidBytes } from "../../../src/base/ids.ts";
import { parseScope } from "../../../src/scope/parse-scope.ts";
import { scopeHash, scopeText } from "../../../src/scope/scope.ts";
import type { EnteredPoint } from "../../../src/store/rows.ts";
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

const [GROUP, IN, OUT, TAG] = [1, 2, 3, 4].map((n) => uuid<ObjectId>(n)) as [
  ...[ObjectId, ObjectId, ObjectId, ObjectId],
];
const PARKS = parseScope({ groups: ["parks"] });
const hash = scopeHash(PARKS);
const scope = { hash, text: scopeText(PARKS) };

const move = (object: ObjectId, how: "in" | "out") => {
  const value = { [GROUP]: true };
  const write = how === "in" ? { op: "add", value } : { op: "remove" };
  return command({ kind: "patch", object, patch: [{ ...write, path: "/groups" }] });
};

/** A package of a group, with a tag, and one of none. */
async function filled(open: Open): Promise<Store> {
  const store = await open(identity(1));
  await store.author(
    command(
      put(GROUP, { name: "parks" }, "create", "group"),
      put(TAG, { name: "water" }, "create", "tag"),
      put(IN, { name: "in", tags: { [TAG]: true } }, "create", "package"),
      put(OUT, { name: "out" }, "create", "package"),
    ),
  );
  await store.author(move(IN, "in"));
  return store;
}

const left = (store: Store, after: number, round: number): unknown =>
  store.leftScope({ hash, after, round });

export function scoping(open: Open): void {
  describe("scopes", () => {
    test("are evaluated up to the log's end, by their hash alone from then on", async () => {
      const store = await filled(open);
      expect(await store.evaluateScope({ hash })).toBeUndefined();
      const first = await store.evaluateScope(scope);
      expect(first).toMatchObject({ hash, lsn: 5, isCurrent: true, isNew: true, takesAll: false });
      expect(await store.evaluateScope({ hash })).toMatchObject({ isNew: false, round: 1 });
      await store.author(command(setField(OUT, "title", "t")));
      expect(await store.evaluateScope({ hash })).toMatchObject({ lsn: 6, round: 1, changed: 1 });
      await store.author(move(OUT, "in"));
      expect(await store.evaluateScope({ hash })).toMatchObject({ lsn: 7, round: 2, changed: 7 });
    });

    test("that are none, or not what their hash says, are refused", async () => {
      const store = await filled(open);
      const texts = ["", "{", "[]", '{"types":[]}', '{"groups":["roads"]}'];
      for (const text of texts) {
        await expectError(() => store.evaluateScope({ hash, text }), "INVALID_SCOPE");
      }
      expect(await store.evaluateScope({ hash })).toBeUndefined();
    });

    test("names that stand for nothing are said, and found later", async () => {
      const store = await filled(open);
      const roads = parseScope({ groups: ["roads"] });
      const ref = { hash: scopeHash(roads), text: scopeText(roads) };
      expect(await store.evaluateScope(ref)).toMatchObject({ unknown: ["group/roads"], round: 0 });
      await store.author(command(put(uuid(9), { name: "roads" }, "create", "group")));
      expect(await store.evaluateScope(ref)).toMatchObject({ unknown: [], round: 1 });
    });

    test("leave out of a page what is outside", async () => {
      const store = await filled(open);
      const state = await store.evaluateScope(scope);
      const within = { hash, round: state?.round ?? 0 };
      const page = await store.readPage(0, { ...EVERYTHING, within });
      const text = Buffer.from(page?.bytes as Uint8Array).toString();
      expect(text).toContain('"name":"water"');
      expect(text).not.toContain('"name":"out"');
      expect(hex(page?.chain)).toBe(hex((await store.head()).chain));
    });

    test("give what entered whole, in pages that prove themselves", async () => {
      const store = await filled(open);
      await store.evaluateScope(scope);
      for (const title of ["a", "b"]) await store.author(command(setField(OUT, "title", title)));
      const { lsn } = (await store.evaluateScope(scope)) ?? { lsn: 0 };
      await store.author(move(OUT, "in"));
      const state = await store.evaluateScope(scope);
      const filter = { hash, round: state?.round ?? 0, upTo: lsn };
      const records: string[] = [];
      let after: EnteredPoint | undefined;
      for (;;) {
        const page = await store.readEntered({ ...filter, after }, { revisions: 1, bytes: 9e9 });
        if (page === undefined) break;
        const lines = linesIn(page.bytes).filter((line) => line.includes('"object"'));
        let chain: Uint8Array = CHAIN_START;
        for (const line of lines) {
          const entry = await store.entry(JSON.parse(line).id);
          chain = nextChain(chain, uuidBytes(JSON.parse(line).id), unhex(entry?.hash));
        }
        expect([page.after, page.to, hex(page.chain)]).toEqual([0, lines.length, hex(chain)]);
        records.push(...lines);
        after = page.last;
      }
      const history = await store.entries({ object: OUT, limit: 9 });
      expect(records).toEqual(history.slice(0, 3).map(({ text }) => text));
      expect(await store.readEntered({ ...filter, round: 1 }, EVERYTHING)).toBeUndefined();
    });

    test("give nothing of what entered and was purged, whether or not they know it", async () => {
      const store = await filled(open);
      const { lsn } = (await store.evaluateScope(scope)) ?? { lsn: 0 };
      await store.author(move(OUT, "in"));
      const { round } = (await store.evaluateScope(scope)) ?? { round: 0 };
      await store.author(command({ kind: "purge", object: OUT, reason: "" }));
      expect(await store.readEntered({ hash, round, upTo: lsn }, EVERYTHING)).toBeUndefined();
      const later = (await store.evaluateScope(scope)) ?? { round: 0 };
      const filter = { hash, round: later.round, upTo: lsn };
      expect(await store.readEntered(filter, EVERYTHING)).toBeUndefined();
    });

    test("tell what left, with what only that took along", async () => {
      const store = await filled(open);
      const { lsn } = (await store.evaluateScope(scope)) ?? { lsn: 0 };
      await store.author(move(IN, "out"));
      const { round, changed } = (await store.evaluateScope(scope)) ?? { round: 0, changed: 0 };
      expect(changed).toBe(lsn + 1);
      expect(await left(store, lsn, round)).toEqual([IN, TAG]);
      expect(await left(store, changed, round)).toEqual([]);
      expect(await left(store, lsn, round - 1)).toEqual([]);
      expect(await store.leftScope({ hash, after: lsn, round, told: IN })).toEqual([TAG]);
    });

    test("tell all that is outside, whether or not it ever was inside", async () => {
      const store = await filled(open);
      await store.evaluateScope(scope);
      await store.author(move(IN, "out"));
      const { round } = (await store.evaluateScope(scope)) ?? { round: 0 };
      const outside = { hash, after: 0, round, all: true } as const;
      const sorted = (objects: readonly ObjectId[]) => [...objects].sort();
      expect(await store.leftScope(outside)).toEqual(sorted([IN, OUT, TAG]));
      const [first, ...others] = sorted([IN, OUT, TAG]);
      expect(await store.leftScope({ ...outside, told: first })).toEqual(others);
      await store.author(move(IN, "in"));
      const next = (await store.evaluateScope(scope)) ?? { round: 0 };
      expect(await store.leftScope({ ...outside, round: next.round })).toEqual([OUT]);
      await store.author(command({ kind: "purge", object: OUT, reason: "" }));
      expect(await store.leftScope({ ...outside, round: next.round })).toEqual([]);
    });

    test("forget what is purged, and let go what it took along", async () => {
      const store = await filled(open);
      const { lsn } = (await store.evaluateScope(scope)) ?? { lsn: 0 };
      await store.author(command({ kind: "purge", object: IN, reason: "" }));
      const { round } = (await store.evaluateScope(scope)) ?? { round: 0 };
      expect(await left(store, lsn, round)).toEqual([TAG]);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("count removals within them, and purges anywhere", async () => {
      const store = await filled(open);
      const removals = [IN, OUT].map((object) => ({ kind: "delete", object }) as const);
      await store.author(command(...removals));
      const { round } = (await store.evaluateScope(scope)) ?? { round: 0 };
      const within = { hash, round };
      expect(await store.countRemovals(0)).toMatchObject({ removals: 2 });
      expect(await store.countRemovals(0, within)).toMatchObject({ removals: 1 });
      expect(await store.removals(0, 9, within)).toMatchObject([{ object: IN }]);
      await store.author(command({ kind: "purge", object: OUT, reason: "" }));
      expect(await store.countRemovals(0, within)).toMatchObject({ removals: 2 });
    });

    test("mark what left at a peer, of what is here, until its history comes again", async () => {
      const source = await filled(async () => memoryStore(1));
      const store = await open(identity(2));
      const page = await source.readPage(0, EVERYTHING);
      await store.apply(from(identity(1), page?.bytes as Uint8Array));
      const note = {
        source: identity(1).instance,
        scope: hash,
        objects: [IN, TAG, uuid<ObjectId>(77)],
      };
      for (const _ of [1, 2]) await store.noteLeft(note);
      await store.noteLeft({ ...note, scope: "other", objects: [IN] });
      const mark = (object: ObjectId, where = hash) => {
        return { object, peer: note.source, scope: where };
      };
      expect(await store.departures()).toEqual([mark(IN), mark(IN, "other"), mark(TAG)]);
      expect(await store.departures({ object: TAG })).toEqual([mark(TAG)]);
      expect((await store.counts()).departed).toBe(2);
      const history = linesIn(page?.bytes as Uint8Array);
      const sum = { lsn: 5, chain: hex(page?.chain) };
      const bytes = Buffer.from(history.map((line) => `${line}\n`).join(""));
      const batch = { ...from(identity(1), bytes), entered: { scope: hash, sum } };
      expect(await store.apply(batch)).toMatchObject({ duplicates: 5, revisions: 0 });
      expect(await store.departures()).toEqual([mark(IN, "other")]);
      await store.author(command({ kind: "shun", object: IN }));
      expect(await store.departures()).toEqual([]);
    });
  });
}

/** Marks anew what is outside, by what a source says that names everything outside. */
export function marking(open: Open): void {
  test("all that is outside, marked anew: what came from there, and nothing carries", async () => {
    const source = await filled(async () => memoryStore(1));
    const store = await open(identity(2));
    const page = await source.readPage(0, EVERYTHING);
    await store.apply(from(identity(1), page?.bytes as Uint8Array));
    const own = uuid<ObjectId>(78);
    await store.author(command(put(own, { name: "own" }, "create", "group")));
    const note = { source: identity(1).instance, scope: hash };
    const marked = async () => (await store.departures()).map(({ object }) => object);
    await store.noteLeft({ ...note, objects: [GROUP, IN] });
    await store.noteLeft({ ...note, objects: [OUT, own], anew: "first" });
    expect(await marked()).toEqual([OUT]);
    await store.noteLeft({ ...note, objects: [TAG, uuid<ObjectId>(77)], anew: "more" });
    expect(await marked()).toEqual([OUT, TAG].sort());
    await store.noteLeft({ ...note, objects: [], anew: "first" });
    expect(await marked()).toEqual([]);
  });
}

function unhex(text: string | undefined): Uint8Array {
  return Buffer.from(text ?? "", "hex");
}
