// Proves that the store in memory keeps the promises of the Store port.
import { expect, test } from "vitest";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { expectError, from, identity, memoryStore, testPorts } from "./helpers.ts";
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
