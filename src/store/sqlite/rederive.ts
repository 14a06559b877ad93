import { rederivePage } from "../adapt.ts";
import type { Db } from "./database.ts";
import { objectPages } from "./object-pages.ts";
import { SqliteTables, type TablesPorts } from "./sqlite-tables.ts";

/**
 * Derives merges, conflicts and names of all objects from the log, in a file whose older format kept
 * none of them. Belongs into the transaction that brought the file up to date.
 */
export function rederive(db: Db, ports: TablesPorts): void {
  const tables = new SqliteTables(db, ports);
  for (const page of objectPages(db, "all")) rederivePage(tables, page);
}
