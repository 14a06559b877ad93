// Proves that a clash of names costs what it changes: rivals are compared by what they claim and go
// by, and neither their contents nor their histories are read.
import { afterEach, expect, test, vi } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { DEFAULT_POLICY } from "../../src/merge/policy.ts";
import { MemoryTables } from "../../src/store/memory/memory-tables.ts";
import { command, memoryStore, put } from "../store/helpers.ts";
import { uuid } from "../store/records.ts";

afterEach(() => vi.restoreAllMocks());

const rivals = Array.from({ length: 6 }, (_, i) => uuid<ObjectId>(i + 1));

function clash() {
  const store = memoryStore(1);
  for (const id of rivals) store.author(command(put(id, { name: "ponds" })));
  return store;
}

test("one more rival reads no other, and writes no other's conflicts", () => {
  const store = clash();
  const one = uuid<ObjectId>(9);
  const states = vi.spyOn(MemoryTables.prototype, "objectState");
  const histories = vi.spyOn(MemoryTables.prototype, "revisionsOf");
  const writes = vi.spyOn(MemoryTables.prototype, "write");
  store.author(command(put(one, { name: "ponds" })));
  expect(new Set(states.mock.calls.flat())).toEqual(new Set([one]));
  expect(histories).not.toHaveBeenCalled();
  expect(writes.mock.calls[0]?.[0].namings.map(({ object }) => object)).toEqual([one]);
  expect(writes.mock.calls[0]?.[0].conflicts.map(({ object }) => object)).toEqual([one]);
  expect(store.verify().findings).toEqual([]);
});

test("another policy reads nobody whose name it leaves alone", () => {
  const store = memoryStore(1);
  for (const id of rivals) store.author(command(put(id, { name: `pond ${id}` })));
  const states = vi.spyOn(MemoryTables.prototype, "objectState");
  const policy = { ...DEFAULT_POLICY, names: { note: "alias" } } as const;
  store.changePolicy({ author: "ann", message: "", policy });
  expect(store.policies().records).toHaveLength(1);
  expect(states).not.toHaveBeenCalled();
  expect(store.verify().findings).toEqual([]);
});
