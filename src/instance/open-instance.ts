import type { InstanceId } from "../base/ids.ts";
import { randomId } from "../base/new-ids.ts";
import { systemClock } from "../base/ports/clock.ts";
import { systemRandom } from "../base/ports/random.ts";
import { systemTimers } from "../base/ports/timers.ts";
import { SqliteSearch } from "../search/sqlite/sqlite-search.ts";
import type { StorePorts } from "../store/planning-store.ts";
import { SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { dialWebSocket } from "../sync/ws/dial.ts";
import { assembleInstance } from "./assemble-instance.ts";
import { CatalogWriter } from "./catalog-writer.ts";
import { backupTo } from "./folder/backup.ts";
import { createFolder } from "./folder/create-folder.ts";
import { requireInstance } from "./folder/find-instance.ts";
import { type FolderLock, lockFolder } from "./folder/lock.ts";
import { type InstancePaths, instancePaths } from "./folder/paths.ts";
import type { Instance, OpenOptions } from "./instance.ts";
import { joinStores } from "./joined-store.ts";

/**
 * Opens the instance in a folder, for writing unless `readOnly`: one process at a time may write,
 * any number may read beside it. Throws `FILE_NOT_FOUND`, `NOT_AN_INSTANCE`, `INSTANCE_EXISTS`
 * (with `create`), `INSTANCE_BUSY`, `FORMAT_TOO_NEW`, `NO_PERMISSION`, `STORE_CORRUPT`.
 */
export async function openInstance(folder: string, options: OpenOptions = {}): Promise<Instance> {
  const ports = { clock: options.clock ?? systemClock, random: options.random ?? systemRandom };
  if (options.create !== undefined) {
    const identity = {
      instance: randomId(ports.random) as InstanceId,
      name: options.create.name,
      epoch: randomId(ports.random),
    };
    const { paths, lock } = createFolder(folder, identity, ports);
    return openForWriting(paths, lock, ports, options);
  }
  const paths = instancePaths(requireInstance(folder));
  if (options.readOnly === true) return openForReading(paths, ports, options);
  return openForWriting(paths, lockFolder(paths.folder), ports, options);
}

/** Makes a folder an instance with an identity of its own, and opens it for writing. */
export function createInstance(
  folder: string,
  options: { readonly name: string } & Omit<OpenOptions, "create" | "readOnly">,
): Promise<Instance> {
  const { name, ...rest } = options;
  return openInstance(folder, { ...rest, create: { name } });
}

function openForReading(
  paths: InstancePaths,
  ports: StorePorts,
  { onNotice }: OpenOptions,
): Instance {
  const store = SqliteStore.open(paths.catalog, { mode: "read", ...ports });
  const search = new SqliteSearch({
    file: paths.search,
    catalogFile: paths.catalog,
    source: store,
    mode: "read",
    thread: "none",
    onNotice,
  });
  return assembleInstance({
    ...network(),
    ...ports,
    identity: store.identity(),
    store,
    search,
    backup: (target) => backupTo(store, target),
    release: () => {},
  });
}

async function openForWriting(
  paths: InstancePaths,
  lock: FolderLock,
  ports: StorePorts,
  { threads = "on-demand", onNotice }: OpenOptions,
): Promise<Instance> {
  const opened: { close(): unknown }[] = [];
  try {
    const writer = new CatalogWriter(paths.catalog, ports, threads);
    opened.push(writer);
    const reader = SqliteStore.open(paths.catalog, { mode: "read", ...ports });
    opened.push(reader);
    const search = new SqliteSearch({
      file: paths.search,
      catalogFile: paths.catalog,
      source: reader,
      mode: "write",
      thread: threads,
      onNotice,
    });
    search.advance(reader.head().lsn);
    const store = joinStores(writer, reader, search);
    return assembleInstance({
      ...network(),
      ...ports,
      identity: reader.identity(),
      store,
      search,
      backup: (target) => backupTo(store, target),
      release: () => lock.release(),
    });
  } catch (error) {
    for (const part of opened) await part.close();
    lock.release();
    throw error;
  }
}

function network() {
  return { dial: dialWebSocket, timers: systemTimers };
}
