import type { ObjectId } from "../../base/ids.ts";
import { type Db, prepared } from "./database.ts";
import { storedUuid } from "./stored-values.ts";

/** Objects that are in memory at a time. */
const PAGE_OBJECTS = 200;

/** The objects that are here, or those that are parked, a page at a time. */
export function* objectPages(db: Db, which: "all" | "parked"): Generator<readonly ObjectId[]> {
  const also = which === "all" ? "" : "AND parked = 1";
  const sql = `SELECT oid, uuid FROM obj WHERE oid > ? AND nheads > 0 ${also} ORDER BY oid LIMIT ?`;
  const next = prepared(db, sql).raw();
  for (let after = 0; ; ) {
    const rows = next.all(after, PAGE_OBJECTS) as [oid: number, uuid: Buffer][];
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(([, uuid]) => storedUuid<ObjectId>(uuid));
    after = last[0];
  }
}
