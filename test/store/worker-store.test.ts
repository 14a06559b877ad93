// Proves that the SQLite store behind a thread keeps the promises of the Store port.
import { WorkerStore } from "../../src/store/sqlite/worker-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { storeSuite } from "./store-suite.ts";

removeFoldersAfterwards();

storeSuite("WorkerStore", (identity) => WorkerStore.create(newFile(), identity));
