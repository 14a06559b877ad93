// Proves that the limits of a changeset are those of its bytes, as peers will count them.
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { command, expectNoEffect, memoryStore, put } from "../store/helpers.ts";
import { uuid } from "../store/records.ts";

test("counts a changeset in bytes and not in characters", async () => {
  const store = memoryStore(1);
  // 17 documents of 1.98 MB: 33.7 MB in UTF-8, a third of it in UTF-16 units.
  const content = { name: "a", notes: "語".repeat(660_000) };
  const changes = Array.from({ length: 17 }, (_, i) => put(uuid<ObjectId>(i), content));
  await expectNoEffect(store, "CHANGESET_TOO_LARGE", () => store.author(command(...changes)));
  store.author(command(...changes.slice(0, 2)));
  expect(store.counts().revisions).toBe(2);
});

test("counts what is created along the way", async () => {
  const store = memoryStore(1);
  const object = uuid<ObjectId>(1);
  store.author(command(put(object, { name: "a" }, "create", "package")));
  const tags = Array.from({ length: 10_000 }, (_, i) => ({ name: `tag ${i}` }));
  await expectNoEffect(store, "CHANGESET_TOO_LARGE", () =>
    store.author(command({ kind: "set", object, value: { tags } })),
  );
});
