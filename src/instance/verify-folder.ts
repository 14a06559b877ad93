import { isSynclineError, type SynclineError } from "../base/errors.ts";
import { systemClock } from "../base/ports/clock.ts";
import { systemRandom } from "../base/ports/random.ts";
import { SqliteSearch } from "../search/sqlite/sqlite-search.ts";
import type { StoreProgress } from "../store/rows.ts";
import { SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { requireInstance } from "./folder/find-instance.ts";
import { instancePaths } from "./folder/paths.ts";
import type { VerifyResult } from "./instance.ts";
import type { OpenOptions } from "./open-options.ts";
import { verifyInstance } from "./verify-instance.ts";

/**
 * Checks a folder as {@link verifyInstance} does, beside whoever writes there; also one that cannot
 * be opened as an instance because it is damaged: that is a finding. Throws what `openInstance`
 * throws for other reasons.
 */
export async function verifyFolder(
  folder: string,
  { onNotice }: Pick<OpenOptions, "onNotice">,
  onProgress?: (progress: StoreProgress) => void,
): Promise<VerifyResult> {
  const { catalog, search: file } = instancePaths(requireInstance(folder));
  let store: SqliteStore;
  try {
    store = SqliteStore.open(catalog, { mode: "read", clock: systemClock, random: systemRandom });
  } catch (error) {
    if (!isSynclineError(error, "STORE_CORRUPT", "STORE_IO", "NOT_AN_INSTANCE")) throw error;
    return unopened(error);
  }
  const reading = { mode: "read", thread: "none", onNotice } as const;
  const search = new SqliteSearch({ file, catalogFile: catalog, source: store, ...reading });
  try {
    return await verifyInstance({ store, search }, onProgress);
  } finally {
    await search.close();
    store.close();
  }
}

function unopened({ message }: SynclineError): VerifyResult {
  const findings = [{ where: "database file", message: `cannot be opened: ${message}` }];
  return { ok: false, revisions: 0, objects: 0, findings, notes: [] };
}
