// Proves the curator's commands: what they print, in a terminal and as JSON, their exit codes, and
// that the commands which an explanation suggests do what it says.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConflictItem } from "../../src/instance/conflicts/conflict-item.ts";
import { run } from "./run.ts";

const cwd = mkdtempSync(join(tmpdir(), "syncline-conflicts-"));
const SURVEYED =
  "The positions were surveyed in 2019, to a metre or so; the names are as on signs.";

type Done = Awaited<ReturnType<typeof run>>;

async function on(side: string, ...args: string[]): Promise<Done> {
  return run(["-C", side, ...args], { cwd });
}

/** The output of a command that works. */
async function said(side: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await on(side, ...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  return stdout;
}

async function carry(from: string, to: string): Promise<void> {
  const input = await said(from, "revisions", "export");
  const done = await run(["-C", to, "revisions", "import", "-"], { cwd, input });
  expect(done).toMatchObject({ code: 0, stderr: "" });
}

async function items(side: string, ...filters: string[]): Promise<ConflictItem[]> {
  return JSON.parse(await said(side, "conflicts", "list", "--json", ...filters)).conflicts;
}

async function at(path: string, ...filters: string[]): Promise<ConflictItem> {
  return (await items("hq", "--path", path, ...filters))[0] as ConflictItem;
}

async function shown(item: ConflictItem, side = "hq", columns = 80): Promise<string> {
  return (await run(["-C", side, "conflicts", "show", item.id], { cwd, columns })).stdout;
}

async function title(side = "hq"): Promise<unknown> {
  return JSON.parse(await said(side, "show", "package/stops", "--json")).document.title;
}

beforeAll(async () => {
  const stops = { name: "stops", title: "Stops", url: "u", notes: `Every stop.\n${SURVEYED}` };
  writeFileSync(join(cwd, "dump.jsonl"), `${JSON.stringify(stops)}\n{"name":"air"}\n`);
  writeFileSync(join(cwd, "parks.json"), '{"name":"parks"}');
  await run(["init", "hq", "--name", "hq"], { cwd });
  await run(["init", "branch", "--name", "branch"], { cwd });
  await said("hq", "import", "dump.jsonl");
  await carry("hq", "branch");
  const hq = ["/title=Bus stops", `/notes=Every bus stop.\n${SURVEYED}`, "/url=v"];
  const sets = hq.flatMap((set) => ["--set", set]);
  await said("hq", "edit", "package/stops", ...sets, "--by", "ann", "--message", "buses only");
  const branch = [
    "--set",
    "/title=Tram stops",
    "--set",
    `/notes=Every stop, surveyed.\n${SURVEYED}`,
  ];
  await said("branch", "edit", "package/stops", ...branch, "--by", "bob");
  const patch = { cwd, input: '[{"op":"remove","path":"/url"}]' };
  await run(["-C", "branch", "patch", "package/stops", "-", "--by", "bob"], patch);
  await said("hq", "delete", "package/air");
  await said("branch", "edit", "package/air", "--set", "/title=Air", "--by", "bob");
  await said("hq", "create", "package", "parks.json", "--by", "ann");
  await said("branch", "create", "package", "parks.json", "--by", "bob");
  await carry("branch", "hq");
  await carry("hq", "branch");
});

afterAll(() => rmSync(cwd, { recursive: true }));

test("without conflicts a list says so", async () => {
  expect(await said("hq", "conflicts", "list", "--type", "tag")).toBe("no conflicts\n");
  const none = JSON.parse(await said("hq", "conflicts", "list", "--type", "tag", "--json"));
  expect(none).toEqual({ conflicts: [], next: null });
});

test("a list has one line for each, in 80 columns, and the same JSON on both sides", async () => {
  const { stdout } = await run(["-C", "hq", "conflicts", "list"], { cwd, columns: 80 });
  const [head, ...lines] = stdout.trimEnd().split("\n");
  expect(head).toMatch(/^ID +STATUS +OBJECT +PATH +BETWEEN +STANDS$/);
  expect(lines.slice(-2)).toEqual([
    "5 conflicts, 5 open",
    "syncline conflicts show ID explains one",
  ]);
  expect(stdout).toMatch(/^[0-9a-f]{8} +open +package\/stops +\/title +ann, bob +"Tram stops"$/m);
  expect(stdout).toMatch(
    /^[0-9a-f]{8} +open +package\/air +\(object\) +tester, bob +not deleted$/m,
  );
  expect(stdout).toMatch(/ package\/parks--[0-9a-f]{6} +\/name +ann, bob +parks--/);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
  const json = await said("hq", "conflicts", "list", "--json");
  expect(await said("branch", "conflicts", "list", "--json")).toBe(json);
  expect(await said("branch", "conflicts", "export")).toBe(await said("hq", "conflicts", "export"));
});

test("a page says how the next one is got", async () => {
  const { conflicts, next } = JSON.parse(
    await said("hq", "conflicts", "list", "--limit", "2", "--json"),
  );
  expect(conflicts).toHaveLength(2);
  const page = await said("hq", "conflicts", "list", "--limit", "2");
  expect(page).toContain(`; more with --after ${next}\n`);
  expect(await items("hq", "--after", next, "--limit", "3")).toHaveLength(3);
});

describe("an explanation", () => {
  test("says what was there, who wants what, what stands and why", async () => {
    const text = await shown(await at("/title"));
    expect(text).toContain("package/stops  /title\ndifferent values for one field\n");
    expect(text).toMatch(/\n {2}before +"Stops"\n/);
    expect(text).toMatch(
      /\n {2}ann at hq, [\d-]+T[\d:]+Z\n {4}buses only\n {4}revision \S+\n {4}"Bus/,
    );
    expect(text).toMatch(/\n {2}bob at instance [0-9a-f]{8}, \S+Z {2}stands\n/);
    expect(text).toMatch(/\n {2}stands +"Tram stops"\n {2}because +the newest edit wins\n/);
  });

  test("shows what changed in a text, and folds it into the terminal", async () => {
    const notes = await at("/notes");
    expect(notes).toMatchObject({ kind: "text", chosen: { revision: null } });
    const text = await shown(notes, "hq", 60);
    expect(text).toContain("\n    - Every stop.\n    + Every bus stop.\n      The positions were");
    expect(text).toContain(
      "stands    changed like this:\n    - Every stop.\n    + Every bus stop, ",
    );
    expect(text).toContain("  because   the texts were merged\n");
    const prose = text.split("\n").filter((line) => !/^ {2}syncline/.test(line));
    expect(prose.filter((line) => line.length > 60)).toEqual([]);
    expect(await shown(notes, "hq", 300)).toContain(`\n      ${SURVEYED}\n`);
  });

  test("of a deletion and of a name speaks of those", async () => {
    const air = await shown(await at("/@deleted"));
    expect(air).toMatch(/package\/air {2}\(object\)\nremoved on one side, changed on another\n/);
    expect(air).toMatch(
      /\n {4}deleted\n[\s\S]*\n {2}stands +not deleted\n {2}because +an edit wins/,
    );
    expect(air).not.toContain("--value");
    const parks = await shown(await at("/name"));
    expect(parks).toMatch(/\n {2}ann at hq, \S+ {2}has the plain name\n/);
    expect(parks).toMatch(/\n {2}stands +parks--[0-9a-f]{6}, beside package\/parks\n/);
    expect(parks).toMatch(/\n {2}syncline -C hq rename \S{36} NEW-NAME\n/);
  });

  test("is the whole item as JSON, by the beginning of its id", async () => {
    const item = await at("/url");
    expect(
      JSON.parse(await said("hq", "conflicts", "show", item.id.slice(0, 8), "--json")),
    ).toEqual(item);
  });
});

test("a spreadsheet has a row for each candidate, and no formulas", async () => {
  await said("hq", "edit", "package/air", "--set", "/title=Air quality", "--by", "=cmd()");
  await said("branch", "edit", "package/air", "--set", "/title=Air, all", "--by", "bob");
  await carry("branch", "hq");
  await carry("hq", "branch");
  const lines = (await said("hq", "conflicts", "export", "--csv", "--status", "open")).split("\n");
  expect(lines[0]).toMatch(
    /^id,status,type,object,path,kind,rule,base,chosen,resolved by,revision,/,
  );
  const air = lines.filter((line) => line.includes(",/title,value,") && line.includes("Air"));
  expect(air).toHaveLength(2);
  expect(air.join("\n")).toContain(`,"""Air, all""",`);
  expect(air.join("\n")).toContain(",'=cmd(),");
});

describe("a decision", () => {
  test("can be made by the very commands that an explanation gives", async () => {
    const item = await at("/title", "--object", "package/stops");
    const commands = (await shown(item)).matchAll(/^ {2}syncline (-C hq conflicts resolve .*)$/gm);
    const lines = [...commands].map(([, line]) => (line as string).split(" "));
    const [keep, pick, value] = lines as [string[], string[], string[]];
    expect((await run(keep, { cwd })).stdout).toMatch(
      /^decided package \S{36}\nrevision \S{36}\n$/,
    );
    expect(await title()).toBe("Tram stops");
    const kept = await shown(item);
    expect(kept).toMatch(/^conflict \S+ {2}resolved\n/);
    expect(kept).toMatch(
      /\n {2}because +decided by tester at hq, \S+Z\n {12}resolve a conflict at/,
    );
    expect(kept).toContain("To decide it otherwise:");
    expect(kept).not.toContain("--keep");
    expect((await run(pick, { cwd })).code).toBe(0);
    expect(await title()).toBe("Bus stops");
    const json = [...value.slice(0, -1), '"Stops, all"', "--json"];
    expect(JSON.parse((await run(json, { cwd })).stdout)).toMatchObject({ revisions: [{}] });
    expect(await shown(item)).toContain(
      '  stands    "Stops, all"\n  edited    after it was decided by',
    );
    expect(
      await said("hq", "conflicts", "list", "--path", "/title", "--object", "package/stops"),
    ).toMatch(/ resolved +package\/stops +\/title +ann, bob +"Stops, all"\n/);
  });

  test("many at once, by one rule", async () => {
    const done = await said("hq", "conflicts", "resolve", "--take", "oldest", "--type", "package");
    expect(done).toMatch(/^decided 4 conflicts in 1 changeset\n$/);
    expect(await items("hq", "--status", "open")).toEqual([]);
    const report = await said("hq", "conflicts", "resolve", "--take", "hq", "--json");
    expect(JSON.parse(report)).toMatchObject({ resolved: 0, skipped: 0, refused: [] });
    expect(await said("hq", "log")).toContain("resolve conflicts: take oldest");
  });

  test.each([
    [["nope1234", "--keep"], 1, "CONFLICT_NOT_FOUND", "conflicts list"],
    [["00000000"], 2, "USAGE", "conflicts show ID"],
    [["00000000", "--keep", "--absent"], 2, "USAGE", "conflicts show ID"],
    [["00000000", "--keep", "--type", "tag"], 2, "USAGE", "conflicts show ID"],
    [["00000000", "--value", "Bus stops"], 2, "USAGE", `--value '"Bus stops"'`],
    [["00000000", "--value", '{"a":1,"a":2}'], 1, "DUPLICATE_KEY", ""],
    [[], 2, "USAGE", "conflicts list"],
    [["--keep"], 2, "USAGE", "conflicts list"],
    [["--take", "newest", "--keep"], 2, "USAGE", "conflicts list"],
    [["--take", "nobody"], 2, "USAGE", "known are hq"],
  ])("that does not fit says what would: %j", async (args, exit, code, hint) => {
    const done = await on("hq", "conflicts", "resolve", ...args, "--json");
    expect(done.code).toBe(exit);
    const { error } = JSON.parse(done.stdout);
    expect(error.code).toBe(code);
    expect(error.hint ?? "").toContain(hint);
  });
});

test("the log of an object has its merges, which can be shown and compared", async () => {
  const log = await said("branch", "log", "package/stops");
  const merge = /^(\S{36})\n {4}merge of (\S{36})\n {9}and (\S{36})$/m.exec(log);
  const [, id, first, second] = merge as RegExpExecArray;
  const { heads, revision } = JSON.parse(await said("branch", "show", "package/stops", "--json"));
  expect({ heads, revision }).toEqual({ heads: [first, second], revision: id });
  expect(await said("branch", "show", "package/stops")).toContain("  merged from 2 sides\n");
  expect(await said("branch", "show", `package/stops@${id}`)).toContain('"Tram stops"');
  const diff = await said("hq", "diff", `package/stops@${id}`, revision);
  expect(diff).toBe("no difference\n");
  expect(await said("hq", "log", "package/stops")).toMatch(/ {2}decided \d conflicts?\n/);
  const records = (await said("branch", "log", "package/stops", "--json")).trimEnd().split("\n");
  expect(records.map((record) => JSON.parse(record).id)).not.toContain(id);
});

test("two diffs are merged onto a revision or a document, and what they disagree on is said", async () => {
  const put = (name: string, json: unknown): void =>
    writeFileSync(join(cwd, name), JSON.stringify(json));
  put("base.json", { name: "lamps", title: "Lamps" });
  put("one.json", [{ op: "replace", path: "/title", value: "Street lamps" }]);
  put("other.json", [{ op: "replace", path: "/title", value: "Park lamps" }]);
  const merge = ["diff", "merge", "base.json", "one.json", "other.json"];
  const done = await on("hq", ...merge);
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('"title": "Park lamps"') });
  expect(done.stderr).toBe(
    'conflict at /title: diff 1 "Street lamps", diff 2 "Park lamps"; stands "Park lamps" ' +
      "(different values for one field; the newest edit wins)\n",
  );
  const json = JSON.parse(await said("hq", ...merge, "--json"));
  expect(Object.keys(json)).toEqual(["conflicts", "document"]);
  const [latest] = (await said("hq", "log", "package/stops", "--json")).split("\n");
  const base = `package/stops@${JSON.parse(latest as string).id}`;
  const onRevision = JSON.parse(
    await said("hq", "diff", "merge", base, "one.json", "other.json", "--json"),
  );
  expect(onRevision.document).toMatchObject({ name: "stops", title: "Park lamps" });
  put("list.json", []);
  const wrong: [string[], string][] = [
    [["list.json", "one.json", "other.json"], "INVALID_OBJECT"],
    [["none.json", "one.json", "other.json"], "FILE_NOT_FOUND"],
    [["package/none", "one.json", "other.json"], "OBJECT_NOT_FOUND"],
    [["base.json", "one.json", "base.json"], "INVALID_PATCH"],
    [["base.json", "one.json", "other.json", "--type", "x"], "UNKNOWN_TYPE"],
  ];
  for (const [args, code] of wrong) {
    const failed = await on("hq", "diff", "merge", ...args, "--json");
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout).error.code).toBe(code);
  }
});

test("an object under another name says which name its authors gave it", async () => {
  const [clash] = await items("hq", "--path", "/name");
  const text = await said("hq", "show", clash?.object as string);
  expect(text).toMatch(
    /^package\/parks--[0-9a-f]{6} {2}\S+\nnamed parks by its authors\nrevision /,
  );
});

test("the policy is shown, set from a file or a pipe, with names for instances", async () => {
  const shownPolicy = await on("hq", "policy", "show");
  expect(shownPolicy.stderr).toBe("the default: nobody has set a policy\n");
  expect(JSON.parse(shownPolicy.stdout)).toMatchObject({ default: "newest" });
  const policy = { ...JSON.parse(shownPolicy.stdout), default: { priority: ["hq"] } };
  const set = ["policy", "set", "-", "--by", "ann", "--message", "hq knows"];
  const done = await run(["-C", "hq", ...set], { cwd, input: JSON.stringify(policy) });
  expect(done.stdout).toMatch(/^policy set, hash [0-9a-f]{16}\n$/);
  const after = await on("hq", "policy", "show");
  expect(after.stderr).toMatch(/^set by ann, \S+Z: hq knows\n$/);
  expect(JSON.parse(after.stdout).default.priority[0]).toMatch(/^[0-9a-f-]{36}$/);
  const adopt = await on("hq", "policy", "adopt", "hq", "--json");
  expect(JSON.parse(adopt.stdout)).toMatchObject({ error: { code: "POLICY_CONFLICT" } });
});

describe("purge and shun", () => {
  const typed = (input: string, ...args: string[]) =>
    run(["-C", "branch", ...args], { cwd, input, columns: 80, isTyped: true });

  test("ask a person, and do nothing without a yes", async () => {
    for (const answer of ["n\n", "\n", ""]) {
      const no = await typed(answer, "purge", "package/air");
      expect(no).toMatchObject({ code: 1, stdout: "" });
      expect(no.stderr).toMatch(
        /^package\/air {2}\S+\nIt goes with .*\n.* Purge it\? \[y\/N\] error:/,
      );
      expect(no.stderr).toContain("[INTERRUPTED]\n  hint: --yes ");
    }
    expect(await said("branch", "status")).not.toContain("gone");
    expect((await typed("y\n", "shun", "package/air")).stdout).toMatch(/^shunned package\/air {2}/);
  });

  test("are not asked of a script, or with --yes", async () => {
    const purged = await said("branch", "purge", "package/stops", "--message", "why", "--json");
    expect(JSON.parse(purged)).toMatchObject({ purges: [{ object: expect.any(String) }] });
    const parks = await typed("", "purge", "package/parks", "--yes");
    expect(parks).toMatchObject({ code: 0, stderr: "" });
    expect(await said("branch", "status")).toMatch(/\n {2}gone +2 purged, 1 shunned\n/);
    expect(await said("branch", "log")).toMatch(/#\d+\n {4}\S{36} {2}why\n {4}purged\n/);
    const status = JSON.parse(await said("branch", "status", "--json"));
    expect(status).toMatchObject({ purged: 2, shunned: 1 });
  });

  test("a shunned object is purged by its id; an id of nothing is not found", async () => {
    writeFileSync(join(cwd, "late.json"), '{"name":"late"}');
    await said("branch", "create", "package", "late.json");
    const { id } = JSON.parse(await said("branch", "show", "package/late", "--json"));
    await said("branch", "shun", "package/late");
    const asked = await typed("y\n", "purge", id);
    expect(asked.stdout).toBe(`purged ${id}\n`);
    for (const args of [[id], ["0198c2f4-0000-7000-8000-000000000000"]]) {
      const again = await typed("", "purge", ...args, "--yes");
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(args[0] === id ? /OBJECT_PURGED/ : /OBJECT_NOT_FOUND/);
    }
  });
});
