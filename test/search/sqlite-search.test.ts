// Proves that the index file does what every search index must do, on the calling thread and on a
// thread of its own.
import { join } from "node:path";
import { SqliteSearch, type SqliteSearchOptions } from "../../src/search/sqlite/sqlite-search.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { type Searched, searchSuite } from "./search-suite.ts";
import { sqliteStores } from "./stores.ts";

async function open(
  options: Pick<SqliteSearchOptions, "thread" | "largeBacklog">,
): Promise<Searched> {
  const folder = temporaryFolder({});
  const catalogFile = join(folder, "catalog.db");
  const { writer, reader } = sqliteStores(catalogFile);
  const file = join(folder, "search.db");
  const index = new SqliteSearch({ file, catalogFile, source: reader, mode: "write", ...options });
  const close = async (): Promise<void> => {
    await index.close();
    reader.close();
    writer.close();
  };
  return { store: writer, index, close };
}

searchSuite("SqliteSearch", () => open({ thread: "none" }));
searchSuite("SqliteSearch on a thread", () => open({ thread: "on-demand", largeBacklog: 1 }));
