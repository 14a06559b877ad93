/** Nothing is authored that another instance would refuse: each record passes the door of peers. */
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../src/base/error-codes.ts";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { RECORD_BYTES_MAX } from "../../../src/base/limits.ts";
import type { AuthorCommand } from "../../../src/log/author.ts";
import { command, expectNoEffect, from, identity, put, setField } from "../helpers.ts";
import { Author, batchOf, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);
const LAST_TIME = Number.MAX_SAFE_INTEGER;

const commands: readonly [ErrorCode, string, AuthorCommand][] = [
  ["USAGE", "no author", { ...command(put(NOTE, { name: "a" })), author: "" }],
  ["USAGE", "a long author", { ...command(put(NOTE, { name: "a" })), author: "x".repeat(201) }],
  ["USAGE", "a long message", { ...command(), message: "x".repeat(10_001) }],
  ["LONE_SURROGATE", "half a character", { ...command(), author: "\ud800" }],
  ["USAGE", "an id that is none", command(put("pump" as ObjectId, { name: "a" }))],
  ["USAGE", "an id in capitals", command(setField(NOTE.replace("7", "A") as ObjectId, "a", "b"))],
  ["INVALID_RECORD", "a type of another form", command(put(NOTE, { name: "a" }, "create", "A b"))],
  ["LONE_SURROGATE", "half a character inside", command(put(NOTE, { name: "a\udfff" }))],
  ["UNSAFE_NUMBER", "a number that no double holds", command(put(NOTE, { n: 2 ** 53 }))],
  ["FORBIDDEN_KEY", "a key that reaches prototypes", command(put(NOTE, { constructor: "x" }))],
  ["EMPTY_MAP", "an empty map", command(put(NOTE, { name: "a", map: {} }))],
  [
    "CHANGESET_TOO_LARGE",
    "many changes",
    command(...Array.from({ length: 10_001 }, () => put(NOTE, { name: "a" }, "absent"))),
  ],
];

export function doors(open: Open): void {
  describe("the door of authors", () => {
    test("refuses what would make a record that nobody takes", async () => {
      const store = await open(identity(1));
      for (const [code, , bad] of commands) {
        await expectNoEffect(store, code, () => store.author(bad));
      }
    });

    test("refuses a change whose record is too large, though its document is not", async () => {
      const store = await open(identity(1));
      const key = "k".repeat(1000);
      const members = (value: string): JsonObject =>
        Object.fromEntries(Array.from({ length: 6000 }, (_, i) => [`m${i}`, value]));
      await store.author(command(put(NOTE, { name: "a", [key]: members("0") })));
      const change = command(put(NOTE, { name: "a", [key]: members("1") }, "replace"));
      const error = await expectNoEffect(store, "INPUT_TOO_LARGE", () => store.author(change));
      expect(error.hint).toContain(`${RECORD_BYTES_MAX}`);
    });

    test("makes no revision after the last of times", async () => {
      const store = await open(identity(1));
      const peer = new Author(1);
      const changeset = peer.changeset();
      const note = peer.create(NOTE, { name: "a" }, changeset, { hlc: LAST_TIME });
      await store.apply(from(null, batchOf(changeset, note)));
      expect(await store.object(NOTE)).toMatchObject({ revision: note.id });
      await expectNoEffect(store, "CLOCK_NOT_AFTER_PARENT", () =>
        store.author(command(setField(NOTE, "title", "1"))),
      );
    });

    test("follows a peer's time for one object only", async () => {
      const store = await open(identity(1));
      const peer = new Author(1);
      const changeset = peer.changeset();
      const note = peer.create(NOTE, { name: "a" }, changeset, { hlc: LAST_TIME - 1000 });
      await store.apply(from(null, batchOf(changeset, note)));
      await store.author(command(setField(NOTE, "title", "1")));
      await store.author(command(put(uuid<ObjectId>(2), { name: "b" })));
      const entries = await store.entries({ limit: 9, after: 1 });
      const times = entries.map(({ text }) => (JSON.parse(text) as { hlc: number }).hlc);
      expect(times[0]).toBe(LAST_TIME - 999);
      expect(times[1]).toBeLessThan(LAST_TIME / 2);
    });

    test("begins with 1 again after its own numbers came back from a peer", async () => {
      const lost = await open(identity(1));
      await lost.author(command(put(NOTE, { name: "a" })));
      await lost.author(command(setField(NOTE, "title", "1")));
      const page = await lost.readPage(0, { revisions: 9, bytes: 9999 });
      const restored = await open(identity(1));
      await restored.apply(from(null, page?.bytes as Uint8Array));
      await restored.author(command(setField(NOTE, "title", "2")));
      const entries = await restored.entries({ limit: 9 });
      const numbers = entries.map(({ text }) => (JSON.parse(text) as { seq: number }).seq);
      expect(numbers).toEqual([1, 2, 1]);
    });
  });
}
