import type { Lsn } from "../../base/ids.ts";
import { takeOver } from "../../base/own-memory.ts";
import { type LaterRecords, PageBuilder } from "../page-builder.ts";
import type { PageLimits } from "../page-limits.ts";
import type { LogPage } from "../rows.ts";
import { basesOf } from "./bases.ts";
import { type Db, prepared } from "./database.ts";
import { actorRows, changesetRecord, peerRow, stubOf } from "./log-rows.ts";
import { outsidersOf } from "./read-scope.ts";
import { KINDS } from "./sqlite-rows.ts";
import { damaged, storedBytes } from "./stored-values.ts";

/** Rows that are looked at together: about what one page holds of packages of 2 kB. */
const ROWS_AT_ONCE = 128;

/**
 * Reads one page of the log for sending; see `Store.readPage`. What the page is made of is decided
 * by looking at everything but the records. Those that follow each other are then read as one: with
 * memory of its own for each, V8 would look for garbage every few pages.
 */
export function readPage(db: Db, after: Lsn, limits: PageLimits): LogPage | undefined {
  const page = new PageBuilder(after, limits, (lsn) => chainOf(db, lsn));
  const skipped = limits.skip === undefined ? undefined : peerRow(db, limits.skip);
  const only = limits.only && actorRows(db, limits.only, limits.except);
  const isBase = only && basesOf(db, only);
  const isOutside = outsidersOf(db, limits.within);
  let run = new Run(db, after);
  for (const [lsn, cs, size, kind, src, oid, actor] of rowsAfter(db, after, limits.upTo)) {
    const isForeign = only?.has(actor) === false && isBase?.(oid, lsn) !== true;
    const isLeftOut = isForeign || (src !== null && src === skipped);
    if (isLeftOut || (kind !== PURGE && isOutside?.(oid) === true)) {
      if (page.skip(lsn, () => stubOf(db, lsn)) === "ends") break;
      continue;
    }
    if (size === null) throw damaged("bytes");
    if (page.isFull(cs, size)) break;
    const isStub = size === 0;
    if (isStub) page.add(lsn, stubOf(db, lsn), kind === PURGE ? "purge" : "revision");
    else if (kind === PURGE) page.add(lsn, recordAt(db, lsn), "purge");
    else {
      const isNext = run.last === lsn - 1;
      if (!isNext || !page.has(cs)) run = new Run(db, lsn - 1);
      if (!page.has(cs)) page.addChangeset(cs, changesetRecord(db, cs, lsn));
      run.extend(size);
      page.addLater(lsn, size, run);
    }
  }
  return page.build();
}

const PURGE = KINDS.indexOf("purge");

type PageTuple = [
  ...[lsn: Lsn, cs: number, size: number | null, kind: number],
  ...[src: number | null, oid: number, actor: number],
];

/** Everything but the records, of which only the size is asked: so they are not even read. */
function* rowsAfter(db: Db, after: Lsn, upTo: Lsn = Number.MAX_SAFE_INTEGER): Iterable<PageTuple> {
  const some = prepared(
    db,
    `SELECT lsn, cs, CASE typeof(record) WHEN 'blob' THEN length(record) END, kind, src, oid, actor
       FROM rev WHERE lsn > ? AND lsn <= ? ORDER BY lsn LIMIT ?`,
  ).raw();
  for (let last = after; ; ) {
    const rows = some.all(last, upTo, ROWS_AT_ONCE) as PageTuple[];
    yield* rows;
    if (rows.length < ROWS_AT_ONCE) return;
    last = (rows.at(-1) as PageTuple)[0];
  }
}

/** Records of neighboring positions. */
class Run implements LaterRecords {
  readonly #db: Db;
  readonly #after: Lsn;
  last: Lsn;
  #bytes = 0;

  constructor(db: Db, after: Lsn) {
    this.#db = db;
    this.#after = after;
    this.last = after;
  }

  extend(bytes: number): void {
    this.last += 1;
    this.#bytes += bytes;
  }

  read(): Uint8Array {
    const lines = prepared(this.#db, JOINED).pluck().get(this.#after, this.last);
    const bytes = takeOver(storedBytes(lines));
    if (bytes.length === this.#bytes + this.last - this.#after - 1) return bytes;
    throw damaged("as many bytes as it says");
  }
}

const JOINED = `SELECT CAST(group_concat(CAST(record AS TEXT), char(10)) AS BLOB)
  FROM (SELECT record FROM rev WHERE lsn > ? AND lsn <= ? ORDER BY lsn)`;

function recordAt(db: Db, lsn: Lsn): Buffer {
  return storedBytes(prepared(db, "SELECT record FROM rev WHERE lsn = ?").pluck().get(lsn));
}

function chainOf(db: Db, lsn: Lsn): Buffer {
  return storedBytes(prepared(db, "SELECT chain FROM rev WHERE lsn = ?").pluck().get(lsn));
}
