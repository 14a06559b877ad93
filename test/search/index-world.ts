/** A catalog with an index file beside it, and what tests do with the two. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished } from "vitest";
import { namedId, type ObjectId } from "../../src/base/ids.ts";
import type { Change } from "../../src/log/author.ts";
import type { LogSource } from "../../src/search/sqlite/log-source.ts";
import { SqliteSearch, type SqliteSearchOptions } from "../../src/search/sqlite/sqlite-search.ts";
import type { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { sqliteStores } from "./stores.ts";

export interface World {
  readonly folder: string;
  readonly file: string;
  readonly writer: SqliteStore;
  readonly reader: SqliteStore;
  /** What the indexes said was damaged. */
  readonly notices: string[];
  open(
    mode?: SqliteSearchOptions["mode"],
    source?: LogSource,
    thread?: SqliteSearchOptions["thread"],
  ): SqliteSearch;
}

export function world(): World {
  const folder = temporaryFolder({});
  const catalogFile = join(folder, "catalog.db");
  const file = join(folder, "search.db");
  const { writer, reader } = sqliteStores(catalogFile);
  const notices: string[] = [];
  onTestFinished(() => {
    reader.close();
    writer.close();
  });
  return {
    folder,
    file,
    writer,
    reader,
    notices,
    open: (mode = "write", source = reader, thread = "on-demand") => {
      const onNotice = (notice: string): void => void notices.push(notice);
      return new SqliteSearch({ file, catalogFile, source, mode, thread, onNotice });
    },
  };
}

export function write(store: SqliteStore, names: readonly string[], notes = "sea"): void {
  const changes = names.map((name): Change => {
    const object = namedId("package", name) as ObjectId;
    return { kind: "put", object, type: "package", content: { name, notes }, mode: "replace" };
  });
  store.author({ author: "ada", message: "", changes });
}

export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `p${index}`);
}

/** Opens the index, brings it up to date, counts what it finds, and closes it. */
export async function counted(at: World, text = "sea"): Promise<number> {
  const index = at.open();
  await index.covers(at.reader.head().lsn);
  const { total } = await index.query({ text, limit: 1 });
  expect(await index.verify()).toEqual([]);
  await index.close();
  return total;
}

/** Changes the file behind everybody's back. */
export function damage(file: string, sql: string): void {
  const db = new Database(file);
  db.unsafeMode().exec(sql);
  db.close();
}
