import type { Database } from "better-sqlite3";
import { isUuid, type ObjectId, uuidBytes } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { FACETS, type Facet } from "../indexed-object.ts";
import { ftsExpression, type Phrase } from "../query-text.ts";
import type { SearchQuery } from "../search-index.ts";
import { damage, storedId } from "./index-file.ts";

/** A hit as the index knows it; the text around the match comes from the store. */
export interface IndexHit {
  readonly id: ObjectId;
  readonly type: string;
  readonly name: string;
  readonly title: string;
}

interface Conditions {
  readonly sql: string[];
  readonly values: (string | Buffer | number)[];
}

/** How much a match counts in the name, in the title and in the text. */
const WEIGHTS = "10.0, 8.0, 1.0";

/** Runs a query on the index file: how many there are, and one page of them, the best first. */
export function runQuery(
  db: Database,
  query: SearchQuery,
  phrases: readonly Phrase[],
): { total: number; hits: IndexHit[] } {
  const conditions: Conditions = { sql: [], values: [] };
  const matches = phrases.length > 0;
  if (matches) add(conditions, "text MATCH ?", ftsExpression(phrases));
  const state = query.state ?? "active";
  if (state !== "any") add(conditions, "doc.state = ?", state);
  if (query.type !== undefined) add(conditions, "doc.type = ?", query.type);
  for (const facet of FACETS) addFacet(db, conditions, facet, query[facet]);
  const from = matches ? "text JOIN doc ON doc.doc = text.rowid" : "doc";
  const where = conditions.sql.length === 0 ? "1" : conditions.sql.join(" AND ");
  const order = matches ? `bm25(text, ${WEIGHTS}), doc.name, doc.id` : "doc.name, doc.id";
  // One read transaction, so that the total belongs to the page.
  return db.transaction(() => {
    const total = db
      .prepare(`SELECT count(*) FROM ${from} WHERE ${where}`)
      .pluck()
      .get(...conditions.values) as number;
    const rows = db
      .prepare(
        `SELECT doc.id, doc.type, doc.name, doc.title FROM ${from} WHERE ${where}
         ORDER BY ${order} LIMIT ? OFFSET ?`,
      )
      .all(...conditions.values, Math.min(query.limit, PAGE_ITEMS_MAX), query.offset ?? 0) as Row[];
    return { total, hits: rows.map(hitOf) };
  })();
}

type Row = Record<"id" | "type" | "name" | "title", unknown>;

/** Throws SQLite's error for damage when the row holds something else than it should. */
function hitOf({ id, type, name, title }: Row): IndexHit {
  if ([type, name, title].every((value) => typeof value === "string")) {
    return { id: storedId(id), type, name, title } as IndexHit;
  }
  throw damage("an object of the index is not readable");
}

function add(conditions: Conditions, sql: string, ...values: Conditions["values"]): void {
  conditions.sql.push(sql);
  conditions.values.push(...values);
}

/** A facet is asked for by id, or by the name of the objects it refers to. */
function addFacet(
  db: Database,
  conditions: Conditions,
  facet: Facet,
  wanted: string | undefined,
): void {
  if (wanted === undefined) return;
  const ids = db
    .prepare<[string, string], Buffer>(
      "SELECT id FROM doc WHERE name = ? AND type = ? AND type <> 'package'",
    )
    .pluck()
    .all(wanted, facet);
  const id = wanted.toLowerCase();
  if (isUuid(id)) ids.push(uuidBytes(id));
  const places = ids.map(() => "?").join(", ");
  add(
    conditions,
    `doc.doc IN (SELECT doc FROM facet WHERE id IN (${places}) AND kind = ?)`,
    ...ids,
    FACETS.indexOf(facet),
  );
}
