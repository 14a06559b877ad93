/** Temporary folders that go when the tests of a file are done. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

/** A new empty folder. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "syncline-store-"));
  made.push(folder);
  return folder;
}

/** A path for a new catalog file. */
export function newFile(): string {
  return join(temporaryFolder(), "catalog.db");
}

export function removeFoldersAfterwards(): void {
  afterAll(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
}
