import type { Database, Statement } from "better-sqlite3";
import { type Lsn, type ObjectId, uuidBytes } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { searchParts } from "../../catalog/index.ts";
import { type Excerpt, type FollowedEntry, readExcerpt } from "../../log/excerpt.ts";
import type { Revision } from "../../model/record.ts";
import type { LogChange } from "../../store/rows.ts";
import { emptyWal } from "../../store/sqlite/database.ts";
import { type ObjectParts, shownContent } from "../indexed-object.ts";
import { DerivedRows } from "./derived-rows.ts";
import { type Covered, coveredBy, emptyIndex, eraseLeftovers, storedId } from "./index-file.ts";
import { IndexRows } from "./index-rows.ts";
import type { LogSource } from "./log-source.ts";
import { ObjectContents } from "./object-contents.ts";

/** Log entries read at once: few, because a record may be large. */
const PAGE_ENTRIES = 64;
/**
 * Packages whose text is indexed again when an object they name is renamed. Beyond that their text
 * keeps the old name until they change themselves; filters go by id and are never behind.
 */
const REFERRERS_MAX = 2000;
/** Of what is gone no word stays, however many show it. */
const ALL = -1;

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
  readonly #derived: DerivedRows;
  readonly #referrers: Statement<[Buffer, number], Buffer>;
  readonly #cover: Statement;
  readonly #covered: () => Covered;
  readonly #transaction: () => boolean;
  readonly #emptyWal: () => boolean;
  readonly #stepEntries: number;
  readonly #handed: Excerpt[] = [];
  #lsn = -1;
  /** An object went in the step that is under way. */
  #isAnyGone = false;
  /** Something went for good, and the write-ahead log was not emptied since. */
  #holdsRemoved = false;

  /** A step ends once it has taken so many log entries. */
  constructor(db: Database, source: LogSource, stepEntries: number) {
    this.#stepEntries = stepEntries;
    this.#source = source;
    this.#contents = new ObjectContents(source);
    this.#rows = new IndexRows(db);
    this.#derived = new DerivedRows(db);
    this.#referrers = db
      .prepare<[Buffer, number], Buffer>(
        "SELECT doc.id FROM facet JOIN doc USING (doc) WHERE facet.id = ? LIMIT ?",
      )
      .pluck();
    this.#cover = db.prepare("UPDATE covered SET lsn = ?, chain = ?, policy = ?");
    this.#covered = () => coveredBy(db);
    const step = db.transaction(() => {
      const done = this.#step(() => emptyIndex(db));
      if (this.#isAnyGone) eraseLeftovers(db);
      return done;
    });
    this.#transaction = () => step.immediate();
    this.#emptyWal = () => emptyWal(db);
  }

  /** The position that is covered. */
  get covered(): number {
    return this.#covered().lsn;
  }

  /** Takes a stretch of the log that need not be read, given in log order. */
  hand(excerpt: Excerpt): void {
    this.#handed.push(excerpt);
  }

  /** One step; true when there was nothing left to do. */
  step(): boolean {
    this.#isAnyGone = false;
    const done = this.#transaction();
    this.#holdsRemoved ||= this.#isAnyGone;
    if (this.#holdsRemoved) this.#holdsRemoved = !this.#emptyWal();
    return done;
  }

  #step(empty: () => void): boolean {
    let { lsn, chain, policy: indexed } = this.#covered();
    if (!sameBytes(this.#source.chainAt(lsn), chain)) {
      empty();
      lsn = 0;
    }
    // Another process may have come further meanwhile; what was remembered before is then old.
    if (lsn !== this.#lsn) this.#contents.forgetAll();
    const policy = this.#source.policyHash();
    if (policy !== indexed) this.#indexMerges();
    let done = false;
    for (let count = 0; count < this.#stepEntries && !done; ) {
      const handed = this.#takeHanded(lsn);
      const page = handed ?? this.#source.changes(lsn, PAGE_ENTRIES).map(followed);
      this.#index(page);
      count += page.length;
      lsn = page.at(-1)?.lsn ?? lsn;
      // The log may go on behind what was handed; then its writer will say so.
      done = handed === undefined ? page.length < PAGE_ENTRIES : this.#handed.length === 0;
    }
    if (done || lsn >= this.#source.head().lsn) this.#indexNames();
    chain = this.#source.chainAt(lsn) ?? chain;
    if (lsn > 0) this.#cover.run(lsn, chain, policy);
    this.#lsn = lsn;
    return done;
  }

  /** Merges are other ones under another policy, though nothing was added to the log. */
  #indexMerges(): void {
    this.#contents.forgetAll();
    this.#writeAgain(this.#source.merged());
  }

  /** A clash that appears or ends gives others another name, of whom nothing is in the log. */
  #indexNames(): void {
    const changed = this.#derived.replace(this.#source.derivedNames());
    for (const id of changed) this.#contents.forget(id);
    const referrers = new Set<ObjectId>();
    for (const id of changed) {
      const object = this.#present(id);
      if (object === undefined) continue;
      this.#rows.write(id, object, this.#contents, true);
      if (object.type !== "package") this.#addReferrers(id, REFERRERS_MAX, referrers);
    }
    this.#writeAgain(referrers);
  }

  /** The entries after a position, as far as they were handed over. */
  #takeHanded(lsn: Lsn): FollowedEntry[] | undefined {
    for (let first = this.#handed[0]; first && first.after <= lsn; first = this.#handed[0]) {
      this.#handed.shift();
      if (first.to > lsn) return readExcerpt(first).filter((entry) => entry.lsn > lsn);
    }
    return undefined;
  }

  #index(page: readonly FollowedEntry[]): void {
    const changed = entriesByObject(page);
    for (const id of changed.keys()) this.#contents.forget(id);
    const referrers = new Set<ObjectId>();
    for (const [id, entries] of changed) {
      const shown = this.#write(id, entries);
      if (shown === "same") continue;
      const most = shown === "gone" ? ALL : REFERRERS_MAX;
      this.#addReferrers(id, most, referrers);
    }
    // What is written in this step sees the new name anyway.
    for (const id of changed.keys()) referrers.delete(id);
    this.#writeAgain(referrers);
  }

  #addReferrers(id: ObjectId, most: number, referrers: Set<ObjectId>): void {
    for (const one of this.#referrers.all(uuidBytes(id), most)) referrers.add(storedId(one));
  }

  #writeAgain(ids: Iterable<ObjectId>): void {
    for (const id of ids) {
      const object = this.#present(id);
      if (object !== undefined) this.#rows.write(id, object, this.#contents, true);
    }
  }

  /** Writes an object that changed, and says what has become of what others' text shows of it. */
  #write(id: ObjectId, entries: readonly FollowedEntry[]): "same" | "other" | "gone" {
    const created = createdBy(entries);
    if (created !== undefined && this.#rows.add(id, created, this.#contents)) {
      return created.type === "package" ? "same" : "other";
    }
    const object = this.#present(id);
    if (object === undefined) {
      this.#derived.drop(id);
      if (!this.#rows.remove(id)) return "same";
      this.#isAnyGone = true;
      return "gone";
    }
    const isOther = this.#rows.write(id, object, this.#contents, false);
    return isOther && object.type !== "package" ? "other" : "same";
  }

  #present(id: ObjectId): ObjectParts | undefined {
    const row = this.#source.object(id);
    if (row === undefined) return undefined;
    return { type: row.type, lsn: row.lsn, parts: searchParts(shownContent(row)) };
  }
}

/**
 * An object that is new in a page, and in no other entry of it, as its creation says: that is in the
 * entry already, and what happened to it since follows in a later page. Undefined for all others.
 */
function createdBy([entry, second]: readonly FollowedEntry[]): ObjectParts | undefined {
  if (entry?.created == null || second !== undefined) return undefined;
  return { ...entry.created, lsn: entry.lsn };
}

function entriesByObject(page: readonly FollowedEntry[]): Map<ObjectId, FollowedEntry[]> {
  const byObject = new Map<ObjectId, FollowedEntry[]>();
  for (const entry of page) {
    const entries = byObject.get(entry.object);
    if (entries === undefined) byObject.set(entry.object, [entry]);
    else entries.push(entry);
  }
  return byObject;
}

/** An entry as it stands in the log; that of an object that is gone has an empty record. */
function followed({ lsn, object, text }: LogChange): FollowedEntry {
  return { lsn, object, created: mayCreate(text) ? creation(JSON.parse(text) as Revision) : null };
}

/** False for most entries that create nothing, without parsing them. */
function mayCreate(text: string): boolean {
  return text.includes('"parents":[],');
}

function creation({ type, parents, patch }: Revision): FollowedEntry["created"] {
  const write = patch[0];
  if (parents.length > 0 || write?.op !== "add" || write.path !== "") return null;
  return { type, parts: searchParts(write.value as JsonObject) };
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}
