import { isUuid } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";
import type { Finding } from "../rows.ts";
import { createDatabase, type Db, prepared } from "./database.ts";
import { checkMeta } from "./meta.ts";
import { rowSum } from "./row-sum.ts";
import { SCHEMA_VERSION } from "./schema.ts";

/** Hears what is wrong, and where. */
type Found = (where: string, message: string) => void;

/** Rows with a sum of their own: what names one, its sum, and what that is over. */
const SUMMED: Readonly<Record<string, string>> = {
  link: "SELECT name, sum, name, document FROM link",
  run: "SELECT seq, sum, link, document FROM run",
  cursor:
    "SELECT scope, sum, p.uuid, scope, ladder FROM cursor c LEFT JOIN peer p ON p.id = c.peer",
  scope: "SELECT hash, sum, hash, text, lsn, policy, names, round, changed FROM scope",
  known_peer: "SELECT uuid, sum, uuid, document FROM known_peer",
  met: "SELECT peer, sum, peer, epochs FROM met",
  quarantine: "SELECT key, sum, key, id, code, message, waits_for FROM quarantine",
};

/** Rows that belong to another row, where that is missing. */
const STRAYS: Readonly<Record<string, string>> = {
  scope_member: `SELECT 'oid=' || oid FROM scope_member
    WHERE scope NOT IN (SELECT id FROM scope) OR oid NOT IN (SELECT oid FROM obj)`,
  scope_tie: `SELECT 'oid=' || oid FROM scope_tie
    WHERE scope NOT IN (SELECT id FROM scope) OR oid NOT IN (SELECT oid FROM obj)`,
  departure: `SELECT 'oid=' || oid FROM departure
    WHERE oid NOT IN (SELECT oid FROM obj WHERE nheads > 0)`,
  snap: "SELECT 'lsn=' || lsn FROM snap WHERE lsn NOT IN (SELECT lsn FROM rev)",
  head: "SELECT 'lsn=' || lsn FROM head WHERE oid NOT IN (SELECT oid FROM obj WHERE nheads > 1)",
};

/**
 * Checks what stands beside log and state: the schema, and the tables of which no record says what
 * they should hold. Never throws for what is stored.
 */
export function verifyTables(db: Db): Finding[] {
  const findings: Finding[] = [];
  const found: Found = (where, message) => {
    findings.push({ code: "STORE_CORRUPT", where, message });
  };
  const attempt = (where: string, check: () => void): void => {
    try {
      check();
    } catch (error) {
      found(where, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  attempt("schema", () => checkSchema(db, found));
  attempt("meta", () => checkMeta(db, found));
  attempt("peer", () => checkPeers(db, found));
  for (const [table, sql] of Object.entries(SUMMED)) {
    attempt(table, () => checkSums(table, rowsOf(db, sql), found));
  }
  for (const [table, sql] of Object.entries(STRAYS)) {
    attempt(table, () => {
      for (const [row] of rowsOf(db, sql)) found(`${table} ${row}`, "belongs to nothing");
    });
  }
  return findings;
}

function rowsOf(db: Db, sql: string): Iterable<Json[]> {
  return prepared(db, sql).raw().iterate() as Iterable<Json[]>;
}

/** Made once: it is the same for every file. */
let wantedSchema: ReadonlyMap<string, string> | undefined;

function schemaOfThisVersion(sql: string): Map<string, string> {
  const model = createDatabase(":memory:", () => {});
  const schema = new Map(rowsOf(model, sql) as Iterable<[string, string]>);
  model.close();
  return schema;
}

/** Tables and indexes are those that this version makes, and the file says so. */
function checkSchema(db: Db, found: Found): void {
  const sql = `SELECT type || ' ' || name, tbl_name || ' ' || ifnull(sql, '') FROM sqlite_schema
    WHERE name NOT LIKE 'sqlite_stat%'`;
  wantedSchema ??= schemaOfThisVersion(sql);
  const wanted = wantedSchema;
  const there = new Map(rowsOf(db, sql) as Iterable<[string, string]>);
  for (const [name, text] of wanted) {
    if (there.get(name) !== text) found(name, "is missing, or not as this version makes it");
  }
  for (const name of there.keys()) if (!wanted.has(name)) found(name, "is none of this version");
  const versions = [...rowsOf(db, "SELECT version FROM migration ORDER BY version")].flat();
  if (versions.length !== SCHEMA_VERSION || versions.some((version, at) => version !== at + 1)) {
    found("migration", `does not hold the versions 1 to ${SCHEMA_VERSION}`);
  }
}

function checkPeers(db: Db, found: Found): void {
  for (const [id, uuid] of rowsOf(db, "SELECT id, uuid FROM peer")) {
    if (!isUuid(uuid)) found(`peer id=${id}`, "is not a UUID");
  }
  for (const [table, column] of Object.entries({ rev: "src", quarantine: "src", cursor: "peer" })) {
    const sql = `SELECT DISTINCT ${column} FROM ${table}
      WHERE ${column} IS NOT NULL AND ${column} NOT IN (SELECT id FROM peer)`;
    for (const [peer] of rowsOf(db, sql)) found(`peer id=${peer}`, `is missing; ${table} names it`);
  }
}

/** A row of the time before sums has none. */
function checkSums(table: string, rows: Iterable<Json[]>, found: Found): void {
  for (const [name, sum = null, ...values] of rows) {
    if (sum !== null && sum !== rowSum(...values))
      found(`${table} ${name}`, "does not have its sum");
  }
}
