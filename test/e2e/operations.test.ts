// Proves that what docs/operations.md shows of links, scopes, live links, guards, the mapping of
// organizations and roles goes as written, with real processes: each step is run, has to end as shown,
// and print what is shown below it.
import { expect, test } from "vitest";
import { blocksIn, pageOf } from "./console-blocks.ts";
import { Terminal } from "./terminal.ts";

/** For some hundred processes one after the other, on a machine that is busy with others. */
const MS_MAX = 300_000;

const page = pageOf("docs/operations.md");
const told = page.slice(0, page.indexOf("\n## Back-up and restore\n"));

test("every command of these sections is run", () => {
  const shown = ["", "sh", "shell", "bash"].flatMap((language) => blocksIn(told, language));
  const commands = /^(?:\$ )?syncline /m;
  expect(shown.filter(({ title, text }) => title === "" && commands.test(text))).toEqual([]);
  expect(told).not.toMatch(/^ {4}syncline /m);
});

test("from links to roles and ratings", { timeout: MS_MAX }, async () => {
  await new Terminal().follow(told);
});
