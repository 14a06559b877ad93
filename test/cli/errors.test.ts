// Proves that a command line that cannot be carried out says what, where and what to do about it,
// with the right exit code, for people on stderr and with --json as a document on stdout.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemCli } from "../../src/cli/cli.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { run } from "./run.ts";

const cwd = mkdtempSync(join(tmpdir(), "syncline-cli-"));
const object =
  '{"id":"52fb8a15-ccfb-4c56-bd76-fe76c6ba3665","name":"bus-stops","title":"Bus stops"}';
const ref = "package/bus-stops";

beforeAll(async () => {
  writeFileSync(join(cwd, "object.json"), object);
  expect(await run(["init", "a"], { cwd })).toMatchObject({ code: 0, stderr: "" });
  expect(await onA("create", "package", "object.json")).toMatchObject({ code: 0, stderr: "" });
  expect((await run(["init", "linkless"], { cwd })).code).toBe(0);
  const plain = ["link", "add", "plain", "http://127.0.0.1:1", "--direction", "pull"];
  expect(await onA(...plain)).toMatchObject({ code: 0, stderr: "" });
});

afterAll(() => rmSync(cwd, { recursive: true }));

function onA(...args: string[]): ReturnType<typeof run> {
  return run(["-C", "a", ...args], { cwd });
}

test.each([
  [["stauts"], "did you mean status?"],
  [["init", "x", "y"], "syncline init --help shows how it is used"],
  [["link", "add", "x", "http://127.0.0.1:1"], "syncline link add --help"],
  [["link", "add", "x", "http://127.0.0.1:1", "--direction", "up"], "syncline link add --help"],
  [["link", "add", "x", "y", "--direction", "pull"], "http://127.0.0.1:7300"],
  [
    ["link", "add", "x", "http://127.0.0.1:1", "--direction", "pull", "--max-removals", "0%"],
    "give 0 for none: of a share, 20 may go at least",
  ],
  [["link", "set", "x", "--scope", "missing.json", "--no-scope"], "syncline link set --help"],
  [["link", "set", "x", "--no-scope", "--scope", "missing.json"], "syncline link set --help"],
  [["link", "map", "x", "rail=harbor"], "did you mean --map-organization rail=harbor?"],
  [["link", "map", "x", "rail"], "syncline link map --help shows how it is used"],
  [["link", "map", "plain", "--unmap", "rail"], "this link maps no organization"],
  [["link", "map", "plain", "--unmapped", "default:"], "create, refuse or default:NAME"],
  [["-C", "", "status"], "is a variable of the shell empty?"],
  [["init", ""], "is a variable of the shell empty?"],
  [["serve", "--port", "99999"], "syncline serve --help"],
  [["search", "x", "--limit", "0"], "syncline search --help"],
  [["edit", "package/x", "--set", "title"], "--set '/title=Bus stops'"],
  [["diff", "package/x", "y"], "package/x@REVISION"],
  [["log", "--since", "yesterday"], "2026-01-15T10"],
  [["delete", ref, "--message", "x".repeat(10_001)], "this one has 10001"],
  [["import", "object.json", "--by", ""], "SYNCLINE_AUTHOR"],
])("%j is wrong usage: exit 2", async (args, hint) => {
  const { code, stdout, stderr } = await onA(...args, "--json");
  expect({ code, document: JSON.parse(stdout) }).toMatchObject({
    code: 2,
    document: { error: { code: "USAGE", hint: expect.stringContaining(hint) } },
  });
  expect(stderr).toMatch(/^error: .* \[USAGE\]\n( {2}(at|hint:) .*\n)+$/);
});

test("an empty file that is all there is of no type says how to name one", async () => {
  writeFileSync(join(cwd, "empty.jsonl"), "");
  const typeless = await onA("import", "empty.jsonl", "--complete");
  expect(typeless).toMatchObject({ code: 0, stderr: expect.stringContaining("--type") });
  const typed = await onA("import", "empty.jsonl", "--complete", "--type", "group");
  expect(typed).toMatchObject({ code: 0, stderr: "" });
});

test.each([
  [["-C", "nowhere", "status"], "FILE_NOT_FOUND"],
  [["-C", ".", "status"], "NOT_AN_INSTANCE"],
  [["-C", "object.json", "status"], "NOT_AN_INSTANCE"],
  [["status"], "NOT_AN_INSTANCE"],
  [["init", "a"], "INSTANCE_EXISTS"],
  [["-C", "a", "sync", "none"], "LINK_NOT_FOUND"],
  [["-C", "linkless", "sync"], "LINK_NOT_FOUND"],
  [["-C", "a", "import", "nothing.jsonl"], "FILE_NOT_FOUND"],
  [["-C", "a", "import", ""], "FILE_NOT_FOUND"],
  [["-C", "a", "import", "."], "FILE_NOT_READABLE"],
  [["-C", "a", "policy", "set", "."], "FILE_NOT_READABLE"],
  [["-C", "a", "backup", "nowhere/x.db"], "FILE_NOT_FOUND"],
  [["-C", "a", "restore", "--force", "object.json"], "NOT_AN_INSTANCE"],
  [["-C", "a", "restore", "--force", "empty.jsonl"], "NOT_AN_INSTANCE"],
  [["-C", "a", "import", "object.json", "--type", "planet"], "UNKNOWN_TYPE"],
  [["-C", "a", "show", "package/nothing"], "OBJECT_NOT_FOUND"],
  [["-C", "a", "show", ""], "OBJECT_NOT_FOUND"],
  [["-C", "a", "show", `${ref}@00000000-0000-7000-8000-000000000000`], "REVISION_NOT_FOUND"],
  [["-C", "a", "edit", ref, "--set", "title=x"], "INVALID_POINTER"],
  [["-C", "a", "edit", "package/nothing", "--set", "/title=x"], "OBJECT_NOT_FOUND"],
  [["-C", "a", "undelete", ref], "OBJECT_NOT_DELETED"],
  [["-C", "a", "create", "planet", "object.json"], "UNKNOWN_TYPE"],
  [["-C", "a", "create", "package", "object.json"], "OBJECT_EXISTS"],
  [["-C", "a", "log", "--since", "00000000-0000-7000-8000-000000000000"], "REVISION_NOT_FOUND"],
])("%j fails with %s: exit 1", async (args, error) => {
  const { code, stdout, stderr } = await run([...args, "--json"], { cwd });
  expect({ code, document: JSON.parse(stdout) }).toMatchObject({
    code: 1,
    document: { error: { code: error, message: expect.any(String) } },
  });
  expect(stderr).toMatch(new RegExp(`^error: .* \\[${error}\\]\n( {2}(at|hint:) .+\n)*$`));
  if (/^FILE_|^NOT_AN_/.test(error)) {
    expect(stderr).toContain("hint: ");
    // Neither the system's words nor a file that only the program knows of.
    expect(stderr).not.toMatch(/E[A-Z]{4,}:|\.new\b/);
  }
});

test("no command prints the help on stderr", async () => {
  const { code, stdout, stderr } = await run([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: syncline [-C DIR] COMMAND");
});

test("every command has help with at least two examples", () => {
  const commands = commandsBelow(buildProgram(systemCli()));
  expect(commands.length).toBeGreaterThan(22);
  for (const command of commands) {
    let help = "";
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    const lines = help.split("Examples:\n")[1]?.trimEnd().split("\n") ?? [];
    expect([command.name(), lines.length > 1]).toEqual([command.name(), true]);
  }
});

function commandsBelow(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...commandsBelow(one)]);
}

test("the editor: unchanged says so, a change is stored, a failing editor changes nothing", async () => {
  const edit = (EDITOR: string) => run(["-C", "a", "edit", ref], { cwd, env: { EDITOR } });
  const nothing = "nothing changed, so nothing was stored\n";
  expect(await edit("true")).toMatchObject({ code: 0, stdout: nothing });
  expect(await edit("false")).toMatchObject({ code: 1, stdout: "" });
  expect(await edit("sed -i s/Bus/Tram/")).toMatchObject({ code: 0, stderr: "" });
  expect((await onA("show", ref)).stdout).toContain('"title": "Tram stops"');
});

test("an editor that leaves no JSON behind: the text is kept for another try", async () => {
  const { code, stderr } = await run(["-C", "a", "edit", ref], {
    cwd,
    env: { EDITOR: "sed -i s/{/x/" },
  });
  const kept = /^your text is kept in (\S+)\n/.exec(stderr)?.[1] as string;
  expect(code).toBe(1);
  expect(stderr).toContain("[INVALID_JSON]");
  rmSync(join(kept, ".."), { recursive: true });
});
