import { asSynclineError, isSynclineError } from "../../base/errors.ts";
import type { ObjectId } from "../../base/ids.ts";
import {
  IMPORT_CHANGESET_OBJECTS_MAX,
  IMPORT_LINE_BYTES_MAX,
  REMOVALS_DEFAULT,
} from "../../base/limits.ts";
import type { Change } from "../../log/author.ts";
import { removalsHeld } from "../../log/faults.ts";
import type { ObjectRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { checkLimit, removalsMax } from "../../sync/host/removal-limit.ts";
import { Spool } from "../folder/spool.ts";
import type { ImportOptions, ImportReport } from "../instance.ts";
import type { InstanceParts } from "../parts.ts";
import { chunksUntil } from "./chunks.ts";
import { importLines } from "./import-lines.ts";
import { ImportRun } from "./import-run.ts";
import { ImportStoppedError } from "./import-stopped-error.ts";
import { LineSplitter } from "./line-splitter.ts";

const PAGE_OBJECTS = 200;

/** An object that the input does not hold, as it was then. */
type Absent = Pick<ObjectRow, "id" | "revision">;

/**
 * An import of everything there is of some types: live objects of these types that the input does not
 * hold are deleted. The input is read twice, so that nothing is stored at all when it ends early, or
 * when more would be deleted than is allowed (`REMOVALS_HELD`); and when any line is refused, nothing
 * is deleted.
 */
export async function importComplete(
  parts: InstanceParts,
  input: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportReport> {
  if (options.maxRemovals !== undefined) checkLimit(options.maxRemovals);
  const spool = new Spool();
  try {
    const seen = await read(parts, input, spool, options);
    const absent = await absentFrom(parts.store, seen);
    await checkRemovals(parts.store, seen, absent, options);
    if (!seen.isRefused) options.onProgress?.({ ...seen.run.report(), absent: absent.length });
    const report = await importLines(parts, spool.read(), options);
    const types = [...seen.types].sort();
    const isWhole = report.refusedTotal === 0 && !seen.isRefused;
    const deleted = isWhole ? await remove(parts, absent, options) : NOTHING;
    const complete = { types, absent: absent.length, deleted: deleted.objects };
    return {
      ...report,
      changesets: report.changesets + deleted.changesets,
      revisions: report.revisions + deleted.objects,
      complete,
    };
  } finally {
    await spool.remove();
  }
}

const NOTHING = { objects: 0, changesets: 0 };

/** What an input holds. */
interface Seen {
  readonly run: ImportRun;
  /** The types that the input is about, and all ids in it, those of embedded objects too. */
  readonly types: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  readonly isRefused: boolean;
}

/** Reads everything once, and stores nothing. Throws {@link ImportStoppedError}. */
async function read(
  { edition }: InstanceParts,
  input: AsyncIterable<Uint8Array>,
  spool: Spool,
  options: ImportOptions,
): Promise<Seen> {
  // An input that is said to be of a type holds all of it, even if that is nothing.
  const types = new Set(options.type === undefined ? [] : [options.type]);
  const ids = new Set<string>();
  const { signal, onProgress: _, ...quiet } = options;
  const run = new ImportRun(STORES_NOTHING, edition.types, quiet, ({ object, embedded }) => {
    types.add(object.type);
    for (const { id } of [object, ...embedded]) ids.add(id);
  });
  const lines = new LineSplitter(IMPORT_LINE_BYTES_MAX);
  try {
    for await (const chunk of chunksUntil(input, signal)) {
      await spool.write(chunk);
      for (const line of lines.push(chunk)) await run.line(line);
    }
    for (const line of lines.end()) await run.line(line);
    await run.flush();
    await run.settle();
  } catch (error) {
    throw new ImportStoppedError(asSynclineError(error), { ...run.report(), unchanged: 0 });
  }
  return { run, types, ids, isRefused: run.report().refusedTotal > 0 };
}

const STORES_NOTHING: Pick<Store, "author"> = {
  author: () => ({ changeset: null, revisions: [], unchanged: 0 }),
};

async function absentFrom(store: Store, { types, ids }: Seen): Promise<Absent[]> {
  const absent: Absent[] = [];
  for (const type of types) {
    for (let after: ObjectId | undefined; ; ) {
      const from = after === undefined ? {} : { after };
      const page = await store.objects({ type, limit: PAGE_OBJECTS, ...from });
      for (const { id, revision } of page) if (!ids.has(id)) absent.push({ id, revision });
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
  }
  return absent;
}

/** The limit is a share of the live objects of these types: others say nothing about a loss here. */
async function checkRemovals(
  store: Store,
  { types, isRefused }: Seen,
  absent: readonly Absent[],
  { maxRemovals = REMOVALS_DEFAULT, acceptRemovals }: ImportOptions,
): Promise<void> {
  if (isRefused || acceptRemovals === true) return;
  const { objects } = await store.counts();
  const live = [...types].reduce((sum, type) => sum + (objects[type] ?? 0), 0);
  const max = removalsMax(maxRemovals, live);
  if (absent.length <= max) return;
  const hint = "is the input whole? if they are to go: the same import with --accept-removals";
  throw removalsHeld(absent.length, max, hint);
}

/** What somebody changed meanwhile stays. */
async function remove(
  { store, search }: InstanceParts,
  absent: readonly Absent[],
  { author, message, file }: ImportOptions,
): Promise<typeof NOTHING> {
  const why = `absent from ${message ?? (file === undefined ? "a complete import" : file)}`;
  let [objects, changesets] = [0, 0];
  const deleteThem = async (some: readonly Absent[]): Promise<void> => {
    const changes = some.map(
      ({ id, revision }): Change => ({ kind: "delete", object: id, ifRevision: revision }),
    );
    const { revisions } = await store.author({ author, message: why, changes });
    objects += revisions.length;
    changesets += 1;
  };
  for (let at = 0; at < absent.length; at += IMPORT_CHANGESET_OBJECTS_MAX) {
    const some = absent.slice(at, at + IMPORT_CHANGESET_OBJECTS_MAX);
    try {
      await deleteThem(some);
    } catch (error) {
      if (!isMeanwhile(error)) throw error;
      for (const one of some) {
        await deleteThem([one]).catch((again) => {
          if (!isMeanwhile(again)) throw again;
        });
      }
    }
  }
  const { lsn } = await store.head();
  await search.covers(lsn).catch(() => undefined);
  return { objects, changesets };
}

function isMeanwhile(error: unknown): boolean {
  return isSynclineError(
    error,
    ...(["STALE_EDIT", "OBJECT_DELETED", "OBJECT_NOT_FOUND", "OBJECT_PURGED"] as const),
  );
}
