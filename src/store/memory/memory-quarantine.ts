import { compareCodeUnits } from "../../base/canonical.ts";
import type { QuarantineSize } from "../../log/reader.ts";
import type { LogWrites } from "../../log/writes.ts";
import type { QuarantineRow } from "../rows.ts";
import type { UnkeptRecord } from "../unkept.ts";
import type { MemoryRefused } from "./memory-rows.ts";
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

/** How much the quarantine holds. */
export function sizeOf(refused: ReadonlyMap<string, MemoryRefused>): QuarantineSize {
  const sizes = [...refused.values()].map(({ bytes }) => bytes.length);
  const unkept = sizes.filter((size) => size === 0).length;
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { records: sizes.length - unkept, bytes, unkept };
}

/** Keys of records that wait for any of these. */
export function waitingAmong(
  refused: ReadonlyMap<string, MemoryRefused>,
  ids: readonly string[],
): readonly string[] {
  const keys = new Map<string, string[]>();
  for (const { key, waitsFor } of refused.values()) {
    if (waitsFor !== null) keys.set(waitsFor, [...(keys.get(waitsFor) ?? []), key]);
  }
  return ids.flatMap((id) => (keys.get(id) ?? []).sort(compareCodeUnits));
}

/** Records of which only who and why is known. */
export function unkeptAmong(refused: ReadonlyMap<string, MemoryRefused>): UnkeptRecord[] {
  const unkept = [...refused.values()].filter(({ bytes }) => bytes.length === 0);
  return unkept.map(({ key, source }) => ({ key, source }));
}

/** Keeps what a batch refused, and lets go what it released. */
export function keepRefused(
  kept: Map<string, MemoryRefused>,
  { refused, released }: Pick<LogWrites, "refused" | "released">,
  came: Pick<MemoryRefused, "source" | "receivedMs">,
): void {
  for (const one of refused) {
    const bytes = Uint8Array.from(one.bytes);
    kept.set(one.key, { ...came, ...kept.get(one.key), ...one, bytes });
  }
  for (const key of released) kept.delete(key);
}
