// Proves that the drills of docs/operations.md go as written, with real processes and copied files:
// each step is run, has to end as shown, and print what is shown below it.
import { describe, expect, test } from "vitest";
import { pageOf } from "./console-blocks.ts";
import { Terminal } from "./terminal.ts";

/** For some twenty processes one after the other, on a machine that is busy with others. */
const DRILL_MS_MAX = 300_000;

const page = pageOf("docs/operations.md");
const [setUp = "", ...drills] = page.slice(page.indexOf("\n## Drills\n")).split(/^### /m);

test("there are drills", () => expect(drills.length).toBeGreaterThanOrEqual(6));

describe.each(drills.map((text) => [text.split("\n")[0] ?? "", text] as const))("%s", (_, text) => {
  test("goes as written", { timeout: DRILL_MS_MAX }, async () => {
    const terminal = new Terminal();
    for (const part of [setUp, text]) await terminal.follow(part);
  });
});
