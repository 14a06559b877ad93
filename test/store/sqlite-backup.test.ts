// Proves that a backup is one whole state, whatever goes on while it is taken.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, expectError, identity, put, setField, testPorts } from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const NOTE = uuid<ObjectId>(1);
const ports = testPorts(1);

/** A catalog with one object, closed. */
function catalog(): string {
  const file = newFile();
  const store = SqliteStore.create(file, { identity: identity(1), ...ports });
  store.author(command(put(NOTE, { name: "a" })));
  store.close();
  return file;
}

function open(file: string, mode: "read" | "write" = "write"): SqliteStore {
  return SqliteStore.open(file, { mode, ...ports });
}

describe("backup", () => {
  test("is a whole store of its own, taken while work goes on", async () => {
    const store = open(catalog());
    for (let i = 0; i < 400; i++) {
      store.author(
        command(put(uuid<ObjectId>(10 + i), { name: `n${i}`, notes: "x".repeat(4000) })),
      );
    }
    const digests = new Set([store.digest()]);
    const file = newFile();
    const backup = store.backup(file);
    for (let i = 0; i < 5; i++) {
      store.author(command(setField(NOTE, "n", `${i}`)));
      digests.add(store.digest());
      await new Promise(setImmediate);
    }
    await backup;
    const copy = open(file);
    expect(digests).toContain(copy.digest());
    expect(copy.verify().findings).toEqual([]);
    expect(copy.identity()).toEqual(store.identity());
    copy.author(command(setField(NOTE, "n", "of the copy")));
    copy.close();
    store.close();
  });

  test.each(["write", "read"] as const)(
    "is of one state, and ends, however busy others are (open to %s)",
    async (mode) => {
      const file = catalog();
      const busy = open(file);
      const changes = Array.from({ length: 400 }, (_, i) =>
        put(uuid<ObjectId>(10 + i), { name: `n${i}`, notes: "x".repeat(8000) }),
      );
      busy.author(command(...changes));
      const store = open(file, mode);
      const { head, digest } = { head: store.head(), digest: store.digest() };
      const copyFile = newFile();
      const backup = store.backup(copyFile);
      const ended = backup.then(() => true);
      // A commit between any two steps of the copying.
      for (let i = 0; i < 500; i++) {
        if (await Promise.race([ended, new Promise<false>((no) => setImmediate(no, false))])) break;
        busy.author(command(setField(NOTE, "n", `${i}`)));
      }
      expect(busy.head().lsn).toBeGreaterThan(head.lsn);
      await backup;
      const copy = open(copyFile, "read");
      expect({ head: copy.head(), digest: copy.digest() }).toEqual({ head, digest });
      for (const one of [copy, store, busy]) one.close();
    },
  );

  test("goes to a new file in a folder that is there", async () => {
    const store = open(catalog());
    const file = newFile();
    writeFileSync(file, "mine");
    await expectError(() => store.backup(file), "INSTANCE_EXISTS");
    await expectError(() => store.backup(join(dirname(file), "no", "x.db")), "FILE_NOT_FOUND");
    store.close();
  });
});
