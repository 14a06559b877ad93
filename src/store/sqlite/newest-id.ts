import type { Statement } from "better-sqlite3";
import type { RevisionId } from "../../base/ids.ts";
import type { Db } from "./database.ts";
import { loggedUuid } from "./stored-values.ts";

/**
 * The greatest id of all revisions. Ids begin with the time, so that nearly all that come are greater
 * than any that is stored, and need no look-up.
 */
export class NewestId {
  readonly #find: Statement<unknown[]>;
  /** Undefined while it is not known; empty without any revision. */
  #newest: string | undefined;

  constructor(db: Db) {
    this.#find = db.prepare("SELECT max(id) FROM rev").pluck();
  }

  isBelow(id: RevisionId): boolean {
    this.#newest ??= this.#stored();
    return this.#newest < id;
  }

  #stored(): string {
    const newest = this.#find.get();
    return newest === null ? "" : loggedUuid<RevisionId>(newest);
  }

  /** Takes note of a revision that is stored now. */
  add(id: RevisionId): void {
    if (this.#newest !== undefined && this.#newest < id) this.#newest = id;
  }

  /** After a rollback, or when others wrote. */
  forget(): void {
    this.#newest = undefined;
  }
}
