import type { Statement } from "better-sqlite3";
import type { Db } from "./database.ts";

/** Gives long texts (actors, peers) small row numbers, and remembers them. */
export class Interner {
  readonly #find: Statement<unknown[]>;
  readonly #add: Statement<unknown[]>;
  readonly #ids = new Map<string, number>();

  constructor(db: Db, table: "actor" | "peer", column: "uuids" | "uuid") {
    this.#find = db.prepare(`SELECT id FROM ${table} WHERE ${column} = ?`).pluck();
    this.#add = db.prepare(`INSERT INTO ${table} (${column}) VALUES (?)`);
  }

  /** The row number of a text, which is added when it is new. */
  idOf(text: string): number {
    const known = this.#ids.get(text) ?? (this.#find.get(text) as number | undefined);
    const id = known ?? Number(this.#add.run(text).lastInsertRowid);
    this.#ids.set(text, id);
    return id;
  }

  /** After a rollback. */
  forget(): void {
    this.#ids.clear();
  }
}
