// Proves that the tour in the README does what it shows: each command is run as written, and its
// output compared, apart from what differs from run to run (ids, hashes, times, sizes, folders).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repositoryRoot, temporaryFolder } from "../toolchain/temporary-folder.ts";
import { type Server, serve, shell } from "./syncline.ts";

interface Step {
  readonly command: string;
  readonly output: string;
}

const readme = readFileSync(join(repositoryRoot, "README.md"), "utf8");

/** The code blocks of a language, with what stands behind the language. */
function blocks(language: string): { readonly title: string; readonly text: string }[] {
  const form = new RegExp(`^\`\`\`${language}(.*)\n([^]*?)^\`\`\`$`, "gm");
  return [...readme.matchAll(form)].map(([, title = "", text = ""]) => {
    return { title: title.trim(), text };
  });
}

function steps(): Step[] {
  return blocks("console").flatMap(({ text }) =>
    text
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [command = "", ...output] = step.split("\n");
        return { command, output: output.join("\n") };
      }),
  );
}

/** Text without what differs from run to run. */
function steady(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UUID")
    .replace(/\b(?:[0-9a-f]{8}|[0-9a-f]{12,16})\b/g, "HASH")
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "TIME")
    .replace(/[\d.]+ (k?B|s)\b/g, "N $1")
    .replace(/\S*\/(hq|branch)$/gm, "/FOLDER/$1")
    .replace(/ +/g, " ");
}

/** For some twenty processes, one after the other. */
const MS_MAX = 120_000;

test("the tour of the README", { timeout: MS_MAX }, async () => {
  const folder = temporaryFolder({});
  for (const { title, text } of blocks("jsonl")) writeFileSync(join(folder, title), text);
  let server: Server | undefined;
  onTestFinished(async () => {
    await server?.stop();
  });
  const tour = steps();
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
