/** What `author` promises: the records it makes, and that a command is carried out whole or not. */
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../../src/base/canonical.ts";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { Change } from "../../../src/log/author.ts";
import type { EntryRow } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import { command, expectNoEffect, identity, put, setField } from "../helpers.ts";
import { chainOver, hex, sha256, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const NOTE = uuid<ObjectId>(1);
const OTHER = uuid<ObjectId>(2);
const ABSENT = uuid<ObjectId>(3);
const R1 = "11111111-0000-4000-8000-000000000000";
const R2 = "22222222-0000-4000-8000-000000000000";

const REVISION_FIELDS = [
  ...["actor", "algorithm", "bodyHash", "changeset", "hlc", "id", "object", "parents", "patch"],
  ...["schema", "seq", "type", "v"],
];

async function log(store: Store): Promise<readonly EntryRow[]> {
  return store.entries({ limit: 1000 });
}

function recordOf({ text }: EntryRow): JsonObject {
  return JSON.parse(text) as JsonObject;
}

export function authoring(open: Open): void {
  describe("author", () => {
    test("makes a creation record of exactly the stated form", async () => {
      const store = await open(identity(1));
      const outcome = await store.author(command(put(NOTE, { name: "pump", b: { y: 1, x: [2] } })));
      const [entry] = await log(store);
      const record = recordOf(entry as EntryRow);
      const content = { b: { x: [2], y: 1 }, name: "pump" };

      expect(Object.keys(record)).toEqual(REVISION_FIELDS);
      expect(record).toMatchObject({ v: 1, schema: 1, algorithm: 1, seq: 1, parents: [] });
      expect(record).toMatchObject({ object: NOTE, type: "note", changeset: outcome.changeset });
      expect(record.actor).toBe(`${identity(1).instance}/${identity(1).epoch}`);
      expect(record.patch).toEqual([{ op: "add", path: "", value: content }]);
      expect(record.bodyHash).toBe(sha256(canonicalize(content)));
      expect(record.id).toMatch(VERSION_7);
      expect(Number.isSafeInteger(record.hlc)).toBe(true);
      expect(entry?.text).toBe(canonicalize(record));
      expect(entry?.hash).toBe(sha256(entry?.text as string));
      expect(entry).toMatchObject({ lsn: 1, kind: "revision", id: record.id, source: null });

      const changeset = JSON.parse(entry?.changeset as string) as JsonObject;
      expect(entry?.changeset).toBe(canonicalize(changeset));
      expect(changeset.id).toMatch(VERSION_7);
      expect(changeset).toEqual({
        ...{ v: 1, id: outcome.changeset, actor: record.actor, hlc: changeset.hlc },
        ...{ author: "ana", message: "a change" },
      });
      expect(outcome.revisions).toEqual([
        { id: record.id, object: NOTE, type: "note", created: true },
      ]);
    });

    test("numbers densely, chains by definition, and lets time pass along parents", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "a" }), put(OTHER, { name: "b" })));
      for (let i = 0; i < 5; i++) {
        await store.author(command(setField(NOTE, "n", `${i}`), setField(OTHER, "n", `${i}`)));
      }
      const entries = await log(store);
      const records = entries.map(recordOf);
      expect(entries.map(({ lsn }) => lsn)).toEqual(entries.map((_, i) => i + 1));
      expect(records.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      expect(entries.map(({ id }) => id)).toEqual(entries.map(({ id }) => id).sort());
      const time = new Map(records.map(({ id, hlc }) => [id, hlc as number]));
      for (const { parents, hlc } of records) {
        for (const parent of parents as string[])
          expect(hlc).toBeGreaterThan(time.get(parent) ?? 0);
      }
      const head = await store.head();
      expect({ lsn: head.lsn, chain: hex(head.chain) }).toEqual({
        lsn: 12,
        chain: chainOver(entries),
      });
      expect(hex(await store.chainAt(7))).toBe(chainOver(entries.slice(0, 7)));
    });

    test("replaces by leaf writes, creates only what is absent, and tells no-changes", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "a", old: "x", more: { k: 1 } })));
      await store.author(command(put(NOTE, { name: "b", more: { k: 1, l: 2 } }, "replace")));
      const records = (await log(store)).map(recordOf);
      expect(records[1]?.patch).toEqual([
        { op: "add", path: "/more/l", value: 2 },
        { op: "replace", path: "/name", value: "b" },
        { op: "remove", path: "/old" },
      ]);
      expect(records[1]?.parents).toEqual([records[0]?.id]);
      const head = await store.head();
      const outcome = await store.author(
        command(
          put(NOTE, { more: { l: 2, k: 1 }, name: "b" }, "replace"),
          put(NOTE, { name: "another" }, "absent"),
        ),
      );
      expect(outcome).toEqual({ changeset: null, revisions: [], unchanged: 2 });
      expect(await store.head()).toEqual(head);
      expect((await store.counts()).changesets).toBe(2);
    });

    test("folds several changes of one object into a line of revisions", async () => {
      const store = await open(identity(1));
      const outcome = await store.author(
        command(
          put(NOTE, { name: "a" }),
          setField(NOTE, "title", "1"),
          { kind: "rename", object: NOTE, name: "b" },
          { kind: "delete", object: NOTE },
          { kind: "undelete", object: NOTE },
        ),
      );
      expect(outcome.revisions.map(({ created }) => created)).toEqual([
        true,
        ...[false, false, false, false],
      ]);
      const records = (await log(store)).map(recordOf);
      expect(records.slice(1).map(({ parents }) => parents)).toEqual(
        records.slice(0, -1).map(({ id }) => [id]),
      );
      expect(records.slice(3).map(({ patch }) => patch)).toEqual([
        [{ op: "add", path: "/@deleted", value: true }],
        [{ op: "remove", path: "/@deleted" }],
      ]);
      const row = await store.object(NOTE);
      expect(row).toMatchObject({ name: "b", deleted: false, lsn: 5, revision: records[4]?.id });
      expect(row?.text).toBe('{"name":"b","title":"1"}');
      expect((await store.verify()).findings).toEqual([]);
    });

    test("keeps the leaves of deleted units, hidden, in content and hash", async () => {
      const store = await open(identity(1));
      const resources = {
        [R1]: { name: "one", position: "a" },
        [R2]: { name: "two", position: "b" },
      };
      await store.author(command(put(NOTE, { name: "pump", resources }, "create", "package")));
      await store.author(
        command({
          kind: "patch",
          object: NOTE,
          patch: [{ op: "remove", path: `/resources/${R2}` }],
        }),
      );
      const hidden = { ...resources, [R2]: { "@deleted": true, ...resources[R2] } };
      const content = canonicalize({ name: "pump", resources: hidden });
      expect(await store.object(NOTE)).toMatchObject({ text: content, bodyHash: sha256(content) });
      const [, entry] = await log(store);
      expect(recordOf(entry as EntryRow).patch).toEqual([
        { op: "add", path: `/resources/${R2}/@deleted`, value: true },
      ]);
      await store.author(command({ kind: "delete", object: NOTE }));
      const row = await store.object(NOTE);
      expect(JSON.parse(row?.text as string)).toEqual({
        ...{ "@deleted": true, name: "pump", resources: hidden },
      });
      expect(row).toMatchObject({ deleted: true, bodyHash: sha256(row?.text as string) });
    });

    test("sets fields in CKAN form, creating what they embed in the same changeset", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "pump", notes: "x" }, "create", "package")));
      const value = { title: "Pump", tags: [{ name: "water" }, { name: "city" }] };
      const outcome = await store.author(command({ kind: "set", object: NOTE, value }));
      expect(outcome.revisions.map(({ type, created }) => [type, created])).toEqual([
        ["tag", true],
        ["tag", true],
        ["package", false],
      ]);
      const again = await store.author(command({ kind: "set", object: NOTE, value }));
      expect(again.changeset).toBeNull();
      const content = JSON.parse((await store.object(NOTE))?.text as string) as JsonObject;
      expect(content).toMatchObject({ name: "pump", notes: "x", title: "Pump" });
      expect(Object.values(content.tags as JsonObject)).toEqual([true, true]);
    });

    test("checks the revision that was read", async () => {
      const store = await open(identity(1));
      const first = await store.author(command(put(NOTE, { name: "a" })));
      const ifRevision = first.revisions[0]?.id as never;
      await store.author(command({ ...setField(NOTE, "title", "1"), ifRevision }));
      await expectNoEffect(store, "STALE_EDIT", () =>
        store.author(command({ ...setField(NOTE, "title", "2"), ifRevision })),
      );
      await expectNoEffect(store, "STALE_EDIT", () =>
        store.author(command({ ...put(ABSENT, { name: "x" }), ifRevision })),
      );
    });

    test("carries out all changes of a command or none", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "a" })));
      const error = await expectNoEffect(store, "OBJECT_EXISTS", () =>
        store.author(
          command(put(OTHER, { name: "b" }), setField(NOTE, "t", "1"), put(NOTE, { name: "c" })),
        ),
      );
      expect(error.hint).toMatch(/\w/);
      expect(await store.object(OTHER)).toBeUndefined();
      const outcome = await store.author(command(setField(NOTE, "t", "1")));
      expect(outcome.revisions).toHaveLength(1);
      const records = (await log(store)).map(recordOf);
      expect(records.map(({ seq }) => seq)).toEqual([1, 2]);
    });

    const deleted = uuid<ObjectId>(4);
    const refused: readonly [string, string, Change][] = [
      ["OBJECT_EXISTS", "creating what is there", put(NOTE, { name: "b" })],
      ["OBJECT_EXISTS", "creating what is deleted", put(deleted, { name: "b" })],
      ["TYPE_MISMATCH", "replacing by another type", put(NOTE, { name: "b" }, "replace", "tag")],
      ["OBJECT_NOT_FOUND", "editing what is not there", setField(ABSENT, "t", "1")],
      ["OBJECT_NOT_FOUND", "deleting what is not there", { kind: "delete", object: ABSENT }],
      ["OBJECT_DELETED", "editing what is deleted", setField(deleted, "t", "1")],
      ["OBJECT_DELETED", "deleting twice", { kind: "delete", object: deleted }],
      ["OBJECT_NOT_DELETED", "undeleting what is live", { kind: "undelete", object: NOTE }],
      ["INVALID_OBJECT", "an empty name", { kind: "rename", object: OTHER, name: "" }],
      ["EMPTY_MAP", "an empty document", put(ABSENT, {})],
      ["INVALID_OBJECT", "leaving nothing", put(NOTE, {}, "replace")],
      [
        "INVALID_PATCH",
        "a patch that does not apply",
        { kind: "patch", object: NOTE, patch: [{ op: "remove", path: "/none" }] },
      ],
      [
        "ARRAY_INDEX_PATH",
        "a patch into a list",
        { kind: "patch", object: NOTE, patch: [{ op: "replace", path: "/list/0", value: 1 }] },
      ],
      [
        "FORBIDDEN_KEY",
        "a patch of the flag",
        { kind: "patch", object: NOTE, patch: [{ op: "add", path: "/@deleted", value: true }] },
      ],
    ];

    test("refuses what cannot be, and leaves no trace of it", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "a", list: [1] })));
      await store.author(command(put(OTHER, { name: "b" }, "create", "package")));
      await store.author(command(put(deleted, { name: "c" }), { kind: "delete", object: deleted }));
      for (const [code, , change] of refused) {
        await expectNoEffect(store, code as never, () => store.author(command(change)));
      }
      expect((await store.verify()).findings).toEqual([]);
    });
  });
}
