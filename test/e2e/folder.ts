/** One folder for a test file, removed when it ends, and dumps to import. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { demoCatalog } from "../../src/demo/catalog.ts";

/** Makes the folder; the returned function gives paths in it. */
export function testFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "syncline-e2e-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** The demonstration's catalog as JSON lines. */
export function demoLines(): string {
  return demoCatalog()
    .map((object) => `${JSON.stringify(object)}\n`)
    .join("");
}

/** Writes a dump that takes a sync long enough to be interrupted. */
export function writeLargeDump(file: string, packages: number): void {
  const lines = Array.from({ length: packages }, (_, i) => {
    // Different words for each, so that compression does not make the sync too short.
    const words = Array.from({ length: 60 }, (_, k) => ((i + 1) * (k + 7) * 2654435761) % 1e9);
    return `${JSON.stringify({ name: `package-${i}`, title: `Package ${i}`, notes: words.join(" ") })}\n`;
  });
  writeFileSync(file, lines.join(""));
}
