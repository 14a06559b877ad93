/** Stores for the tests of search. */
import type { InstanceId } from "../../src/base/ids.ts";
import { systemClock } from "../../src/base/ports/clock.ts";
import { systemRandom } from "../../src/base/ports/random.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Identity } from "../../src/store/rows.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

const ports = { clock: systemClock, random: systemRandom };
const identity: Identity = {
  instance: "00000000-0000-4000-8000-00000000000a" as InstanceId,
  name: "a",
  epoch: "00000000-0000-4000-8000-00000000000e",
};

/** A store to take batches from; each instance is told by a digit of its own. */
export function memoryStore(digit = "a"): MemoryStore {
  const instance = identity.instance.replace(/.$/, digit) as InstanceId;
  return new MemoryStore({ identity: { ...identity, instance }, ...ports });
}

/** A new catalog file, open for writing and, beside it, for reading. */
export function sqliteStores(file: string): { writer: SqliteStore; reader: SqliteStore } {
  const writer = SqliteStore.create(file, { identity, ...ports });
  return { writer, reader: SqliteStore.open(file, { mode: "read", ...ports }) };
}
