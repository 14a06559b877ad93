import type { Database } from "better-sqlite3";
import { type ObjectId, uuidBytes, uuidText } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { searchFields } from "../../catalog/index.ts";
import type { ObjectRow } from "../../store/rows.ts";
import type { SearchFinding } from "../search-index.ts";
import { coveredBy } from "./index-file.ts";
import type { LogSource } from "./log-source.ts";

const NOTHING = { content: () => undefined };

interface DocRow {
  readonly id: Buffer;
  readonly lsn: number;
  readonly state: string;
  readonly name: string;
  readonly title: string;
}

/**
 * Compares an index that covers the whole log with the store: every object is there as it is now,
 * nothing else is, and each has its text. Empty when they agree.
 */
export async function checkIndex(db: Database, source: LogSource): Promise<SearchFinding[]> {
  const { lsn, chain } = coveredBy(db);
  const there = source.chainAt(lsn);
  if (there === undefined || !Buffer.from(there).equals(chain)) {
    return [
      { where: "search covered", message: `the index is of another log than lsn ${lsn} here` },
    ];
  }
  const findings: SearchFinding[] = [];
  const find = db.prepare<[Buffer], DocRow>("SELECT * FROM doc WHERE id = ?");
  let objects = 0;
  for (const row of allObjects(source)) {
    // Others on this thread get their turn.
    if (objects % PAGE_ITEMS_MAX === 0) await new Promise((next) => setImmediate(next));
    objects += 1;
    const message = row.lsn > lsn ? undefined : difference(row, find.get(uuidBytes(row.id)));
    if (message !== undefined) findings.push({ where: `search object ${row.id}`, message });
  }
  const count = (table: string): number =>
    db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  if (count("doc") > objects) findings.push(...strangers(db, source));
  if (count("text") !== count("doc")) {
    findings.push({ where: "search text", message: "objects and their texts differ in number" });
  }
  return findings;
}

function difference(row: ObjectRow, doc: DocRow | undefined): string | undefined {
  if (doc === undefined) return "is not in the index";
  if (doc.lsn !== row.lsn) return `is indexed as of lsn ${doc.lsn}, not ${row.lsn}`;
  const fields = searchFields(row.type, JSON.parse(row.text) as JsonObject, NOTHING);
  const field = (["name", "title", "state"] as const).find((key) => doc[key] !== fields[key]);
  return field === undefined ? undefined : `has another ${field} in the index`;
}

/** Objects in the index that are not in the store. */
function* strangers(db: Database, source: LogSource): Generator<SearchFinding> {
  for (const id of db.prepare<[], Buffer>("SELECT id FROM doc").pluck().iterate()) {
    const object = uuidText<ObjectId>(id);
    if (source.object(object) !== undefined) continue;
    yield { where: `search object ${object}`, message: "is not in the store" };
  }
}

function* allObjects(source: LogSource): Generator<ObjectRow> {
  let after: ObjectId | undefined;
  for (;;) {
    const page = source.objects({
      includeDeleted: true,
      limit: PAGE_ITEMS_MAX,
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}
