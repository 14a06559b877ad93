import type { InstanceId } from "../base/ids.ts";
import { randomId } from "../base/new-ids.ts";
import { systemClock } from "../base/ports/clock.ts";
import { systemRandom } from "../base/ports/random.ts";
import { systemTimers } from "../base/ports/timers.ts";
import { SqliteSearch } from "../search/sqlite/sqlite-search.ts";
import type { StorePorts } from "../store/plan-tables.ts";
import { SqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { dialWebSocket } from "../sync/ws/dial.ts";
import { assembleInstance } from "./assemble-instance.ts";
import { CatalogWriter } from "./catalog-writer.ts";
import { backupTo } from "./folder/backup.ts";
import { createFolder } from "./folder/create-folder.ts";
import { requireInstance } from "./folder/find-instance.ts";
import { type FolderLock, lockFolder } from "./folder/lock.ts";
import { type InstancePaths, instancePaths } from "./folder/paths.ts";
import { type RestoreOptions, type RestoreReport, restoreFolder } from "./folder/restore.ts";
import { sidecarPlace } from "./folder/sidecar-file.ts";
import type { Instance } from "./instance.ts";
import { joinStores } from "./joined-store.ts";
import type { OpenOptions } from "./open-options.ts";
import { recoveryNotice } from "./recovery-notice.ts";
import { checkContinuity, SidecarKeeper } from "./sidecar-keeper.ts";

/**
 * Opens the instance in a folder, for writing unless `readOnly`: one process at a time may write,
 * any number may read beside it. Throws `FILE_NOT_FOUND`, `NOT_AN_INSTANCE`, `INSTANCE_EXISTS`
 * (with `create`), `INSTANCE_BUSY`, `FORMAT_TOO_NEW`, `NO_PERMISSION`, `STORE_CORRUPT`.
 */
export async function openInstance(folder: string, options: OpenOptions = {}): Promise<Instance> {
  const { clock = systemClock, random = systemRandom, edition } = options;
  const ports = { clock, random, ...(edition === undefined ? {} : { edition }) };
  if (options.create !== undefined) {
    const identity = {
      instance: randomId(ports.random) as InstanceId,
      name: options.create.name,
      epoch: randomId(ports.random),
    };
    const { paths, lock } = createFolder(folder, identity, ports);
    return openForWriting(paths, lock, ports, { ...options, isNew: true });
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

/**
 * Makes a folder the instance that a backup holds, in a new epoch: what was authored after the
 * backup, and reached a peer, comes back with the next sync. The folder is as it was, or all is
 * done. Throws `INSTANCE_EXISTS` (without `force`), `INSTANCE_BUSY`, `FILE_NOT_FOUND`,
 * `NOT_AN_INSTANCE`, `FORMAT_TOO_NEW`, `STORE_CORRUPT`, `NO_PERMISSION`, `DISK_FULL`.
 */
export function restoreInstance(
  file: string,
  folder: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  return restoreFolder(file, folder, { clock: systemClock, random: systemRandom }, options);
}

function openForReading(
  paths: InstancePaths,
  ports: StorePorts,
  { onNotice, pace }: OpenOptions,
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
    pace,
    identity: store.identity(),
    store,
    search,
    recovers: false,
    backup: (target) => backupTo(store, target),
    release: () => {},
  });
}

async function openForWriting(
  paths: InstancePaths,
  lock: FolderLock,
  ports: StorePorts,
  options: OpenOptions & { readonly isNew?: boolean },
): Promise<Instance> {
  const { threads = "on-demand", onNotice, isNew = false, pace, recovers, driver } = options;
  const opened: { close(): unknown }[] = [];
  const place = sidecarPlace(paths);
  try {
    // Opening a catalog may change its file: what others wrote beside it is moved into it.
    const mark = place.mark();
    // Another edition is made of functions, which no other thread can be given.
    const writing = ports.edition === undefined ? threads : "none";
    const writer = new CatalogWriter(paths.catalog, ports, writing, (store) => {
      if (!isNew) checkContinuity({ ...place, mark: () => mark }, store);
    });
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
    const keeper = new SidecarKeeper(place, reader, systemTimers);
    writer.subscribe(keeper.committed);
    const joined = noting(joinStores(writer, reader, search), () => keeper.look());
    const store = driver?.around(joined) ?? joined;
    return assembleInstance({
      ...network(),
      ...ports,
      pace,
      schedule: driver?.schedule,
      identity: reader.identity(),
      store,
      search,
      recovers,
      onRecovery: (event) => onNotice?.(recoveryNotice(event)),
      backup: (target) => backupTo(store, target),
      release: () => {
        keeper.close();
        lock.release();
      },
    });
  } catch (error) {
    for (const part of opened) await part.close();
    lock.release();
    throw error;
  }
}

/** A store that is told of just before it is closed. */
function noting(store: Store, closing: () => void): Store {
  return {
    ...store,
    close() {
      closing();
      return store.close();
    },
  };
}

function network() {
  return { dial: dialWebSocket, timers: systemTimers };
}
