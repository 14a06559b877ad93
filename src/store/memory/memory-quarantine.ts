import { compareCodeUnits } from "../../base/canonical.ts";
import type { QuarantineRow } from "../rows.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** The refused records, the oldest first. */
export function quarantineOf({ refused }: MemoryTables): QuarantineRow[] {
  return [...refused.values()]
    .sort((a, b) => a.receivedMs - b.receivedMs || compareCodeUnits(a.key, b.key))
    .map(({ key, id, code, message, waitsFor, source, receivedMs, bytes }) => {
      const received = new Date(receivedMs).toISOString();
      return { key, id, code, message, waitsFor, source, received, bytes };
    });
}
