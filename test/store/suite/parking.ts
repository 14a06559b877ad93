/**
 * What happens to records of a newer schema or merge algorithm: they are kept and handed on byte for
 * byte, and their object is served as far as is certain, merged with nothing and edited by nobody,
 * until a newer program comes.
 */
import { describe, expect, test } from "vitest";
import type { ObjectId, RevisionId } from "../../../src/base/ids.ts";
import type { Json } from "../../../src/base/json.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  command,
  expectError,
  from,
  identity,
  imprint,
  memoryStore,
  put,
  setField,
  transfer,
  wholeLog,
} from "../helpers.ts";
import { Author, batchOf, linesIn, type Made, sha256, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);

/** An object that somebody elsewhere made and then changed by newer rules. */
async function parked(open: Open, newer: Record<string, Json>) {
  const store = await open(identity(1));
  const ana = new Author(1);
  const changeset = ana.changeset();
  const made = ana.create(NOTE, { name: "a", title: "old" }, changeset);
  const edit = ana.set(made, { title: "new" }, changeset, newer);
  await store.apply(from(null, batchOf(changeset, made, edit)));
  return { store, ana, changeset, made, edit };
}

/** A revision over several parents whose content no rules here lead to. */
function opaque(ana: Author, changeset: Made, parents: readonly Made[]): Made {
  const ids = parents.map(({ id }) => id).sort();
  const patch = [{ op: "add", path: "/merged", value: true }];
  const fields = { algorithm: 2, parents: ids, bodyHash: sha256("what nobody here can tell") };
  return ana.revise(parents[0] as Made, patch, {}, changeset, fields);
}

async function findings(store: Store): Promise<unknown> {
  return (await store.verify()).findings;
}

export function parking(open: Open): void {
  describe("a newer version", () => {
    test.each([
      ["schema", { schema: 2 }],
      ["algorithm", { algorithm: 2 }],
    ])("of the %s: the object is served as it is, and read-only", async (_, newer) => {
      const { store, edit } = await parked(open, newer);
      const text = '{"name":"a","title":"new"}';
      const row = { parked: true, heads: [edit.id], revision: edit.id, text, name: "a" };
      expect(await store.object(NOTE)).toMatchObject(row);
      expect(await store.counts()).toMatchObject({ parked: 1, quarantined: 0, openConflicts: 0 });
      const before = await imprint(store);
      for (const change of [
        setField(NOTE, "title", "mine"),
        put(NOTE, { name: "b" }, "replace"),
        { kind: "delete", object: NOTE } as const,
        { kind: "rename", object: NOTE, name: "b" } as const,
        { kind: "undelete", object: NOTE } as const,
        { kind: "resolve", object: NOTE, resolutions: [] } as const,
      ]) {
        const error = await expectError(() => store.author(command(change)), "OBJECT_PARKED");
        expect(error.hint).toMatch(/^update Syncline/);
      }
      expect(await imprint(store)).toEqual(before);
      expect(await findings(store)).toEqual([]);
    });

    test("is handed on byte for byte", async () => {
      const { store, edit } = await parked(open, { schema: 7, algorithm: 3 });
      expect(linesIn((await wholeLog(store)).bytes)).toContain(edit.text);
      const next = memoryStore(2);
      await transfer(store, next);
      expect(next.digest()).toBe(await store.digest());
      expect((await next.entry(edit.id))?.text).toBe(edit.text);
    });

    test("is merged with nothing: the newest revision is shown, and no conflict", async () => {
      const { store, ana, changeset, made, edit } = await parked(open, { schema: 2 });
      const bob = new Author(2);
      const other = bob.changeset();
      bob.hlc = ana.hlc + 10;
      const mine = bob.set(made, { title: "mine" }, other);
      await store.apply(from(null, batchOf(other, mine)));
      const heads = [edit.id, mine.id].sort();
      const shown = { parked: true, heads, revision: mine.id, text: '{"name":"a","title":"mine"}' };
      expect(await store.object(NOTE)).toMatchObject(shown);
      expect(await store.conflicts({ limit: 10 })).toEqual([]);
      const merging = (): unknown => store.mergedTextAt(heads as RevisionId[]);
      await expectError(merging, "OBJECT_PARKED");
      const later = ana.set(edit, { title: "newer" }, changeset, { schema: 2, hlc: bob.hlc + 10 });
      await store.apply(from(null, batchOf(later)));
      expect(await store.object(NOTE)).toMatchObject({ revision: later.id, parked: true });
      expect(await findings(store)).toEqual([]);
    });

    test("may say what is not known here: the revision before is shown, and it is relayed", async () => {
      const { store, ana, changeset, made, edit } = await parked(open, { algorithm: 2 });
      const side = ana.set(made, { title: "side" }, changeset);
      const join = opaque(ana, changeset, [edit, side]);
      const after = ana.set(join, { title: "after" }, changeset, { algorithm: 2 });
      const batch = batchOf(side, join, after);
      expect((await store.apply(from(null, batch))).refused).toEqual([]);
      const row = { parked: true, heads: [after.id], revision: side.id };
      expect(await store.object(NOTE)).toMatchObject({
        ...row,
        text: '{"name":"a","title":"side"}',
      });
      for (const { id } of [join, after]) {
        await expectError(() => store.contentTextAt(id), "OBJECT_PARKED");
      }
      expect(linesIn((await wholeLog(store)).bytes)).toContain(join.text);
      expect(await findings(store)).toEqual([]);
    });

    test("stays as it is under another policy, until it is known", async () => {
      const { store, ana, changeset, made } = await parked(open, { schema: 2 });
      const side = ana.set(made, { title: "side" }, changeset);
      const { merged } = await store.apply(from(null, batchOf(side)));
      expect(merged).toBe(0);
      const before = await store.object(NOTE);
      const { inForce } = await store.policies();
      const policy = { ...inForce.policy, deletes: "delete-wins" } as unknown as Json;
      await store.changePolicy({ author: "ana", message: "", policy });
      expect(await store.object(NOTE)).toEqual(before);
      expect(await findings(store)).toEqual([]);
    });

    test("keeps what was known to be in conflict, and who decided it", async () => {
      const store = await open(identity(1));
      const ana = new Author(1);
      const changeset = ana.changeset();
      const made = ana.create(NOTE, { name: "a" }, changeset);
      const left = ana.set(made, { title: "left" }, changeset);
      const right = ana.set(made, { title: "right" }, changeset);
      const parents = [left.id, right.id].sort();
      const join = ana.set(right, { title: "both" }, changeset, { parents });
      await store.apply(from(null, batchOf(changeset, made, left, right, join)));
      const known = await store.conflicts({ limit: 10 });
      expect(known).toMatchObject([{ path: "/title", status: "resolved", resolvedBy: join.id }]);
      const newer = ana.set(join, { notes: "x" }, changeset, { schema: 2, algorithm: 2 });
      await store.apply(from(null, batchOf(newer)));
      expect(await store.conflicts({ limit: 10 })).toEqual(known);
      expect(await findings(store)).toEqual([]);
    });

    test("is no excuse for a creation that does not say what it states", async () => {
      const store = await open(identity(1));
      const ana = new Author(1);
      const changeset = ana.changeset();
      const wrong = { schema: 2, algorithm: 2, bodyHash: "0".repeat(64) };
      const made = ana.create(NOTE, { name: "a" }, changeset, wrong);
      const { refused } = await store.apply(from(null, batchOf(changeset, made)));
      expect(refused).toEqual([{ id: made.id, code: "BODY_HASH_MISMATCH" }]);
    });

    test("is not followed by an older one: that is refused", async () => {
      const { store, ana, changeset, edit } = await parked(open, { schema: 3 });
      const older = ana.set(edit, { title: "x" }, changeset, { schema: 2 });
      const { refused } = await store.apply(from(null, batchOf(older)));
      expect(refused).toEqual([{ id: older.id, code: "INVALID_RECORD" }]);
      expect(await store.object(NOTE)).toMatchObject({ heads: [edit.id] });
    });

    test("of a creation is shown as created, and claims its name", async () => {
      const store = await open(identity(1));
      const ana = new Author(1);
      const changeset = ana.changeset();
      const made = ana.create(NOTE, { name: "a" }, changeset, { schema: 2, algorithm: 2 });
      await store.apply(from(null, batchOf(changeset, made)));
      const row = { parked: true, name: "a", effectiveName: "a", text: '{"name":"a"}' };
      expect(await store.object(NOTE)).toMatchObject(row);
      await store.author(command(put(uuid<ObjectId>(2), { name: "a" })));
      expect((await store.object(uuid<ObjectId>(2)))?.effectiveName).toMatch(/^a--/);
      expect(await findings(store)).toEqual([]);
    });

    test("does not keep an object from being purged or shunned", async () => {
      for (const change of [
        { kind: "purge", object: NOTE, reason: "" } as const,
        { kind: "shun", object: NOTE } as const,
      ]) {
        const { store } = await parked(open, { schema: 2, algorithm: 2 });
        await store.author(command(change));
        expect(await store.object(NOTE)).toBeUndefined();
        expect(await store.counts()).toMatchObject({ parked: 0 });
        expect(await findings(store)).toEqual([]);
      }
    });

    test("sets the digest apart, until the same is known", async () => {
      const { store, edit } = await parked(open, { schema: 2 });
      const lines = [["00000000-0000-7000-8000-000000000001", [edit.id]]];
      const hash = sha256('{"name":"a","title":"new"}');
      const state = JSON.stringify([...(lines[0] as unknown[]), hash, "a", "parked"]);
      expect(await store.digest()).toBe(sha256(`${state}\n`));
    });
  });
}
