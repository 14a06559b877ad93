// Proves the main job with real processes: a catalog goes in, a second instance follows it over the
// network, later syncs carry only changes, and everything a person or script reads on the way is
// right: exit codes, --json, the log's hash chain.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusView } from "../../src/instance/instance.ts";
import type { RunRow } from "../../src/store/rows.ts";
import { demoLines, testFolder } from "./folder.ts";
import { type Server, serve, shell, syncline } from "./syncline.ts";

const path = testFolder();
const a = path("a");
const b = path("b");
let server: Server | undefined;

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await syncline([...args, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as T;
}

function status(folder: string): Promise<StatusView> {
  return json<StatusView>("-C", folder, "status");
}

async function sync(): Promise<RunRow> {
  const { runs } = await json<{ runs: RunRow[] }>("-C", b, "sync");
  expect(runs).toHaveLength(1);
  return runs[0] as RunRow;
}

beforeAll(async () => {
  writeFileSync(path("dump.jsonl"), demoLines());
  expect((await syncline(["init", a, "--name", "hq"])).code).toBe(0);
  const imported = await syncline(["-C", a, "import", path("dump.jsonl")]);
  expect(imported).toMatchObject({ code: 0, stderr: "" });
  expect(imported.stdout).toMatch(/^imported 55 lines: \d+ created, 0 changed, 0 unchanged, 0 ref/);
  server = await serve(a);
});

afterAll(async () => {
  // Undefined when the start failed, which has been told by then.
  if (server) expect(await server.stop()).toMatchObject({ code: 0, stderr: "" });
});

let first: RunRow;

test("the first sync brings everything, with the same ids and digest", async () => {
  const init = await json<{ id: string; name: string }>("init", b, "--name", "branch");
  expect(init).toMatchObject({ name: "branch", id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  const link = ["-C", b, "link", "add", "hq", server?.url as string, "--direction", "pull"];
  expect(await json(...link)).toMatchObject({ name: "hq", url: server?.url, direction: "pull" });
  first = await sync();
  const [here, there] = [await status(b), await status(a)];
  expect(first).toMatchObject({ link: "hq", peer: there.instance.id, outcome: "ok", refused: [] });
  expect(first.received.revisions).toBe(there.revisions);
  expect(here).toMatchObject({ digest: there.digest, objects: there.objects, diverged: 0 });
  expect(here.links[0]).toMatchObject({ name: "hq", lag: { revisions: 0 }, lastRun: first });
});

test("edits go through the process that serves; the second sync carries only them", async () => {
  const by = ["--by", "ann", "--message", "review"];
  const ref = "package/building-permits";
  const set = await syncline(["-C", a, "edit", ref, "--set", "/title=Permits", ...by]);
  expect(set).toMatchObject({ code: 0, stderr: "" });
  const patch = JSON.stringify([{ op: "add", path: "/version", value: "2" }]);
  const patched = await syncline(["-C", a, "patch", ref, "-", ...by], { input: patch });
  expect(patched.stdout).toMatch(/^changed package [0-9a-f-]{36}\nrevision [0-9a-f-]{36}\n$/);
  const same = await syncline(["-C", a, "edit", ref, "--set", "/title=Permits", ...by]);
  expect(same.stdout).toBe("nothing changed, so nothing was stored\n");

  const second = await sync();
  expect(second.received).toEqual({ changesets: 2, revisions: 2, objects: 1, purges: 0 });
  expect(second.bytes.in + second.bytes.out).toBeLessThan((first.bytes.in + first.bytes.out) / 8);
  expect((await status(b)).digest).toBe((await status(a)).digest);
  const shown = await json("-C", b, "show", ref);
  expect(shown).toMatchObject({ document: { title: "Permits", version: "2" } });
});

test("log --json prints the records whose chain the status tells", async () => {
  const { stdout } = await syncline(["-C", b, "log", "--json"]);
  let chain: Buffer = Buffer.alloc(16);
  for (const line of stdout.trimEnd().split("\n")) {
    const { id } = JSON.parse(line) as { id: string };
    const record = createHash("sha256").update(line).digest();
    const idBytes = Buffer.from(id.replaceAll("-", ""), "hex");
    const input = Buffer.concat([chain, idBytes, record]);
    chain = createHash("sha256").update(input).digest().subarray(0, 16);
  }
  const { head } = await status(b);
  expect({ lsn: stdout.trimEnd().split("\n").length, chain: chain.toString("hex") }).toEqual(head);
});

test("log for people: newest first, who, what, why, where", async () => {
  const { stdout } = await syncline(["-C", b, "log", "package/building-permits"]);
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(
    /^[0-9a-f-]{36} {2}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}ann at \w+ {2}#\d+$/,
  );
  expect(lines.slice(1, 3)).toEqual(["    package/building-permits  review", "    ~ /version"]);
  expect(lines.filter((line) => line === "    created")).toHaveLength(1);
});

test("log --since, and diff of two revisions", async () => {
  const { stdout } = await syncline(["-C", b, "log", "package/building-permits", "--json"]);
  const [created, titled, versioned] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { id: string }).id);
  const since = await syncline(["-C", b, "log", "--since", titled as string, "--json"]);
  expect(JSON.parse(since.stdout)).toMatchObject({ id: versioned });
  const diff = await json<{ patch: unknown }>(
    ...["-C", b, "diff", `package/building-permits@${created}`, titled as string],
  );
  expect(diff.patch).toEqual([{ op: "replace", path: "/title", value: "Permits" }]);
});

test("exports are equal; revisions travel as a file too; a backup opens", async () => {
  const [exportA, exportB] = await Promise.all([
    syncline(["-C", a, "export"]),
    syncline(["-C", b, "export"]),
  ]);
  expect(exportB).toEqual(exportA);
  expect(exportA.stdout.split("\n")).toHaveLength(56);
  const carried = await shell(
    `syncline init c --name c && syncline -C a revisions export | gzip > r.gz &&
     syncline -C c revisions import r.gz && syncline -C c revisions import r.gz &&
     syncline -C c backup c.db && test -f c.db && syncline -C c backup d/ && syncline -C d verify && syncline -C d status --json > d.json`,
    path("."),
  );
  expect(carried).toMatchObject({ code: 0, stderr: "" });
  expect(carried.stdout).toMatch(/stored 0 revisions of 0 objects, \d+ were here already\n/);
  expect(carried.stdout).toMatch(/\nsound: \d+ revisions, \d+ objects\n/);
  expect((await status(path("d"))).digest).toBe((await status(a)).digest);
});

test("what arrives can be searched at once, also with filters", async () => {
  const found = await json<{ total: number; hits: { name: string }[] }>(
    ...["-C", b, "search", "permits", "--type", "package"],
  );
  expect(found.hits.map(({ name }) => name)).toContain("building-permits");
  const people = await syncline(["-C", b, "search", "permits", "--type", "package"]);
  expect(people.stdout).toMatch(/^OBJECT +TITLE +MATCH\n[\s\S]*\d+ of \d+ found\n$/);
});

test("rename, delete, undelete and create reach the other side", async () => {
  const created = await syncline(["-C", a, "create", "package", "-"], {
    input: '{"name":"bus-stops","title":"Bus stops","tags":[{"name":"bus"}]}',
  });
  expect(created).toMatchObject({ code: 0, stderr: "" });
  expect((await syncline(["-C", a, "rename", "package/bus-stops", "stops"])).code).toBe(0);
  expect((await syncline(["-C", a, "delete", "package/stops"])).code).toBe(0);
  await sync();
  expect((await syncline(["-C", b, "show", "package/stops"])).stdout).toContain("deleted");
  expect((await syncline(["-C", a, "undelete", "package/stops"])).code).toBe(0);
  await sync();
  const { document } = await json<{ document: object }>("-C", b, "show", "package/stops");
  expect(document).toMatchObject({ name: "stops", title: "Bus stops" });
});

test("a pushing link works the other way round", async () => {
  const c = path("pushed");
  expect((await syncline(["init", c])).code).toBe(0);
  const target = await serve(c);
  const link = ["link", "add", "mirror", target.url, "--direction", "push"];
  expect((await syncline(["-C", a, ...link])).code).toBe(0);
  const pushed = await syncline(["-C", a, "sync", "mirror"]);
  expect(pushed.stdout).toMatch(/^mirror: pushed \d+ objects \(\d+ revisions\), [\d.]+ kB in/);
  expect(pushed).toMatchObject({ code: 0, stderr: "" });
  expect((await status(c)).digest).toBe((await status(a)).digest);
  expect((await syncline(["-C", a, "link", "remove", "mirror"])).code).toBe(0);
  expect(await target.stop("SIGINT")).toMatchObject({ code: 0, stderr: "" });
});
