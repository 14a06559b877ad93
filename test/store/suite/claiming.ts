/**
 * What `apply` checks before it stores anything: that a batch is the stretch of the source's log that
 * its cursor says, entry by entry, whatever becomes of the entries here; whether its cursor moves, and
 * what that remembers of entries that were left out.
 */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { LogPoint } from "../../../src/log/source-chain.ts";
import { stubLine } from "../../../src/log/stub.ts";
import type { ApplyBatch, FreshCursor, Store } from "../../../src/store/store.ts";
import { command, expectNoEffect, identity, put } from "../helpers.ts";
import {
  Author,
  batchOf,
  chainOver,
  cursorOver,
  type Made,
  sha256,
  unreadable,
  uuid,
} from "../records.ts";
import type { Open } from "../store-suite.ts";

type Move = NonNullable<ApplyBatch["cursor"]>;

const [ONE, TWO] = [uuid<ObjectId>(1), uuid<ObjectId>(2)];
const source = identity(2).instance;

const ana = new Author(1);
const changeset = ana.changeset();
const first = ana.create(ONE, { name: "a" }, changeset);
const second = ana.create(TWO, { name: "b" }, changeset);
const third = ana.set(first, { title: "x" }, changeset);
const other = ana.create(uuid(3), { name: "c" }, changeset);
const logged = cursorOver(first, second, third);
const twin = ana.create(TWO, { name: "B" }, changeset, { id: second.id, seq: 2 });
const nowhere = { lsn: 0, chain: sha256("").slice(0, 32) };

const CASES: [what: string, records: readonly (Made | string)[], cursor: object][] = [
  ["fewer entries", [changeset, first, second], {}],
  ["none at all", [], {}],
  ["an entry more", [changeset, first, second, third, other], {}],
  ["an entry twice", [changeset, first, first, second, third], {}],
  ["another order", [changeset, second, first, third], {}],
  ["another entry in the place of one", [changeset, first, other, third], {}],
  ["other bytes under the same id", [changeset, first, twin, third], {}],
  ["an entry that is damaged", [changeset, first, second.text.replace("{", "["), third], {}],
  ["something more without an id", [changeset, first, second, "junk", third], {}],
  ["something more with no good id", [changeset, first, second, '{"id":1}', third], {}],
  ["a start elsewhere", [changeset, first, second, third], { after: nowhere }],
  ["an end elsewhere", [changeset, first, second, third], { rung: { ...logged.rung, lsn: 4 } }],
];

export function claiming(open: Open): void {
  describe.each([
    ["an empty log", []],
    ["a log of its own", [put(uuid<ObjectId>(7), { name: "own" })]],
  ])("a batch that is not what its source's log holds, over %s", (_log, changes) => {
    test.each(CASES)("%s: stores nothing", async (_what, records, cursor) => {
      const target = await open(identity(1));
      await target.author(command(...changes));
      const bytes = batchOf(...records);
      const batch: ApplyBatch = { source, bytes, cursor: { ...logged, ...cursor } };
      const error = await expectNoEffect(target, "PROTOCOL_ERROR", () => target.apply(batch));
      expect(error).toMatchObject({ retriable: true, hint: expect.stringContaining("verify") });
      expect(await target.cursor(source, "all")).toBeUndefined();
      const good: ApplyBatch = {
        source,
        bytes: batchOf(changeset, first, second, third),
        cursor: logged,
      };
      expect(await target.apply(good)).toMatchObject({ revisions: 3, refused: [] });
      expect((await target.cursor(source, "all"))?.ladder).toEqual([logged.rung]);
    });
  });

  describe("a batch that is what its source's log holds", () => {
    test("goes on where the one before ended, with what is known among it", async () => {
      const target = await open(identity(1));
      const start = cursorOver(first);
      await target.apply({ source, bytes: batchOf(changeset, first), cursor: start });
      await target.author(command(put(uuid<ObjectId>(7), { name: "own" })));
      const known = batchOf(changeset, second, third);
      const cursor = { ...logged, after: start.rung };
      await target.apply({ source: null, bytes: known, cursor: null });
      const again = Uint8Array.from(batchOf(changeset, second, third));
      expect(await target.apply({ source, bytes: again, cursor })).toMatchObject({ duplicates: 2 });
      expect((await target.cursor(source, "all"))?.ladder[0]).toEqual(logged.rung);
    });

    test.each<[string, string]>([
      ["a record of a later version", unreadable(uuid(9)).text],
      [
        "a record deeper than is taken here",
        `{"deep":${"[".repeat(99)}${"]".repeat(99)},"id":"${uuid(9)}"}`,
      ],
    ])("passes an entry that is refused here: %s", async (_what, text) => {
      const target = await open(identity(1));
      const entries = [first, { id: uuid(9), text }, second];
      const rung = { epoch: "e", lsn: 3, chain: chainOver(entries) };
      const bytes = batchOf(changeset, first, text, second);
      const outcome = await target.apply({ source, bytes, cursor: { ...logged, rung } });
      expect(outcome).toMatchObject({ revisions: 2, refused: [{ code: expect.any(String) }] });
      expect((await target.cursor(source, "all"))?.ladder).toEqual([rung]);
    });
  });

  describe("a cursor over what is gone at the source", () => {
    const stubOf = ({ id, text }: Made) =>
      stubLine(id, Buffer.from(sha256(text), "hex")).toString();
    const left = batchOf(changeset, first, stubOf(second));
    const rungOf = async (target: Store) => (await target.cursor(source, "all"))?.ladder[0];
    const start = cursorOver(first, second);

    test("says so, and goes on saying it, until it is of another epoch", async () => {
      const target = await open(identity(1));
      await target.apply({ source, bytes: Uint8Array.from(left), cursor: start });
      expect(await rungOf(target)).toEqual({ ...start.rung, passesGone: true });
      const more = unreadable(uuid(9));
      const rung = { ...logged.rung, chain: chainOver([first, second, more]) };
      const further = { ...logged, after: start.rung, rung };
      await target.apply({ source, bytes: batchOf(more.text), cursor: further });
      expect(await rungOf(target)).toEqual({ ...rung, passesGone: true });
      const later = { ...logged.rung, epoch: "later" };
      const all = batchOf(changeset, first, second, third);
      await target.apply({ source, bytes: all, cursor: { ...logged, rung: later } });
      expect(await rungOf(target)).toEqual(later);
    });

    test("says nothing of what is here", async () => {
      const target = await open(identity(1));
      const known = batchOf(changeset, first, second);
      await target.apply({ source: null, bytes: known, cursor: null });
      await target.apply({ source, bytes: Uint8Array.from(left), cursor: start });
      expect(await rungOf(target)).toEqual(start.rung);
    });
  });

  describe("a cursor of a session that began with nothing", () => {
    const start = cursorOver(first);
    const further = { ...logged, after: start.rung };
    const begun = (last: LogPoint | null): FreshCursor => ({ last, hasEntered: false });
    const move = (cursor: Move, fresh?: FreshCursor, ...records: Made[]): ApplyBatch => {
      const more = fresh === undefined ? {} : { fresh };
      return { source, bytes: batchOf(changeset, ...records), cursor: { ...cursor, ...more } };
    };

    test("moves from where the session left it", async () => {
      const target = await open(identity(1));
      const one = await target.apply(move(start, begun(null), first));
      const two = await target.apply(move(further, begun(start.rung), second, third));
      expect([one, two].map(({ cursorStays }) => cursorStays)).toEqual([undefined, undefined]);
      expect((await target.cursor(source, "all"))?.ladder[0]).toEqual(logged.rung);
    });

    test("stays where another session moved it, and the outcome says so", async () => {
      const target = await open(identity(1));
      await target.apply(move(start, undefined, first));
      const same = await target.apply(move(start, begun(null), first));
      const over = { ...begun(start.rung), isOver: true } as const;
      const next = await target.apply(move(further, over, second, third));
      expect([same, next]).toMatchObject([{ cursorStays: true }, { cursorStays: true }]);
      expect(next).toMatchObject({ revisions: 2, refused: [] });
      expect((await target.cursor(source, "all"))?.ladder).toEqual([start.rung]);
    });
  });
}
