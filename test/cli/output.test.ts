// Proves when the command line colors: on a terminal, unless NO_COLOR or a dumb terminal says no.
import { expect, test } from "vitest";
import { streamOutput } from "../../src/cli/output/output.ts";
import { stylesFor } from "../../src/cli/output/styles.ts";

function strongOn(isTTY: boolean, env: Readonly<Record<string, string>>): string {
  const stream = { isTTY, columns: 80, write: () => true } as unknown as NodeJS.WriteStream;
  return stylesFor(streamOutput(stream, env)).strong("x");
}

test.each([
  ["a terminal", true, {}, true],
  ["a terminal with an empty NO_COLOR", true, { NO_COLOR: "" }, true],
  ["a terminal with NO_COLOR", true, { NO_COLOR: "1" }, false],
  ["a dumb terminal", true, { TERM: "dumb" }, false],
  ["a pipe", false, {}, false],
] as const)("%s", (_, isTTY, env, isColored) => {
  expect(strongOn(isTTY, env)).toBe(isColored ? "\u001b[1mx\u001b[22m" : "x");
});
