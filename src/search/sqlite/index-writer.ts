import type { Database, Statement } from "better-sqlite3";
import { type ObjectId, uuidBytes, uuidText } from "../../base/ids.ts";
import { type Covered, coveredBy, emptyIndex } from "./index-file.ts";
import { IndexRows } from "./index-rows.ts";
import type { LogSource } from "./log-source.ts";
import { ObjectContents } from "./object-contents.ts";

/** Log entries per transaction. */
const STEP_ENTRIES_MAX = 256;
/**
 * Packages whose text is indexed again when an object they name is renamed. Beyond that their text
 * keeps the old name until they change themselves; filters go by id and are never behind.
 */
const REFERRERS_MAX = 2000;

/**
 * Brings the index up to the end of the log, one transaction a step: the rows of the objects that
 * changed, in their present state, and the position this covers. Interrupted at any point it goes
 * on from its own position; several processes may do it at once. An index of another history (its
 * chain is not the log's: a restored database) begins anew.
 */
export class IndexWriter {
  readonly #source: LogSource;
  readonly #contents: ObjectContents;
  readonly #rows: IndexRows;
  readonly #referrers: Statement<[Buffer, number], Buffer>;
  readonly #cover: Statement;
  readonly #covered: () => Covered;
  readonly #transaction: () => boolean;
  #lsn = -1;

  constructor(db: Database, source: LogSource) {
    this.#source = source;
    this.#contents = new ObjectContents(source);
    this.#rows = new IndexRows(db);
    this.#referrers = db
      .prepare<[Buffer, number], Buffer>(
        "SELECT doc.id FROM facet JOIN doc USING (doc) WHERE facet.id = ? LIMIT ?",
      )
      .pluck();
    this.#cover = db.prepare("UPDATE covered SET lsn = ?, chain = ?");
    this.#covered = () => coveredBy(db);
    const step = db.transaction(() => this.#step(() => emptyIndex(db)));
    this.#transaction = () => step.immediate();
  }

  /** The position that is covered. */
  get covered(): number {
    return this.#covered().lsn;
  }

  /** One step; true when there was nothing left to do. */
  step(): boolean {
    return this.#transaction();
  }

  #step(empty: () => void): boolean {
    let { lsn, chain } = this.#covered();
    if (!sameBytes(this.#source.chainAt(lsn), chain)) {
      empty();
      lsn = 0;
    }
    // Another process may have come further meanwhile; what was remembered before is then old.
    if (lsn !== this.#lsn) this.#contents.forgetAll();
    const page = this.#source.entries({ after: lsn, limit: STEP_ENTRIES_MAX });
    const last = page.at(-1);
    this.#lsn = last?.lsn ?? lsn;
    if (last === undefined) return true;
    this.#index(new Set(page.map((entry) => entry.object)));
    chain = this.#source.chainAt(last.lsn) ?? chain;
    this.#cover.run(last.lsn, chain);
    return page.length < STEP_ENTRIES_MAX;
  }

  #index(changed: ReadonlySet<ObjectId>): void {
    for (const id of changed) this.#contents.forget(id);
    const referrers = new Set<ObjectId>();
    for (const id of changed) {
      const row = this.#source.object(id);
      if (row === undefined) this.#rows.remove(id);
      else if (this.#rows.write(row, this.#contents, false) && row.type !== "package") {
        for (const referrer of this.#referrers.all(uuidBytes(id), REFERRERS_MAX)) {
          const referrerId = uuidText<ObjectId>(referrer);
          // What is written in this step sees the new name anyway.
          if (!changed.has(referrerId)) referrers.add(referrerId);
        }
      }
    }
    for (const id of referrers) {
      const row = this.#source.object(id);
      if (row !== undefined) this.#rows.write(row, this.#contents, true);
    }
  }
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}
