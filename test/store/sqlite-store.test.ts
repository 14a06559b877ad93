// Proves that the SQLite store keeps the promises of the Store port, in a file and in memory.
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { testPorts } from "./helpers.ts";
import { storeSuite } from "./store-suite.ts";

removeFoldersAfterwards();

storeSuite("SqliteStore in a file", (identity) =>
  SqliteStore.create(newFile(), { identity, ...testPorts(7) }),
);

storeSuite("SqliteStore in memory", (identity) =>
  SqliteStore.create(":memory:", { identity, ...testPorts(7) }),
);
