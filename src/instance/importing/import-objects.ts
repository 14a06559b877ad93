import { checkType } from "../editable.ts";
import type { ImportOptions, ImportReport } from "../instance.ts";
import type { InstanceParts } from "../parts.ts";
import { importComplete } from "./complete-import.ts";
import { importLines } from "./import-lines.ts";

/** Imports objects in CKAN form. Throws `ImportStoppedError`, `UNKNOWN_TYPE`, `REMOVALS_HELD`. */
export async function importObjects(
  parts: InstanceParts,
  input: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportReport> {
  if (options.type !== undefined) checkType(options.type, parts.edition.types);
  return options.complete === true
    ? importComplete(parts, input, options)
    : importLines(parts, input, options);
}
