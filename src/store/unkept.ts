import type { InstanceId } from "../base/ids.ts";
import { QUARANTINE_BYTES_MAX, QUARANTINE_RECORDS_MAX } from "../base/limits.ts";
import type { QuarantineSize } from "../log/reader.ts";
import type { LeavingTables } from "./leaving.ts";

/** A refused record that was not kept, and whom it came from; null for a file. */
export interface UnkeptRecord {
  readonly key: string;
  readonly source: InstanceId | null;
}

interface UnkeptTables {
  readonly leaving: Pick<LeavingTables, "cursors">;
  quarantineSize(): QuarantineSize;
  unkept(): readonly UnkeptRecord[];
  askAgain(peer: InstanceId, scope: string): void;
}

/**
 * Has refused records that were not kept sent again by whom they came from: these, and all once half of
 * the quarantine is free; with each place that comes free, a whole log would travel for one record.
 * Returns the keys that nothing need be known of any more: what is good now is stored when it comes,
 * what is refused still comes into quarantine anew.
 */
export function askForUnkept(tables: UnkeptTables, keys: ReadonlySet<string>): readonly string[] {
  const { records, bytes, unkept } = tables.quarantineSize();
  const hasRoom = records <= QUARANTINE_RECORDS_MAX / 2 && bytes <= QUARANTINE_BYTES_MAX / 2;
  if (unkept === 0 || (keys.size === 0 && !hasRoom)) return [];
  const wanted = tables.unkept().filter(({ key }) => hasRoom || keys.has(key));
  const sources = new Set(wanted.map(({ source }) => source));
  for (const { source, scope } of tables.leaving.cursors()) {
    if (sources.has(source)) tables.askAgain(source, scope);
  }
  return wanted.filter(({ source }) => source !== null).map(({ key }) => key);
}
