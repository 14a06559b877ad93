/**
 * What becomes of records that cannot be stored: each is kept, byte for byte, under the code of its
 * fault, and what only waits is taken up when the missing record comes, in any order.
 */
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../src/base/error-codes.ts";
import type { ActorId, ObjectId } from "../../../src/base/ids.ts";
import type { Json, JsonObject } from "../../../src/base/json.ts";
import { from, identity, memoryStore } from "../helpers.ts";
import { Author, batchOf, type Fields, hex, type Made, sha256, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);
const OTHER = uuid<ObjectId>(2);
const NEW = uuid<ObjectId>(3);

interface World {
  readonly peer: Author;
  readonly changeset: Made;
  /** Both stored. */
  readonly note: Made;
  readonly other: Made;
}

function world(): World {
  const peer = new Author(1);
  const changeset = peer.changeset();
  const note = peer.create(NOTE, { name: "a", map: { k: 1 } }, changeset);
  const other = peer.create(OTHER, { name: "b" }, changeset, { type: "package" });
  return { peer, changeset, note, other };
}

type Case = readonly [code: ErrorCode, what: string, make: (world: World) => Made | string];

/** A change of the note with other fields than it should have. */
function changed(code: ErrorCode, what: string, fields: (world: World) => Fields): Case {
  return [code, what, (w) => w.peer.set(w.note, { title: "x" }, w.changeset, fields(w))];
}

function patched(code: ErrorCode, what: string, patch: Json): Case {
  return changed(code, what, () => ({ patch }));
}

function content(code: ErrorCode, what: string, value: JsonObject, type = "note"): Case {
  return [code, what, ({ peer, changeset }) => peer.create(NEW, value, changeset, { type })];
}

const deep = (levels: number): JsonObject => (levels === 0 ? { k: 1 } : { k: deep(levels - 1) });

const CASES: readonly Case[] = [
  ["INVALID_JSON", "no JSON", () => "records?"],
  ["INVALID_RECORD", "no object", () => "[1]"],
  ["INVALID_RECORD", "no record", () => '{"v":1}'],
  ["NOT_CANONICAL", "white space", ({ note }) => ` ${note.text}`],
  [
    "DUPLICATE_KEY",
    "a key twice",
    ({ note }) => note.text.replace('{"actor"', '{"actor":1,"actor"'),
  ],
  ["LONE_SURROGATE", "half a character", ({ note }) => note.text.replace('"a"', '"\\ud800"')],
  [
    "UNSAFE_NUMBER",
    "a number beyond",
    ({ note }) => note.text.replace(":1}", ":9007199254740993}"),
  ],
  changed("INVALID_RECORD", "a version of the future", () => ({ v: 2 })),
  changed("INVALID_RECORD", "an unknown field", () => ({ extra: true })),
  changed("INVALID_RECORD", "a parent of another object", ({ other }) => ({ parents: [other.id] })),
  changed("PARENT_MISSING", "an unknown parent", () => ({ parents: [uuid(77)] })),
  changed("CHANGESET_MISSING", "an unknown changeset", () => ({ changeset: uuid(78) })),
  changed("INVALID_RECORD", "parents of two objects", ({ note, other }) => ({
    parents: [note.id, other.id].sort(),
  })),
  changed("CLOCK_NOT_AFTER_PARENT", "its parent's time", ({ note }) => ({
    hlc: note.record.hlc,
  })),
  changed("TYPE_MISMATCH", "another type than the object has", () => ({ type: "tag" })),
  changed("BODY_HASH_MISMATCH", "another hash", () => ({ bodyHash: "0".repeat(64) })),
  [
    "ID_REUSED",
    "an id that is taken",
    ({ peer, changeset, note }) => peer.create(NEW, { name: "x" }, changeset, { id: note.id }),
  ],
  ["ID_REUSED", "a changeset's id", ({ peer, changeset }) => peer.changeset({ id: changeset.id })],
  [
    "TYPE_MISMATCH",
    "a creation of another type",
    ({ peer, changeset }) => peer.create(NOTE, { name: "a" }, changeset, { type: "tag" }),
  ],
  patched("EMPTY_PATCH", "no write", []),
  patched("INVALID_PATCH", "a value for nothing", [{ op: "replace", path: "/none", value: 1 }]),
  patched("INVALID_PATCH", "an operation of another kind", [{ op: "move", path: "/x" }]),
  patched("INVALID_PATCH", "a value where a map is", [{ op: "replace", path: "/map", value: 1 }]),
  patched("EMPTY_MAP", "an empty map", [{ op: "add", path: "/m", value: {} }]),
  patched("CLASHING_WRITES", "a path and one below", [
    { op: "add", path: "/m", value: 1 },
    { op: "add", path: "/m/k", value: 1 },
  ]),
  patched("INVALID_POINTER", "a path without slash", [{ op: "add", path: "m", value: 1 }]),
  patched("FORBIDDEN_KEY", "a prototype", [{ op: "add", path: "/__proto__", value: 1 }]),
  patched("TOO_DEEP", "a deep path", [{ op: "add", path: "/k".repeat(63), value: 1 }]),
  changed("INVALID_PIN", "a pin of no revision", () => ({
    pins: [{ path: "/x", of: [] }],
  })),
  content("TOO_DEEP", "a deep document", deep(61)),
  content("INVALID_OBJECT", "a secret", { name: "a", apikey: "x" }, "package"),
  content("INVALID_OBJECT", "a secret in a map", { name: "a", map: { apikey: "x" } }),
  content("INPUT_TOO_LARGE", "a document over the limit", { notes: "語".repeat(700_000) }),
  changed("INPUT_TOO_LARGE", "a document that grew over the limit", () => {
    const notes = "語".repeat(700_000);
    const patch = [{ op: "add", path: "/notes", value: notes }];
    const text = JSON.stringify({ map: { k: 1 }, name: "a", notes });
    return { patch, schema: 99, bodyHash: sha256(text) };
  }),
];

/** A tree over two changesets, in causal order; the second is also by another author. */
function tree(): { records: Made[]; chain: (order: readonly Made[]) => Made[] } {
  const ana = new Author(1);
  const ben = new Author(2);
  const first = ana.changeset();
  const second = ben.changeset({ message: "b" });
  const root = ana.create(NOTE, { name: "a" }, first);
  const left = ana.set(root, { title: "1" }, first);
  ben.hlc = ana.hlc;
  const next = ben.set(left, { title: "2" }, second);
  const last = ben.set(next, { title: "3" }, second);
  const other = ben.create(OTHER, { name: "b" }, second);
  const records = [first, root, left, second, next, last, other];
  return { records, chain: (order) => order.filter(({ record }) => "patch" in record) };
}

export function quarantining(open: Open): void {
  describe("quarantine", () => {
    test("keeps each bad record under its code, and stores the others", async () => {
      const store = await open(identity(1));
      const made = world();
      await store.apply(from(null, batchOf(made.changeset, made.note, made.other)));
      const digest = await store.digest();
      for (const [code, what, make] of CASES) {
        const bad = make(made);
        const text = typeof bad === "string" ? bad : bad.text;
        const outcome = await store.apply(from(identity(2), batchOf(text)));
        expect(
          outcome.refused.map((refused) => refused.code),
          what,
        ).toEqual([code]);
        const kept = (await store.quarantine()).find(({ key }) => key === sha256(text));
        expect(kept, what).toMatchObject({ code, source: identity(2).instance });
        expect(Buffer.from(kept?.bytes ?? []).toString() === text, what).toBe(true);
        expect(kept?.id ?? null).toBe(outcome.refused[0]?.id);
      }
      expect(await store.digest()).toBe(digest);
      expect((await store.counts()).quarantined).toBe(CASES.length);
      expect((await store.verify()).findings).toEqual([]);
      expect(await store.apply(from(null, Uint8Array.of(0xff, 0x0a)))).toMatchObject({
        refused: [{ id: null, code: "INVALID_UTF8" }],
      });
    });

    test("goes on with the good records of a batch, and again with the same bad ones", async () => {
      const store = await open(identity(1));
      const { peer, changeset, note, other } = world();
      const bad = peer.set(note, { title: "x" }, changeset, { bodyHash: "0".repeat(64) });
      const child = peer.set(bad, { title: "y" }, changeset);
      const bytes = batchOf("junk", changeset, note, bad, child, other);
      const outcome = await store.apply(from(null, bytes));
      expect(outcome).toMatchObject({ revisions: 2, changesets: 1, duplicates: 0 });
      const refused = [
        { id: null, code: "INVALID_JSON" },
        { id: bad.id, code: "BODY_HASH_MISMATCH" },
        { id: child.id, code: "PARENT_MISSING" },
      ];
      expect(outcome.refused).toEqual(refused);
      const before = await store.quarantine();
      const again = await store.apply(from(identity(2), bytes));
      expect(again).toMatchObject({ revisions: 0, duplicates: 2, refused });
      expect(await store.quarantine()).toEqual(before);
      expect((await store.counts()).quarantined).toBe(3);
    });

    test("takes waiting records up in whatever order and pieces they come", async () => {
      const { records, chain } = tree();
      const ordered = memoryStore(8);
      ordered.apply(from(null, batchOf(...records)));
      const store = await open(identity(1));
      const reversed = [...records].reverse();
      for (const record of reversed) await store.apply(from(null, batchOf(record)));
      expect(await store.digest()).toBe(ordered.digest());
      expect(await store.quarantine()).toEqual([]);
      expect((await store.verify()).findings).toEqual([]);
      const together = await open(identity(2));
      const outcome = await together.apply(from(null, batchOf(...reversed)));
      expect(outcome).toMatchObject({ revisions: chain(records).length, refused: [] });
      expect(await together.digest()).toBe(ordered.digest());
    });

    test("changes the reason of a record that waits for the next thing", async () => {
      const store = await open(identity(1));
      const { peer, changeset, note } = world();
      const second = peer.changeset();
      const child = peer.set(note, { title: "x" }, second);
      const bad = peer.set(note, { title: "y" }, second, { bodyHash: "0".repeat(64) });
      await store.apply(from(identity(2), batchOf(child, bad)));
      const codes = async (): Promise<unknown> =>
        (await store.quarantine())
          .map(({ id, code, source }) => [id, code, source])
          .sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
      const { instance } = identity(2);
      expect(await codes()).toEqual([
        [child.id, "PARENT_MISSING", instance],
        [bad.id, "PARENT_MISSING", instance],
      ]);
      await store.apply(from(identity(3), batchOf(changeset, note)));
      expect(await codes()).toEqual([
        [child.id, "CHANGESET_MISSING", instance],
        [bad.id, "CHANGESET_MISSING", instance],
      ]);
      const outcome = await store.apply(from(identity(3), batchOf(second)));
      expect(outcome).toMatchObject({ revisions: 1, changesets: 1, refused: [] });
      expect(await codes()).toEqual([[bad.id, "BODY_HASH_MISMATCH", instance]]);
    });

    test("lets no waiting record of a copied instance stop others, and keeps both", async () => {
      const store = await open(identity(1));
      const { peer, changeset, note, other } = world();
      const child = peer.set(note, { title: "x" }, changeset);
      const twin = peer.set(note, { title: "y" }, changeset, { seq: child.record.seq });
      await store.apply(from(identity(2), batchOf(twin)));
      const bytes = batchOf(changeset, other, child);
      await store.apply(from(identity(3), bytes));
      // The twin waited for the note; its number is taken by the time that comes.
      const writer = peer.actor as ActorId;
      const outcome = await store.apply({ ...from(identity(3), batchOf(note, other)), writer });
      expect(outcome.refused).toEqual([]);
      const stored = [await store.entry(child.id), await store.entry(twin.id)].filter(Boolean);
      expect(stored).toHaveLength(2);
      expect(await store.quarantine()).toEqual([]);
      await store.apply(from(identity(3), batchOf(changeset, note, other)));
      expect((await store.verify()).findings).toEqual([]);
    });

    test("lets go of what was refused under an id, once the true record is stored", async () => {
      const store = await open(identity(1));
      const { peer, changeset, note, other } = world();
      const child = peer.set(note, { title: "x" }, changeset);
      const text = (record: Made): string => record.text;
      const damaged = [
        text(note).replace('"a"', '"b"'),
        text(note).replace('"name"', '"nome"'),
        text(note).slice(0, -5),
        ` ${text(note)}`,
        text(changeset).replace('"v":1', '"v":2'),
        text(child).replace('"x"', '"y"'),
      ];
      const later = text(other).replace('"b"', '"c"');
      await store.apply(from(null, batchOf(...damaged, later)));
      expect((await store.counts()).quarantined).toBe(7);
      await store.apply(from(null, batchOf(changeset)));
      expect((await store.counts()).quarantined).toBe(6);
      // In one batch with the true record too, whichever comes first.
      const again = batchOf(text(note).replace('"a"', '"z"'), note, child);
      expect(await store.apply(from(null, again))).toMatchObject({ revisions: 2, refused: [] });
      expect((await store.quarantine()).map(({ id }) => id)).toEqual([other.id]);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("keeps another record with the id of one that is stored", async () => {
      const store = await open(identity(1));
      const { peer, changeset, note } = world();
      const twin = peer.create(OTHER, { name: "b" }, changeset, { id: note.id });
      const bytes = batchOf(changeset, note, twin);
      const refused = [{ id: note.id, code: "ID_REUSED" }];
      for (let i = 0; i < 2; i++) {
        expect(await store.apply(from(null, bytes))).toMatchObject({ refused });
        expect((await store.counts()).quarantined).toBe(1);
      }
    });

    test("lets go of a record that is stored when it comes again", async () => {
      const store = await open(identity(1));
      const { changeset, note } = world();
      await store.apply(from(null, batchOf(note)));
      expect(await store.apply(from(null, batchOf(note, changeset)))).toMatchObject({
        ...{ revisions: 1, refused: [] },
      });
      expect(await store.quarantine()).toEqual([]);
      expect(hex((await store.head()).chain)).toHaveLength(32);
    });
  });
}
