import { asSynclineError } from "../../base/errors.ts";
import { IMPORT_LINE_BYTES_MAX } from "../../base/limits.ts";
import type { ImportOptions, ImportReport } from "../instance.ts";
import type { InstanceParts } from "../parts.ts";
import { chunksUntil } from "./chunks.ts";
import { ImportRun } from "./import-run.ts";
import { ImportStoppedError } from "./import-stopped-error.ts";
import { LineSplitter } from "./line-splitter.ts";

/**
 * Imports objects in CKAN form, one JSON document a line: the objects are created or replaced,
 * organizations, groups and tags found inside are created when absent. Lines become changesets of
 * bounded size; the next group is read while the store commits the one before. An import that was
 * stopped is taken up by importing the same input again, since what is unchanged is not stored.
 *
 * Throws {@link ImportStoppedError} when it ends before the input does.
 */
export async function importLines(
  { store, search, edition: { types } }: InstanceParts,
  input: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportReport> {
  const run = new ImportRun(store, types, options);
  const lines = new LineSplitter(IMPORT_LINE_BYTES_MAX);
  try {
    for await (const chunk of chunksUntil(input, options.signal)) {
      for (const line of lines.push(chunk)) await run.line(line);
    }
    for (const line of lines.end()) await run.line(line);
    await run.flush();
    await run.settle();
  } catch (error) {
    throw await stopped(run, error);
  }
  // The index is derived: what keeps it from catching up now does not undo the import.
  const { lsn } = await store.head();
  await search.covers(lsn).catch(() => undefined);
  return run.report();
}

/** What was read before the end is stored, unless it was the caller who said stop. */
async function stopped(run: ImportRun, thrown: unknown): Promise<ImportStoppedError> {
  let error = asSynclineError(thrown);
  try {
    if (error.code !== "INTERRUPTED") await run.flush();
    await run.settle();
  } catch (later) {
    // If the input ended early and then the store failed too, that is the graver news.
    error = asSynclineError(later);
  }
  return new ImportStoppedError(error, run.report());
}
