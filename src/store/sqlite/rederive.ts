import type { ObjectId } from "../../base/ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import { LogDraft } from "../../log/draft.ts";
import type { Db } from "./database.ts";
import { SqliteTables } from "./sqlite-tables.ts";
import { storedUuid } from "./stored-values.ts";

/** Objects that are in memory at a time. */
const PAGE_OBJECTS = 200;

/**
 * Derives merges, conflicts and names of all objects from the log, in a file whose older format kept
 * none of them. Belongs into the transaction that brought the file up to date.
 */
export function rederive(db: Db, clock: Clock): void {
  const tables = new SqliteTables(db, clock);
  for (const page of pages(db)) {
    tables.transaction(() => {
      const draft = new LogDraft(tables);
      draft.rederive(page);
      tables.write({ ...draft.writes(), refused: [], released: [] }, null, null);
    });
  }
}

function* pages(db: Db): Generator<readonly ObjectId[]> {
  const next = db
    .prepare("SELECT oid, uuid FROM obj WHERE oid > ? AND nheads > 0 ORDER BY oid LIMIT ?")
    .raw();
  for (let after = 0; ; ) {
    const rows = next.all(after, PAGE_OBJECTS) as [oid: number, uuid: Buffer][];
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(([, uuid]) => storedUuid<ObjectId>(uuid));
    after = last[0];
  }
}
