import type { Lsn, ObjectId } from "../../base/ids.ts";
import type { LogHead } from "../../log/reader.ts";
import type { EntryFilter, EntryRow, ObjectFilter, ObjectRow } from "../../store/rows.ts";

/** The part of a store that an index follows: the reading methods of a synchronous one. */
export interface LogSource {
  head(): LogHead;
  chainAt(lsn: Lsn): Uint8Array | undefined;
  entries(filter: EntryFilter): readonly EntryRow[];
  object(id: ObjectId): ObjectRow | undefined;
  objects(filter: ObjectFilter): readonly ObjectRow[];
}
