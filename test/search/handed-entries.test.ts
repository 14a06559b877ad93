// Proves that an index that is handed what the log's writer has parsed ends as one that reads the
// log itself does, whatever part of it is handed over, and that it then need not read the log.
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { namedId, type ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { Change } from "../../src/log/author.ts";
import type { Excerpt } from "../../src/log/excerpt.ts";
import { openIndexFile } from "../../src/search/sqlite/index-file.ts";
import { IndexWriter } from "../../src/search/sqlite/index-writer.ts";
import { SqliteSearch } from "../../src/search/sqlite/sqlite-search.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { memoryStore, sqliteStores } from "./stores.ts";

const idOf = (type: string, name: string) => namedId(type, name) as ObjectId;

function put(type: string, name: string, fields: JsonObject): Change {
  const content = { name, ...fields };
  return { kind: "put", object: idOf(type, name), type, content, mode: "replace" };
}

function packageNamed(name: string, notes: string): Change {
  return put("package", name, {
    notes,
    owner_org: idOf("organization", "harbor"),
    tags: { [idOf("tag", "depth")]: true },
    resources: {
      [idOf("resource", name)]: { name: "tides", format: "CSV" },
      [idOf("resource", "gone")]: { name: "hidden", "@deleted": true },
    },
    extras: { spatial: "bay", ÿ: "naïve 海" },
  });
}

const purge = (type: string, name: string): Change => {
  return { kind: "purge", object: idOf(type, name), reason: "" };
};

/**
 * Batches of changesets whose objects refer to each other, are renamed, edited, deleted and purged
 * later: in the same batch, or in another.
 */
const HISTORY: readonly (readonly Change[])[][] = [
  [[packageNamed("early", "before its tag"), put("tag", "depth", {})]],
  [[put("organization", "harbor", { title: "Harbor Board" })]],
  [Array.from({ length: 80 }, (_, at) => packageNamed(`p${at}`, `sea ${at}`))],
  [[{ kind: "set", object: idOf("package", "p7"), value: { title: "edited" } }]],
  [[put("organization", "harbor", { title: "Port Office" }), packageNamed("twice", "first")]],
  [[packageNamed("twice", "second")], [packageNamed("p8", "edited in the batch of another")]],
  [[packageNamed("brief", "gone at once")], [purge("package", "brief")], [purge("package", "p6")]],
  [[{ kind: "delete", object: idOf("package", "p9") }], [purge("tag", "depth")]],
  [[packageNamed("late", "last line\nand another")]],
];

interface World {
  readonly folder: string;
  readonly reader: SqliteStore;
  /** One for each batch, in log order. */
  readonly excerpts: readonly Excerpt[];
}

function catalog() {
  const folder = temporaryFolder({});
  const { writer, reader } = sqliteStores(join(folder, "catalog.db"));
  onTestFinished(() => {
    reader.close();
    writer.close();
  });
  return { folder, writer, reader };
}

/** A catalog that received the history, a batch at a time. */
function received(): World {
  const source = memoryStore();
  const { folder, writer, reader } = catalog();
  const excerpts: Excerpt[] = [];
  for (const changesets of HISTORY) {
    const bytes = Buffer.concat(changesets.map((changes) => authored(source, changes)));
    const { refused, excerpt } = writer.apply({ source: null, bytes, cursor: null, excerpt: true });
    expect(refused).toEqual([]);
    excerpts.push(excerpt as Excerpt);
  }
  return { folder, reader, excerpts };
}

/** A changeset's records as they were sent before anything later was authored. */
function authored(source: MemoryStore, changes: readonly Change[]): Uint8Array {
  const after = source.head().lsn;
  source.author({ author: "ada", message: "", changes });
  return source.readPage(after, { revisions: 1000, bytes: 1_000_000 })?.bytes as Uint8Array;
}

/** Everything an index file holds but its row numbers, with the words of its texts. */
function contentsOf(db: Database): unknown[] {
  db.exec("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, text, instance)");
  const rows = (sql: string) => db.prepare(sql).raw().all();
  return [
    rows("SELECT * FROM covered"),
    rows("SELECT id, lsn, type, state, name, title, facets FROM doc ORDER BY id"),
    rows("SELECT facet.id, kind, doc.id FROM facet JOIN doc USING (doc) ORDER BY 1, 2, 3"),
    rows(
      `SELECT term, doc.id, col, "offset" FROM temp.words JOIN doc USING (doc) ORDER BY 1, 2, 3, 4`,
    ),
  ];
}

/** The index of a catalog whose writer handed these excerpts over, and how often it read the log. */
function indexed({ folder, reader }: World, excerpts: readonly Excerpt[]) {
  const changes = vi.spyOn(reader, "changes");
  changes.mockClear();
  const db = openIndexFile(join(folder, `search-${expect.getState().assertionCalls}.db`));
  onTestFinished(() => void db.close());
  const index = new IndexWriter(db, reader, 1024);
  for (const excerpt of excerpts) index.hand(excerpt);
  while (!index.step() || index.covered < reader.head().lsn);
  return { contents: contentsOf(db), reads: changes.mock.calls.length };
}

describe("an index that is handed entries", () => {
  test("holds what one holds that reads the log, without reading it", () => {
    const world = received();
    const read = indexed(world, []);
    expect(read.reads).toBeGreaterThan(0);
    expect(indexed(world, world.excerpts)).toEqual({ contents: read.contents, reads: 0 });
  });

  test("reads what is missing between them", () => {
    const world = received();
    const read = indexed(world, []);
    for (const missing of world.excerpts) {
      const handed = indexed(
        world,
        world.excerpts.filter((excerpt) => excerpt !== missing),
      );
      expect(handed.contents).toEqual(read.contents);
      expect(handed.reads).toBeGreaterThan(0);
    }
  });

  test("on a thread finds everything, and agrees with the store", async () => {
    const { folder, reader, excerpts } = received();
    const [file, catalogFile] = [join(folder, "search.db"), join(folder, "catalog.db")];
    const index = new SqliteSearch({
      ...{ file, catalogFile, source: reader },
      ...{ mode: "write", thread: "from-start" },
    });
    onTestFinished(() => index.close());
    for (const excerpt of excerpts) index.advance(excerpt.to, excerpt);
    await index.covers(reader.head().lsn);
    expect((await index.query({ text: "port office", limit: 1 })).total).toBe(82);
    expect((await index.query({ text: "depth", limit: 1 })).total).toBe(0);
    expect(await index.verify()).toEqual([]);
  });

  test("holds of concurrent edits what the store makes of them", () => {
    const [source, other] = [memoryStore(), memoryStore("b")];
    const { folder, writer, reader } = catalog();
    const excerpts: Excerpt[] = [];
    const send = (bytes: Uint8Array): void => {
      const outcome = writer.apply({ source: null, bytes, cursor: null, excerpt: true });
      expect(outcome.refused).toEqual([]);
      excerpts.push(outcome.excerpt as Excerpt);
    };
    const created = authored(source, [put("package", "one", { title: "first", notes: "sea" })]);
    other.apply({ source: null, bytes: created, cursor: null });
    const set = (value: JsonObject): Change[] => {
      return [{ kind: "set", object: idOf("package", "one"), value }];
    };
    send(created);
    send(authored(source, set({ title: "theirs" })));
    send(authored(other, set({ author: "ours" })));
    const { contents } = indexed({ folder, reader, excerpts }, excerpts);
    const words = (contents.at(-1) as [string][]).map(([word]) => word);
    expect(words).toEqual(["one", "ours", "sea", "theirs"]);
  });
});
