// Proves that nothing which may become good is lost when the quarantine is full: it is known, counted,
// and comes again by itself when the rules change, what it waited for has come, or there is room.
import { expect, test, vi } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { from, identity, memoryStore, testPorts } from "../store/helpers.ts";
import { Author, batchOf, cursorOver, sha256, uuid } from "../store/records.ts";
import { by, lines, memoryInstance, newInstance } from "./instances.ts";
import { link, served, sync } from "./served.ts";

const RECORDS_MAX = 10;

vi.mock("../../src/base/limits.ts", async (original) => ({
  ...(await original<typeof import("../../src/base/limits.ts")>()),
  QUARANTINE_RECORDS_MAX: 10,
}));

const garbage = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => `{"id":"not a record ${from + n}"}`);

/** A with some packages of an organization that B, which pulls, has refused. */
async function refusing(
  packages: number,
  memory: boolean,
): Promise<{ a: Instance; b: Instance; url: string }> {
  const a = memoryInstance("hq");
  const organization = { name: "board" };
  for (let n = 0; n < packages; n += 1) {
    await a.create("package", { name: `p${n}`, owner_org: "board", organization }, by);
  }
  const b = memory ? memoryInstance("branch") : (await newInstance("branch")).instance;
  await b.create("organization", { name: "harbor" }, by);
  const url = await served(a);
  await b.addLink({ name: "hq", url, direction: "pull", organizations: { unmapped: "refuse" } });
  return { a, b, url };
}

const mapped = { map: [{ theirs: "board", ours: "harbor" }] };

async function countPackages(instance: Instance): Promise<number> {
  return (await instance.status()).objects.package ?? 0;
}

const stores = [
  ["memory", () => memoryStore(1)],
  ["SQLite", () => SqliteStore.create(":memory:", { identity: identity(1), ...testPorts(1) })],
] as const;

/** A store that could not keep what a peer sent: an edit over a revision that it does not have. */
function waiting(store: MemoryStore | SqliteStore) {
  store.apply(from(null, Buffer.from(`${garbage(0, RECORDS_MAX).join("\n")}\n`)));
  const author = new Author(1);
  const changeset = author.changeset();
  const first = author.create(uuid(1), { name: "a" }, changeset);
  const edit = author.set(first, { title: "b" }, changeset);
  const records = [changeset, edit];
  store.apply({ ...from(identity(2), batchOf(...records)), cursor: cursorOver(edit) });
  return { store, first, key: sha256(edit.text) };
}

const ladder = (store: MemoryStore | SqliteStore) =>
  store.cursor(identity(2).instance, "all")?.ladder;

test.each([true, false])(
  "what a mapping refuses comes once it is mapped (memory: %s)",
  async (memory) => {
    const { b } = await refusing(14, memory);
    const run = await b.sync("hq");
    expect(run.refused).toHaveLength(RECORDS_MAX);
    expect(run.refusedMore).toBe(4);
    expect(await b.quarantine()).toMatchObject({ unkept: 4 });
    expect((await b.sync("hq")).bytes.in).toBeLessThan(1500);
    await b.mapLink("hq", mapped);
    expect(await b.sync("hq")).toMatchObject({ outcome: "ok", refused: [] });
    expect(await countPackages(b)).toBe(14);
    expect(await b.quarantine()).toEqual({ items: [], unkept: 0 });
    expect((await b.verify()).findings).toEqual([]);
  },
);

test.each([true, false])("also where somebody else has filled it (memory: %s)", async (memory) => {
  const { b } = await refusing(4, memory);
  await b.importRevisions(lines(...garbage(0, 12)));
  await b.sync("hq");
  expect(await b.quarantine()).toMatchObject({ unkept: 6 });
  await b.mapLink("hq", mapped);
  expect(await b.sync("hq")).toMatchObject({ outcome: "ok", refused: [] });
  expect(await countPackages(b)).toBe(4);
  // Nobody can be asked for the rest of a file.
  expect(await b.quarantine()).toMatchObject({ unkept: 2 });
});

test.each([true, false])(
  "refused purges are carried out once they are taken (memory: %s)",
  async (memory) => {
    const [a, b] = [
      memoryInstance("hq"),
      memory ? memoryInstance() : (await newInstance()).instance,
    ];
    await a.create("package", { name: "gone" }, by);
    await link(b, a, "pull");
    await sync(b);
    await b.setLink("peer", { refusesPurges: true });
    await b.importRevisions(lines(...garbage(0, 10)));
    await a.purge("package/gone", { reason: "asked for" }, by);
    expect((await b.sync("peer")).refused).toMatchObject([{ code: "PURGE_REFUSED" }]);
    await b.setLink("peer", { refusesPurges: false });
    await sync(b);
    expect(await countPackages(b)).toBe(0);
  },
);

test.each(stores)(
  "%s: what waits is asked for once that is there for which it waits",
  (_, open) => {
    const { store, first } = waiting(open());
    expect(ladder(store)).toHaveLength(1);
    store.apply(from(identity(3), batchOf(first)));
    expect(ladder(store)).toEqual([]);
    expect(store.counts().quarantined).toBe(RECORDS_MAX);
  },
);

test.each(stores)("%s: what was not kept can be asked for by its key", (_, open) => {
  const { store, key } = waiting(open());
  const kept = store.quarantine().find(({ bytes }) => bytes.length > 0);
  store.retryQuarantined([kept?.key ?? ""]);
  expect(ladder(store)).toHaveLength(1);
  store.retryQuarantined([key]);
  expect(ladder(store)).toEqual([]);
  expect(store.counts().quarantined).toBe(RECORDS_MAX);
});

test("what is dropped makes room for what was not kept, if that is worth it", async () => {
  const { b } = await refusing(14, false);
  await b.sync("hq");
  const keys = (await b.quarantine()).items.filter(({ bytes }) => bytes > 0).map(({ key }) => key);
  await b.dropQuarantined(keys.slice(0, 4));
  expect(await b.quarantine()).toMatchObject({ unkept: 4 });
  await b.dropQuarantined(keys.slice(4, 5));
  expect(await b.quarantine()).toMatchObject({ unkept: 0 });
  expect((await b.sync("hq")).refused).toHaveLength(RECORDS_MAX);
  const { items, unkept } = await b.quarantine();
  expect([items.length, unkept]).toEqual([14, 4]);
});
