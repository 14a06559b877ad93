import { SynclineError } from "../../base/errors.ts";
import type { LinkRow, RunRow } from "../rows.ts";
import { type Db, prepared } from "./database.ts";
import { rowSum } from "./row-sum.ts";

/** Runs kept per instance; older ones go. */
const RUNS_KEPT_MAX = 10_000;

export function writeLink(db: Db, link: LinkRow): void {
  const row = [link.name, JSON.stringify(link)];
  const sql = "INSERT OR REPLACE INTO link (name, document, sum) VALUES (?, ?, ?)";
  prepared(db, sql).run(...row, rowSum(...row));
}

/** Throws `LINK_NOT_FOUND`. */
export function dropLink(db: Db, name: string): void {
  const { changes } = prepared(db, "DELETE FROM link WHERE name = ?").run(name);
  if (changes === 0) throw new SynclineError("LINK_NOT_FOUND", `no link named ${name}`);
}

/** Adds a run, or replaces the one of its id. */
export function writeRun(db: Db, run: RunRow): void {
  const row = [run.link, JSON.stringify(run)];
  const save = `INSERT INTO run (link, document, sum, id) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET link = excluded.link, document = excluded.document, sum = excluded.sum`;
  prepared(db, save).run(...row, rowSum(...row), run.id);
  prepared(db, "DELETE FROM run WHERE seq <= (SELECT max(seq) FROM run) - ?").run(RUNS_KEPT_MAX);
}
