// Proves that the store in memory keeps the promises of the Store port.
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeHash, scopeText } from "../../src/scope/scope.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { command, expectError, from, identity, memoryStore, put, testPorts } from "./helpers.ts";
import { Author, batchOf, uuid } from "./records.ts";
import { storeSuite } from "./store-suite.ts";

storeSuite("MemoryStore", (own) => new MemoryStore({ identity: own, ...testPorts(7) }));

test("has no file to back up", async () => {
  await expectError(() => memoryStore(1).backup(), "USAGE");
});

test("keeps nothing of a batch's memory", () => {
  const store = new MemoryStore({ identity: identity(1), ...testPorts(1) });
  const ana = new Author(1);
  const changeset = ana.changeset();
  const batch = from(
    null,
    batchOf(changeset, ana.create(uuid(1), { name: "a" }, changeset), "junk"),
  );
  store.apply(batch);
  batch.bytes.fill(0);
  expect(store.verify().findings).toEqual([]);
  expect(Buffer.from(store.quarantine()[0]?.bytes ?? []).toString()).toBe("junk");
});

test("is copied with what it knows of scopes, and the copy goes its own way", () => {
  const [one, two] = [uuid<ObjectId>(1), uuid<ObjectId>(2)];
  const store = memoryStore(1);
  const scope = parseScope({ types: ["package"] });
  const asked = { hash: scopeHash(scope), text: scopeText(scope) };
  store.author(command(put(one, { name: "one" }, "create", "package")));
  const known = store.evaluateScope(asked);
  store.noteLeft({ source: identity(2).instance, scope: asked.hash, objects: [one] });

  const copy = store.copy(testPorts(2));
  expect(copy.evaluateScope({ hash: asked.hash })).toEqual({ ...known, isNew: false });
  expect(copy.departures()).toEqual(store.departures());
  copy.noteLeft({ source: identity(3).instance, scope: asked.hash, objects: [one] });
  copy.author(command(put(two, { name: "two" }, "create", "package")));
  copy.evaluateScope({ hash: asked.hash });
  expect([store.departures().length, copy.departures().length]).toEqual([1, 2]);
  expect(store.object(two)).toBeUndefined();
  expect(store.evaluateScope({ hash: asked.hash })).toEqual({ ...known, isNew: false });
});
