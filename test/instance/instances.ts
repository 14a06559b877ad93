/** Instances in temporary folders, closed when the test ends, and instances in memory. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { InstanceId } from "../../src/base/ids.ts";
import { randomId } from "../../src/base/new-ids.ts";
import { type Clock, systemClock } from "../../src/base/ports/clock.ts";
import { type RandomSource, systemRandom } from "../../src/base/ports/random.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import { assembleInstance } from "../../src/instance/assemble-instance.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { openInstance } from "../../src/instance/open-instance.ts";
import type { OpenOptions } from "../../src/instance/open-options.ts";
import { type Edition, THIS_EDITION } from "../../src/log/edition.ts";
import { MemorySearch } from "../../src/search/memory/memory-search.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Dial } from "../../src/sync/host/run-link.ts";
import { dialWebSocket } from "../../src/sync/ws/dial.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";

export const by = { author: "ada" };

/** A new instance, and the folder it is in. */
export async function newInstance(
  name = "a",
  options: OpenOptions = {},
): Promise<{ instance: Instance; folder: string }> {
  const folder = join(temporaryFolder({}), name);
  const instance = await openInstance(folder, { threads: "none", ...options, create: { name } });
  onTestFinished(() => instance.close());
  return { instance, folder };
}

/** A new instance that leaves nothing behind. */
export function memoryInstance(
  name = "a",
  options: { clock?: Clock; random?: RandomSource; dial?: Dial; edition?: Edition } = {},
): Instance {
  const { clock = systemClock, random = systemRandom, dial = dialWebSocket } = options;
  const { edition = THIS_EDITION } = options;
  const ports = { clock, random, timers: systemTimers, edition };
  const identity = {
    instance: randomId(random) as InstanceId,
    name,
    epoch: randomId(random),
  };
  const store = new MemoryStore({ identity, ...ports });
  return assembleInstance({
    ...ports,
    identity,
    store,
    search: new MemorySearch(store),
    dial,
    backup: async () => store.backup(),
    release: () => {},
  });
}

/** Text as an input that arrives in chunks of the given size. */
export async function* chunks(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Values as the lines of an input. */
export function lines(...values: readonly unknown[]): AsyncGenerator<Uint8Array> {
  const text = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return chunks(`${text.join("\n")}\n`, 1000);
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
