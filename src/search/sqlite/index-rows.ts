import type { Database, RunResult, Statement } from "better-sqlite3";
import { type ObjectId, uuidBytes } from "../../base/ids.ts";
import type { ReferenceLookup } from "../../catalog/index.ts";
import { FACETS, type IndexedObject, indexedObject, type ObjectParts } from "../indexed-object.ts";
import { spacedText } from "../words.ts";
import { damage } from "./index-file.ts";

/** One facet in `doc.facets`: its kind and the id. */
export const MARK_BYTES = 17;

interface DocRow {
  readonly doc: number;
  readonly lsn: number;
  readonly state: string;
  readonly name: string;
  readonly title: string;
  readonly facets: Buffer;
}

/** The rows of the index for one object: written and taken away together, inside a transaction. */
export class IndexRows {
  readonly #find: Statement<[Buffer], DocRow>;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #remove: Statement;
  readonly #insertText: Statement;
  readonly #removeText: Statement;
  readonly #insertFacet: Statement;
  readonly #removeFacet: Statement;

  constructor(db: Database) {
    this.#find = db.prepare("SELECT doc, lsn, state, name, title, facets FROM doc WHERE id = ?");
    this.#insert = db.prepare(
      `INSERT INTO doc (id, lsn, type, state, name, title, facets) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING`,
    );
    this.#update = db.prepare(
      "UPDATE doc SET lsn = ?, state = ?, name = ?, title = ?, facets = ? WHERE doc = ?",
    );
    this.#remove = db.prepare("DELETE FROM doc WHERE doc = ?");
    this.#insertText = db.prepare(
      "INSERT INTO text (rowid, name, title, body) VALUES (?, ?, ?, ?)",
    );
    this.#removeText = db.prepare("DELETE FROM text WHERE rowid = ?");
    this.#insertFacet = db.prepare("INSERT OR IGNORE INTO facet (id, kind, doc) VALUES (?, ?, ?)");
    this.#removeFacet = db.prepare("DELETE FROM facet WHERE id = ? AND kind = ? AND doc = ?");
  }

  /** Writes the rows of an object that is not in the index yet; false, and nothing, if it is. */
  add(id: ObjectId, object: ObjectParts, lookup: ReferenceLookup): boolean {
    const { fields, facets } = indexedObject(object, lookup);
    const marks = marksOf(facets);
    const { changes, lastInsertRowid } = this.#insertDoc(id, object, fields, marks);
    if (changes === 0) return false;
    const doc = Number(lastInsertRowid);
    eachMark(marks, (facet, kind) => this.#insertFacet.run(facet, kind, doc));
    this.#writeText(doc, fields);
    return true;
  }

  #insertDoc(
    id: ObjectId,
    { lsn, type }: ObjectParts,
    { name, title, state }: IndexedObject["fields"],
    facets: Buffer,
  ): RunResult {
    return this.#insert.run(uuidBytes(id), lsn, type, state, name, title, facets);
  }

  #writeText(doc: number, { name, title, text }: IndexedObject["fields"]): void {
    this.#insertText.run(doc, spacedText(name), spacedText(title), spacedText(text));
  }

  #stored(id: ObjectId): DocRow | undefined {
    const row = this.#find.get(uuidBytes(id));
    if (row === undefined || row.facets instanceof Uint8Array) return row;
    throw damage(`the facets of ${id} are not readable`);
  }

  /**
   * Writes an object's rows. True when what other objects' text shows of it has changed: its name,
   * title or state. An object that stands there as of the same position is left alone, unless
   * `again`.
   */
  write(id: ObjectId, object: ObjectParts, lookup: ReferenceLookup, again: boolean): boolean {
    const old = this.#stored(id);
    if (old === undefined) return this.add(id, object, lookup);
    if (old.lsn === object.lsn && !again) return false;
    const { fields, facets } = indexedObject(object, lookup);
    const { name, title, state } = fields;
    const { doc } = old;
    const marks = marksOf(facets);
    this.#update.run(object.lsn, state, name, title, marks, doc);
    this.#removeText.run(doc);
    if (!old.facets.equals(marks)) {
      eachMark(old.facets, (facet, kind) => this.#removeFacet.run(facet, kind, doc));
      eachMark(marks, (facet, kind) => this.#insertFacet.run(facet, kind, doc));
    }
    this.#writeText(doc, fields);
    return old.name !== name || old.title !== title || old.state !== state;
  }

  /** Takes an object away that is no longer in the store; false if it was not in the index. */
  remove(id: ObjectId): boolean {
    const old = this.#stored(id);
    if (old === undefined) return false;
    eachMark(old.facets, (facet, kind) => this.#removeFacet.run(facet, kind, old.doc));
    this.#removeText.run(old.doc);
    this.#remove.run(old.doc);
    return true;
  }
}

const NO_MARKS: Buffer = Buffer.alloc(0);

/** A document's facets as bytes: for each its kind, one byte, and the id. */
export function marksOf(facets: IndexedObject["facets"]): Buffer {
  if (facets.length === 0) return NO_MARKS;
  return Buffer.concat(
    facets.flatMap(({ facet, id }) => [Buffer.of(FACETS.indexOf(facet)), uuidBytes(id)]),
  );
}

function eachMark(marks: Buffer, visit: (id: Buffer, kind: number) => void): void {
  for (let at = 0; at < marks.length; at += MARK_BYTES) {
    visit(marks.subarray(at + 1, at + MARK_BYTES), marks[at] as number);
  }
}
