// Proves that what the program tells people to type exists: every "syncline …" in its sources names
// a command, and where that has commands of its own, one of those.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";
import { fakeOutput } from "./fake-output.ts";

const SOURCES = join(import.meta.dirname, "../../src");
const CALL = /syncline (?:-C \S+ )?([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g;

function find(commands: readonly Command[], name: string | undefined): Command | undefined {
  return commands.find((command) => command.name() === name);
}

test("commands in messages, hints and examples", () => {
  const { commands } = buildProgram({ out: fakeOutput() } as never);
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const calls = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(SOURCES, file), "utf8").matchAll(CALL)]);
  expect(calls.length).toBeGreaterThan(50);
  const unknown = calls.filter(([, name, part]) => {
    const command = find(commands, name);
    const parts = command?.commands ?? [];
    // A command with arguments of its own can stand alone beside those below it.
    const isWhole = parts.length === 0 || (command?.registeredArguments.length ?? 0) > 0;
    return command === undefined || (!isWhole && find(parts, part) === undefined);
  });
  expect(unknown.map(([call]) => call)).toEqual([]);
});
