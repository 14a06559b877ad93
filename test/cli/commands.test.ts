// Proves what commands tell a person beside their result: which object, what to look out for, and
// that there is nothing to show.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.ts";

const cwd = mkdtempSync(join(tmpdir(), "syncline-cli-"));

beforeAll(async () => {
  expect(await run(["init", "a"], { cwd })).toMatchObject({ code: 0, stderr: "" });
});

afterAll(() => rmSync(cwd, { recursive: true }));

function onA(args: string[], input = ""): ReturnType<typeof run> {
  return run(["-C", "a", ...args], { cwd, input });
}

test("create names the object that was asked for, not what was found inside", async () => {
  const form = JSON.stringify({ name: "bus-stops", tags: [{ name: "bus" }, { name: "stop" }] });
  const { code, stdout } = await onA(["create", "package", "-"], form);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^created package \S+\nrevision \S+ and 2 more revisions\n$/),
  });
});

test("roles and ratings are made by name, and say what follows", async () => {
  await onA(["create", "user", "-"], '{"name":"ida"}');
  await onA(["create", "package", "-"], '{"name":"berths"}');
  expect((await onA(["role", "default"])).stdout).toBe("editor\n");
  expect((await onA(["role", "default", "reader"])).stdout).toBe("reader\n");
  expect(await onA(["role", "default", "boss"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("the roles are reader, editor, admin"),
  });
  const show = ["role", "show", "user/ida", "package/berths"];
  expect((await onA(show)).stdout).toMatch(/^reader: nobody was given a role/);
  await onA(["create", "role", "-"], '{"user_id":"ida","package_id":"berths","capacity":"editor"}');
  expect((await onA(show)).stdout).toMatch(/^editor: given by role\//);
  expect(JSON.parse((await onA([...show, "--json"])).stdout)).toMatchObject({ because: "grant" });
  expect((await onA(["rating", "show", "package/berths"])).stdout).toBe("not rated\n");
  await onA(["create", "rating", "-"], '{"user":"ida","package":"berths","rating":4}');
  expect((await onA(["rating", "show", "package/berths"])).stdout).toBe("4.0 of 5, 1 rating\n");
  const exported = (await onA(["export", "--type", "rating"])).stdout;
  expect(await onA(["import", "-"], exported)).toMatchObject({ code: 0 });
});

test("a name that is taken is given all the same, with a warning beside the result", async () => {
  const create = (type: string, name: string): ReturnType<typeof run> =>
    onA(["create", type, "-", "--json"], JSON.stringify({ name }));
  const idOf = ({ stdout }: { readonly stdout: string }): string =>
    (JSON.parse(stdout) as { revisions: { object: string }[] }).revisions[0]?.object as string;
  const [parks, pools] = [await create("package", "parks"), await create("package", "pools")];
  expect([parks.stderr, pools.stderr]).toEqual(["", ""]);

  const second = await create("package", "parks");
  expect(second.stderr).toMatch(new RegExp(`^warning: package/parks .*${idOf(parks)}\n  hint: `));
  const renamed = await onA(["rename", idOf(second), "pools"]);
  expect(renamed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^renamed package /) });
  expect(renamed.stderr).toContain(idOf(pools));
  const edited = await onA(["edit", idOf(second), "--set", "/name=parks", "--set", "/title=Parks"]);
  expect(edited).toMatchObject({ code: 0, stderr: expect.stringContaining(idOf(parks)) });
  expect((await onA(["rename", idOf(second), "lakes"])).stderr).toBe("");
  const own = await onA(["edit", idOf(pools), "--set", "/name=pools"]);
  expect(own).toMatchObject({ stdout: expect.stringContaining("nothing changed"), stderr: "" });

  // Groups and organizations share their names, packages do not share theirs with them.
  const [group, organization] = [
    await create("group", "parks"),
    await create("organization", "parks"),
  ];
  expect(group.stderr).toBe("");
  expect(organization.stderr).toContain(`group/parks was there already: ${idOf(group)}`);
  await onA(["delete", idOf(parks)]);
  expect((await create("package", "parks")).stderr).toBe("");
});

test("an output with nothing in it says why on stderr", async () => {
  expect(await run(["init", "empty"], { cwd })).toMatchObject({ code: 0 });
  const said = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(["-C", "empty", ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    return stderr;
  };
  expect(await said("log")).toBe("the log is empty\n");
  const after = "nothing after 2030-01-01; the log ends at 0\n";
  const beyond = "there is no position 7: the log ends at 0\n";
  expect(await said("log", "--since", "2030-01-01")).toBe(after);
  expect(await said("log", "--since", "7", "--json")).toBe(beyond);
  expect(await said("revisions", "export", "--since", "7")).toBe(beyond);
  expect(await said("export", "--type", "tga")).toBe("there is no live tga to export\n");
});

test("the state is no field to set: the error names the command that does it", async () => {
  await onA(["create", "package", "-"], '{"name":"ponds"}');
  for (const state of ["deleted", "active"]) {
    const { code, stderr } = await onA(["edit", "package/ponds", "--set", `/state=${state}`]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\[INVALID_OBJECT\]\n.*\n {2}hint: .*syncline delete, syncline undelete/,
    );
  }
});

test.each([80, 60, 50, 40])("help fits into %i columns, its examples aside", async (columns) => {
  for (const command of [[], ["link", "add"], ["import"], ["search"]]) {
    const { code, stdout } = await run([...command, "--help"], { columns });
    expect(code).toBe(0);
    const lines = (stdout.split("\nExamples:\n")[0] as string).split("\n");
    expect(lines.length).toBeGreaterThan(8);
    // A usage line is a command, and an entry's term a word: neither is cut.
    const wide = lines.filter((line) => line.length > columns && !/^Usage: | {2}\S+$/.test(line));
    expect(wide).toEqual([]);
  }
});

test("on a narrow terminal, log entries and errors break between words", async () => {
  const narrow = (...args: string[]): ReturnType<typeof run> =>
    run(["-C", "a", ...args], { cwd, columns: 50 });
  const by = ["--by", "the office of parks and gardens", "--message", "why ".repeat(30)];
  await onA(["create", "package", "-", ...by], '{"name":"meadows-and-lawns-of-the-city"}');
  const log = await narrow("log", "package/meadows-and-lawns-of-the-city");
  const lines = log.stdout.split("\n");
  expect(lines.filter((line) => line.length > 50)).toEqual([]);
  expect(lines.slice(2, 5)).toEqual([
    "    package/meadows-and-lawns-of-the-city",
    expect.stringMatching(/^ {4}why why .*…$/),
    "    created",
  ]);
  const { stderr } = await narrow("show", "package/meadow");
  expect(stderr.split("\n").filter((line) => line.length > 50)).toEqual([]);
  expect(stderr.replace(/\n */g, " ")).toContain("hint: did you mean package/meadows-and-lawns");
});
