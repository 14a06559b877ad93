/**
 * Makes the catalog file that is kept of a format (test/fixtures/formats), by the program in the
 * present folder, or by that of another checkout:
 *
 *   node scripts/keep-format.ts OUT.db.gz [CHECKOUT]
 *
 * Two instances edit one small catalog apart and carry everything to each other, so that the file
 * holds whatever its program can leave behind; what it cannot do yet is left out.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type * as Syncline from "../src/index.ts";

type Instance = Syncline.Instance;

const by = { author: "ada" };
/** More than once as far apart as contents are kept whole. */
const EDITS = 70;

const [out, checkout = "."] = process.argv.slice(2);
if (out === undefined) throw new Error("usage: node scripts/keep-format.ts OUT.db.gz [CHECKOUT]");
writeFileSync(out, gzipSync(await makeCatalog(resolve(checkout)), { level: 9 }));

/** The bytes of a closed catalog. */
async function makeCatalog(root: string): Promise<Uint8Array> {
  const index = pathToFileURL(join(root, "src/index.ts")).href;
  const library = (await import(index)) as typeof Syncline;
  const folder = mkdtempSync(join(tmpdir(), "syncline-format-"));
  try {
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    const one = await library.openInstance(here, { threads: "none", create: { name: "here" } });
    const other = await library.openInstance(there, { threads: "none", create: { name: "there" } });
    await tell(library, one, other);
    // Older programs neither map organizations nor drop what leaves.
    if (typeof one.mapLink === "function") {
      const annex = join(folder, "annex");
      const third = await library.openInstance(annex, {
        threads: "none",
        create: { name: "annex" },
      });
      await narrowed(library, one, third);
      await third.close();
    }
    await one.close();
    await other.close();
    return readFileSync(join(here, "catalog.db"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function tell(library: typeof Syncline, one: Instance, other: Instance): Promise<void> {
  await sameBeginning(one, other);
  await editedApart(one, other);
  await exchange(one, other);
  // Older programs neither merge nor remove.
  if (typeof one.purge === "function") {
    await decided(one, other);
    await removed(one, other);
  }
  await synced(library, one, other);
  await one.importRevisions(linesOf(await strangeRecords(one)));
}

async function sameBeginning(one: Instance, other: Instance): Promise<void> {
  for (const name of ["water", "ways", "old-name", "trees", "noise", "gone", "shunned"]) {
    await one.create("package", { name, title: name, notes: "One.\nTwo.\n" }, by);
  }
  await one.create("tag", { name: "blue" }, by);
  await one.create("organization", { name: "works", title: "Works" }, by);
  await exchange(one, other);
}

async function editedApart(one: Instance, other: Instance): Promise<void> {
  for (const [instance, url] of [
    [one, "https://one.example"],
    [other, "https://two.example"],
  ] as const) {
    await instance.create("package", { name: "parks", url }, by);
    await instance.create("group", { name: "rail", description: url }, by);
  }
  await one.set("package/water", { title: "Water one", url: "https://one.example" }, by);
  await other.set("package/water", { title: "Water two", version: "2" }, by);
  await one.rename("package/ways", "streets", by);
  await other.set("package/ways", { title: "Ways, edited" }, by);
  await one.rename("package/old-name", "new-name", by);
  for (let edit = 1; edit <= EDITS; edit++) {
    await one.set("package/new-name", { version: String(edit) }, by);
  }
  await one.set("package/trees", { notes: "One!\nTwo.\n", tags: ["caf\u00e9"] }, by);
  await other.set("package/trees", { notes: "One.\nTwo!\n", tags: ["cafe\u0301", "blue"] }, by);
  await one.delete("package/noise", by);
}

/** A policy, a conflict that somebody decides, and a merge that somebody saves over. */
async function decided(one: Instance, other: Instance): Promise<void> {
  const { policy } = await one.policy();
  await one.setPolicy({ ...policy, deletes: "delete-wins" } as never, by);
  const { items } = await one.conflicts({ limit: 100 });
  const text = items.find(({ kind }) => kind === "text");
  if (text !== undefined) await one.resolveConflict(text.id, { value: "One!\nTwo!\n" }, by);
  await exchange(one, other);
}

async function removed(one: Instance, other: Instance): Promise<void> {
  await other.purge("package/gone", { reason: "not ours" }, by);
  await exchange(other, one);
  await one.shun("package/shunned", by);
}

/** A link that was run, with its cursor; over it, something left; and a link of the other one's. */
async function synced(library: typeof Syncline, one: Instance, other: Instance): Promise<void> {
  const [there, here] = [await serve(library, other), await serve(library, one)];
  await one.addLink({ name: "there", url: there.url, direction: "pull" });
  if (typeof one.purge === "function") await other.create("package", { name: "leaves" }, by);
  await run(one, "there");
  if (typeof one.purge === "function") {
    await other.set("package/leaves", { private: true }, by);
    await run(one, "there");
    const scope = { types: ["package"], tags: ["blue"] };
    await other.addLink({ name: "here", url: here.url, direction: "pull", scope });
    await run(other, "here");
  }
  for (const { close } of [there, here]) await close();
}

/**
 * A link of a part, with a mapping: what left it is dropped, one object comes again, one is refused,
 * a run is undone, and the last one is held.
 */
async function narrowed(library: typeof Syncline, one: Instance, annex: Instance): Promise<void> {
  for (const name of ["board", "strangers"]) await annex.create("organization", { name }, by);
  for (const [name, owner] of Object.entries({ pier: "board", wreck: "strangers" })) {
    const { id } = await annex.get(`organization/${owner}`);
    await annex.create("package", { name, owner_org: id, tags: ["dock"] }, by);
  }
  for (const name of ["crane", "shed"]) await annex.create("package", { name, tags: ["dock"] }, by);
  await one.create("organization", { name: "port" }, by);
  const served = await serve(library, annex);
  await one.addLink({
    ...{ name: "annex", url: served.url, direction: "pull", onLeave: "drop" },
    scope: { tags: ["dock"] },
    organizations: { map: [{ theirs: "board", ours: "port" }], unmapped: "refuse" },
  });
  await run(one, "annex");
  await annex.set("package/shed", { tags: [] }, by);
  await annex.set("package/crane", { tags: [] }, by);
  await run(one, "annex");
  await annex.set("package/crane", { tags: ["dock"], title: "Crane, back" }, by);
  await run(one, "annex");
  await annex.set("package/pier", { title: "Pier, edited" }, by);
  await run(one, "annex");
  await one.undo("last", by);
  await one.setLink("annex", { maxRemovals: "0" });
  await annex.delete("package/crane", by);
  await run(one, "annex", "held");
  await served.close();
}

async function run(instance: Instance, link: string, end = "ok"): Promise<void> {
  const { outcome, error } = await instance.sync(link);
  if (outcome !== end) throw new Error(`the link ended ${outcome}: ${JSON.stringify(error)}`);
}

async function serve(library: typeof Syncline, instance: Instance) {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const served = library.serveSync(instance, server);
  const close = async (): Promise<void> => {
    await served.close();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/**
 * What a newer program wrote, over an object that is here; and what waits for a changeset that never
 * comes, and is in quarantine therefore.
 */
async function strangeRecords(instance: Instance): Promise<readonly string[]> {
  const { canonicalize } = await import("../src/base/canonical.ts");
  const { sha256Hex } = await import("../src/base/hash.ts");
  const { id } = await instance.get("organization/works");
  const entries = await instance.entries({ object: id, limit: 10 });
  const before = entries.map(({ text }) => JSON.parse(text)).at(-1);
  const { document } = await instance.get("organization/works");
  const actor = "0198c2f4-0000-7000-8000-000000000001/0198c2f4-0000-7000-8000-000000000002";
  const changeset = "0198c2f4-0000-7000-8000-000000000003";
  const hlc = before.hlc + 1;
  const newer = {
    ...before,
    ...{ id: "0198c2f4-0000-7000-8000-000000000004", actor, seq: 1, hlc, changeset, schema: 2 },
    parents: [before.id],
    patch: [{ op: "replace", path: "/title", value: "Works, by a newer program" }],
    bodyHash: sha256Hex(canonicalize({ ...document, title: "Works, by a newer program" })),
  };
  const waiting = {
    ...newer,
    ...{ id: "0198c2f4-0000-7000-8000-000000000005", seq: 2, hlc: hlc + 1, schema: 1 },
    changeset: "0198c2f4-0000-7000-8000-000000000006",
  };
  const envelope = { v: 1, id: changeset, actor, hlc, author: "zoe", message: "" };
  return [envelope, newer, waiting].map((record) => canonicalize(record));
}

async function exchange(one: Instance, other: Instance): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const records: string[] = [];
    for await (const record of from.revisionsSince()) records.push(record);
    await to.importRevisions(linesOf(records));
  }
}

async function* linesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${lines.join("\n")}\n`);
}
