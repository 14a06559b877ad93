// Proves that the tour in the README does what it shows: each command is run as written, and its
// output compared, apart from what differs from run to run (ids, hashes, times, sizes, folders).
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { blocksIn, pageOf, steady, stepsIn } from "./console-blocks.ts";
import { type Server, serve, shell } from "./syncline.ts";

const readme = pageOf("README.md");

/** For some twenty processes, one after the other. */
const MS_MAX = 120_000;

test("the tour of the README", { timeout: MS_MAX }, async () => {
  const folder = temporaryFolder({});
  for (const { title, text } of blocksIn(readme, "jsonl")) writeFileSync(join(folder, title), text);
  let server: Server | undefined;
  onTestFinished(async () => {
    await server?.stop();
  });
  const tour = blocksIn(readme, "console").flatMap(stepsIn);
  expect(tour.length).toBeGreaterThan(8);
  for (const { command, output } of tour) {
    if (/ serve .* &$/.test(command)) {
      server = await serve(join(folder, "hq"));
      expect(output).toBe("listening on http://127.0.0.1:7300\n");
      continue;
    }
    const url = server?.url ?? "http://127.0.0.1:7300";
    const line = command.replace("http://127.0.0.1:7300", url);
    const result = await shell(`export SYNCLINE_AUTHOR=ann; ${line}`, folder);
    const shown = result.stdout.replaceAll(url, "http://127.0.0.1:7300");
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(steady(shown)).toBe(steady(output));
  }
});
