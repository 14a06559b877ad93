// Proves that search by scanning a store does what every search index must do.
import { MemorySearch } from "../../src/search/memory/memory-search.ts";
import { searchSuite } from "./search-suite.ts";
import { memoryStore } from "./stores.ts";

searchSuite("MemorySearch", async () => {
  const store = memoryStore();
  const index = new MemorySearch(store);
  return { store, index, close: () => index.close() };
});
