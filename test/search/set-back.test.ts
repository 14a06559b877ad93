// Proves that an index file which is of another log than the catalog beside it, as after the catalog
// alone was set back, says nothing of that log any more.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SqliteSearch } from "../../src/search/sqlite/sqlite-search.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { counted, numbered, world, write } from "./index-world.ts";

test("is built anew when the store was restored to an older state and went another way", async () => {
  const at = world();
  write(at.writer, numbered(5));
  const old = join(at.folder, "old.db");
  await at.writer.backup(old);
  write(at.writer, ["lost"]);
  expect(await counted(at)).toBe(6);

  const restored = world();
  restored.writer.close();
  restored.reader.close();
  copyFileSync(at.file, restored.file);
  copyFileSync(old, join(restored.folder, "catalog.db"));
  const ports = { clock: { nowMs: () => 1e12, monotonicMs: () => 0 }, random: { bytes: random } };
  const file = join(restored.folder, "catalog.db");
  const writer = SqliteStore.open(file, { mode: "write", ...ports });
  write(writer, ["other", "another"], "lake");
  const source = SqliteStore.open(file, { mode: "read", ...ports });
  const options = { file: restored.file, catalogFile: file, source, thread: "none" } as const;
  const index = new SqliteSearch({ ...options, mode: "write" });
  await index.covers(source.head().lsn);
  expect((await index.query({ text: "lost", limit: 1 })).total).toBe(0);
  expect((await index.query({ text: "lake", limit: 1 })).total).toBe(2);
  expect(await index.verify()).toEqual([]);
  await index.close();
  source.close();
  writer.close();
});

test.each(["none", "from-start"] as const)(
  "is emptied when the store was set back to its beginning (thread: %s)",
  async (thread) => {
    const at = world();
    write(at.writer, numbered(5));
    expect(await counted(at)).toBe(5);

    const empty = world();
    copyFileSync(at.file, empty.file);
    const reading = empty.open("read");
    expect((await reading.query({ text: "sea", limit: 1 })).total).toBe(0);
    await reading.close();
    const index = empty.open("write", empty.reader, thread);
    index.advance(0);
    expect((await index.query({ text: "sea", limit: 1 })).total).toBe(0);
    await index.covers(0);
    await index.close();
    expect(await counted(empty)).toBe(0);
    // Nothing was damaged: the file is of another log, and that was seen at once.
    expect(empty.notices).toEqual([]);
  },
);

let drawn = 0;

function random(count: number): Uint8Array {
  return new Uint8Array(count).fill(++drawn);
}
