import type { Database, Statement } from "better-sqlite3";
import { type ObjectId, uuidBytes } from "../../base/ids.ts";
import { storedId } from "./index-file.ts";
import type { DerivedName } from "./log-source.ts";

/** Which objects stand in the index under another name than their own. */
export class DerivedRows {
  readonly #all: Statement<[], { id: unknown; name: string }>;
  readonly #set: Statement;
  readonly #drop: Statement;

  constructor(db: Database) {
    this.#all = db.prepare("SELECT id, name FROM derived");
    this.#set = db.prepare("INSERT OR REPLACE INTO derived (id, name) VALUES (?, ?)");
    this.#drop = db.prepare("DELETE FROM derived WHERE id = ?");
  }

  drop(id: ObjectId): void {
    this.#drop.run(uuidBytes(id));
  }

  /** Takes over what objects go by now, and returns those for which that is something else. */
  replace(names: readonly DerivedName[]): ObjectId[] {
    const now = new Map(names.map(({ id, name }) => [id, name]));
    const changed: ObjectId[] = [];
    for (const row of this.#all.all()) {
      const id = storedId(row.id);
      const name = now.get(id);
      if (name === undefined) this.drop(id);
      if (name === row.name) now.delete(id);
      else if (name === undefined) changed.push(id);
    }
    for (const [id, name] of now) {
      this.#set.run(uuidBytes(id), name);
      changed.push(id);
    }
    return changed;
  }
}
