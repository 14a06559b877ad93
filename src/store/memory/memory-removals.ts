import type { Lsn, ObjectId } from "../../base/ids.ts";
import { DELETED_KEY } from "../../model/record.ts";
import { removes } from "../removes.ts";
import type { KnownRemoval, Removal, RemovalCounts, WithinScope } from "../rows.ts";
import { isRevisionOf } from "./memory-rows.ts";
import type { MemoryTables } from "./memory-tables.ts";

export function countRemovals(
  tables: MemoryTables,
  after: Lsn,
  within?: WithinScope,
): RemovalCounts {
  const isOutside = tables.scopes.outsiders(within);
  const deleting = new Set<ObjectId>();
  for (const { envelope, kind, bytes } of tables.log.slice(after)) {
    if (kind !== "revision" || bytes.length === 0) continue;
    const { patch } = tables.revisionRecord(envelope.id);
    const isDeletion = patch.some(
      (write) => write.path === `/${DELETED_KEY}` && write.op !== "remove",
    );
    if (isDeletion) deleting.add(envelope.object);
  }
  const passing = [...deleting].filter(
    (id) => tables.objects.get(id)?.deleted === false && !isOutside(id),
  );
  return { removals: removalsAfter(tables, after, within).length, passing: passing.length };
}

export function removalsAfter(tables: MemoryTables, after: Lsn, within?: WithinScope): Removal[] {
  const isOutside = tables.scopes.outsiders(within);
  const deleted = [...tables.objects.values()].filter(
    (object) => object.deleted && !isOutside(object.id),
  );
  const purged = [...tables.gone.values()].filter(({ how }) => how === "purged");
  return [
    ...deleted.map(({ id, changed }) => ({
      object: id,
      ...linesOf(tables, id, after),
      lsn: changed,
    })),
    ...purged.map(({ id, lsn }) => ({ object: id, heads: [], others: [], lsn })),
  ]
    .filter(({ lsn }) => lsn > after)
    .sort((a, b) => a.lsn - b.lsn);
}

function linesOf(
  tables: MemoryTables,
  id: ObjectId,
  after: Lsn,
): Pick<Removal, "heads" | "others"> {
  const heads = (tables.objects.get(id)?.heads ?? []).map((head) => head.id);
  const entries = tables.log.slice(after).filter(isRevisionOf(id));
  const records = entries.map(({ envelope }) => tables.revisionRecord(envelope.id));
  const known = new Set(records.flatMap((record) => [record.id, ...record.parents]));
  for (const head of heads) known.delete(head);
  return { heads, others: [...known] };
}

export function wouldRemove(tables: MemoryTables, removal: KnownRemoval): boolean {
  const own = tables.objects.get(removal.object);
  if (own === undefined || own.deleted) return false;
  const editsKeep = tables.policy().policy.deletes === "edit-wins";
  const heads = own.heads.map(({ id }) => id);
  return removes(removal, heads, (id) => tables.lsnOf.has(id), editsKeep);
}
