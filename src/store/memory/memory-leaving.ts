import type { InstanceId, ObjectId } from "../../base/ids.ts";
import type { ScopeTables } from "../../scope/scope-tables.ts";
import type { LeavingTables, LeftWhere, Origin } from "../leaving.ts";
import type { Cursor, Departure, Identity, LinkRow } from "../rows.ts";
import { cursorKey, isRevisionOf } from "./memory-rows.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** What is asked of a memory store to say what of it may be dropped. */
export class MemoryLeaving implements LeavingTables {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  get scopes(): ScopeTables {
    return this.#tables.scopes;
  }

  identity(): Identity {
    return this.#tables.identity();
  }

  links(): readonly LinkRow[] {
    return [...this.#tables.links.values()];
  }

  cursor(peer: InstanceId, scope: string): Cursor | undefined {
    return this.#tables.cursors.get(cursorKey(peer, scope));
  }

  cursors(): readonly LeftWhere[] {
    return [...this.#tables.cursors.values()].map(({ peer, scope }) => ({ source: peer, scope }));
  }

  departures(): readonly Departure[] {
    return this.#tables.scopes.departures(undefined);
  }

  isLive(object: ObjectId): boolean {
    return this.#tables.objects.get(object)?.deleted === false;
  }

  origins(object: ObjectId): readonly Origin[] {
    const heads = new Set(this.#tables.objects.get(object)?.heads.map(({ id }) => id));
    return this.#tables.log
      .filter(isRevisionOf(object))
      .map(({ lsn, source, envelope: { id, actor }, generation }) => {
        return { source, actor, isCreation: generation === 1, isHead: heads.has(id), lsn };
      });
  }
}
