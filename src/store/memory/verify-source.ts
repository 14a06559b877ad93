import type { ObjectRow } from "../rows.ts";
import type { VerifySource } from "../verify-log.ts";
import type { StoredState } from "../verify-object.ts";
import { isRevisionOf, type MemoryObject } from "./memory-rows.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** What is in memory, as verifying reads it. */
export function verifySource(
  tables: MemoryTables,
  rowOf: (object: MemoryObject) => ObjectRow,
): VerifySource {
  const { log, objects, changesets, refused } = tables;
  return {
    changesets: () =>
      [...changesets].map(([id, { text, hash }]) => ({ id, bytes: Buffer.from(text), hash })),
    log: () =>
      log.map(({ lsn, kind, bytes, hash, chain, envelope: { id, changeset, object } }) => {
        const isKnown = changeset !== null && changesets.has(changeset);
        const isGone = kind === "dropped" || tables.gone.has(object);
        const fields = {
          changeset: isKnown ? changeset : null,
          object: objects.has(object) || isGone ? object : null,
        };
        return { lsn, id, bytes, hash, chain, isGone, fields };
      }),
    objects: () =>
      [...objects.values()].map((object) => {
        const conflicts = tables.conflictsOf(object.id);
        const { nameWriter } = object;
        const read = (): StoredState => ({ ...rowOf(object), conflicts, nameWriter });
        return { where: `obj ${object.id}`, read };
      }),
    recordsOf: (id) => log.filter(isRevisionOf(id)),
    policy: () => tables.policy(),
    edition: tables.edition,
    quarantine: () => refused.values(),
    scopeTables: tables.scopes,
    scopes: () => tables.scopes.rows(),
  };
}
