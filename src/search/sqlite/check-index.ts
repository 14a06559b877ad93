import { existsSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { type ObjectId, uuidBytes } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { searchParts } from "../../catalog/index.ts";
import type { ObjectRow } from "../../store/rows.ts";
import { integrityProblems } from "../../store/sqlite/integrity.ts";
import { indexedObject, shownContent } from "../indexed-object.ts";
import type { SearchFinding } from "../search-index.ts";
import { coveredBy, isDamage, openIndexForReading, storedId } from "./index-file.ts";
import { MARK_BYTES, marksOf } from "./index-rows.ts";
import type { LogSource } from "./log-source.ts";

const NOTHING = { content: () => undefined };
const FINDINGS_MAX = 100;

interface DocRow {
  readonly lsn: number;
  readonly type: string;
  readonly state: string;
  readonly name: string;
  readonly title: string;
  readonly facets: Buffer;
}

type Say = (where: string, message: string) => void;

/**
 * Compares an index file with the store: every object is there as it is now, nothing else is, and
 * each has its text (not compared: the words that this is made of). One state of the index is
 * looked at, from before the store is read; what changed in the store after the position covered
 * there is left out, so that others may go on writing. Empty when they agree, and when there is no
 * index of this format. Throws when they cannot be compared for another reason than damage to the
 * index.
 */
export async function checkIndex(file: string, source: LogSource): Promise<SearchFinding[]> {
  const findings: SearchFinding[] = [];
  const say: Say = (where, message) => {
    if (findings.length < FINDINGS_MAX) findings.push({ where: `search ${where}`, message });
  };
  if (!existsSync(file)) return [];
  let db: Database | undefined;
  try {
    db = openIndexForReading(file);
    // A connection of its own, which goes on seeing what it sees first.
    db?.exec("BEGIN");
    if (db !== undefined) await compare(db, source, say);
    return findings;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [...findings, { where: "search index", message: (error as Error).message }];
  } finally {
    db?.close();
  }
}

async function compare(db: Database, source: LogSource, say: Say): Promise<void> {
  const { lsn, chain } = coveredBy(db);
  const there = source.chainAt(lsn);
  if (there === undefined || !Buffer.from(there).equals(chain)) {
    say("index", `is of another log than the one that is at lsn ${lsn} here`);
    return;
  }
  for (const problem of integrityProblems(db, FINDINGS_MAX)) say("index", problem);
  const find = db.prepare<[Buffer], DocRow>("SELECT * FROM doc WHERE id = ?");
  let [objects, indexed] = [0, 0];
  const isStill = (): boolean => source.head().lsn === lsn;
  for (const row of allObjects(source)) {
    // Others on this thread get their turn.
    if (objects % PAGE_ITEMS_MAX === 0) await new Promise((next) => setImmediate(next));
    objects += 1;
    const doc = find.get(uuidBytes(row.id));
    if (doc !== undefined) indexed += 1;
    const message = row.lsn > lsn ? undefined : difference(row, doc, isStill);
    if (message !== undefined) say(`object ${row.id}`, message);
  }
  const count = (sql: string): number => db.prepare(`SELECT ${sql}`).pluck().get() as number;
  const docs = count("count(*) FROM doc");
  if (docs > indexed) sayStrangers(db, source, say);
  if (count("count(*) FROM text") !== docs) {
    say("text", "objects and their texts differ in number");
  }
  if (
    count("count(*) FROM facet") !==
    count(`ifnull(sum(length(facets)), 0) / ${MARK_BYTES} FROM doc`)
  ) {
    say("facets", "objects and their facets differ in number");
  }
}

/** Names may have become other ones since, without an entry for the object: `isStill` asks. */
function difference(
  row: ObjectRow,
  doc: DocRow | undefined,
  isStill: () => boolean,
): string | undefined {
  if (doc === undefined) return "is not in the index";
  if (doc.lsn !== row.lsn) return `is indexed as of lsn ${doc.lsn}, not ${row.lsn}`;
  const parts = searchParts(shownContent(row));
  const { fields, facets } = indexedObject({ type: row.type, parts }, NOTHING);
  const field = (["name", "title", "state"] as const).find((key) => doc[key] !== fields[key]);
  if (field === "state" || (field !== undefined && isStill())) {
    return `has another ${field} in the index`;
  }
  if (doc.type !== row.type) return "has another type in the index";
  const isSame = doc.facets instanceof Uint8Array && marksOf(facets).equals(doc.facets);
  return isSame ? undefined : "has other facets in the index";
}

/** Says what is in the index and not in the store, or there twice. */
function sayStrangers(db: Database, source: LogSource, say: Say): void {
  const seen = new Set<ObjectId>();
  for (const id of db.prepare("SELECT id FROM doc").pluck().iterate()) {
    const object = storedId(id);
    if (source.object(object) === undefined) say(`object ${object}`, "is not in the store");
    else if (seen.has(object)) say(`object ${object}`, "is in the index twice");
    seen.add(object);
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
