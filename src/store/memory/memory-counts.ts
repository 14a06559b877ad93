import { stateDigest } from "../digest.ts";
import type { StoreCounts } from "../rows.ts";
import { shownName } from "./memory-rows.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** See `Store.counts`. */
export function countAll(tables: MemoryTables): StoreCounts {
  const objects: Record<string, number> = {};
  const all = [...tables.objects.values()];
  for (const { type, deleted } of all) if (!deleted) objects[type] = (objects[type] ?? 0) + 1;
  const gone = [...tables.gone.values()];
  return {
    objects,
    deleted: all.filter(({ deleted }) => deleted).length,
    purged: gone.filter(({ how }) => how === "purged").length,
    shunned: gone.filter(({ how }) => how === "shunned").length,
    departed: new Set(tables.scopes.departures(undefined).map(({ object }) => object)).size,
    revisions: tables.log.length,
    changesets: tables.changesets.size,
    diverged: all.filter(({ heads }) => heads.length > 1).length,
    openConflicts: countOpen(tables),
    parked: all.filter(({ parked }) => parked).length,
    quarantined: tables.refused.size,
    refusedPurges: [...tables.refused.values()].filter(({ code }) => code === "PURGE_REFUSED")
      .length,
  };
}

/** See `Store.digest`. */
export function digestOf(tables: MemoryTables): string {
  const rows = [...tables.objects.values()].map((object) => ({
    id: object.id,
    heads: object.heads.map((head) => head.id),
    bodyHash: object.bodyHash,
    effectiveName: shownName(object),
    parked: object.parked,
  }));
  const purged = [...tables.gone.values()].filter(({ how }) => how === "purged");
  return stateDigest(
    rows,
    purged.map(({ id }) => id),
  );
}

/** Conflicts that wait for a person. */
export function countOpen(tables: MemoryTables): number {
  const all = [...tables.conflicts.values()].flat();
  return all.filter(({ status }) => status === "open").length;
}
