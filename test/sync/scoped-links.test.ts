// Proves what a link with a scope carries: whole objects that are in it at the source, what these
// refer to, and nothing else; also when objects enter and leave, and when it is interrupted.
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { InstanceId, ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeHash } from "../../src/scope/scope.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import { plainCodec } from "../../src/sync/memory/plain-codec.ts";
import {
  memoryStore,
  type SyncOptions,
  seededRandom,
  syncOnce,
  tickingClock,
  uuidFor,
} from "./world.ts";

const id = (what: string): ObjectId => uuidFor(what) as ObjectId;

async function put(store: Store, type: string, name: string, more: JsonObject = {}): Promise<void> {
  const object = id(`${type}/${name}`);
  const content = { name, title: `Title of ${name}`, ...more };
  await store.author({
    author: "ann",
    message: "put",
    changes: [{ kind: "put", object, type, content, mode: "create" }],
  });
}

async function set(store: Store, what: string, value: JsonObject): Promise<void> {
  const changes = [{ kind: "set", object: id(what), value } as const];
  await store.author({ author: "ann", message: "set", changes });
}

const KNOWN = [
  ...["organization/env", "organization/traffic", "tag/water", "tag/road", "group/parks"],
  ...["package/pump", "package/lane", "package/secret", "package/draft"],
];

/** What is here, by the names at first. */
async function names(store: Store): Promise<string[]> {
  const objects = await store.objects({ limit: 100 });
  return objects.map((one) => KNOWN.find((name) => id(name) === one.id) ?? one.id).sort();
}

async function expectSame(target: Store, source: Store, name: string): Promise<void> {
  const [here, there] = [await target.object(id(name)), await source.object(id(name))];
  if ((await target.departures({ object: id(name) })).length > 0) return;
  expect([here?.heads, here?.bodyHash]).toEqual([there?.heads, there?.bodyHash]);
}

interface Wire {
  text: string;
}

/** Runs a link with a scope; what crossed the wire is text, since nothing is compressed. */
async function scoped(
  local: Store,
  remote: Store,
  scope: JsonObject | null,
  options: SyncOptions & { direction?: "pull" | "push" | "both" } = {},
): Promise<Wire & { run: Awaited<ReturnType<typeof syncOnce>> }> {
  const wire: Wire = { text: "" };
  const text = scope === null ? null : canonicalize({ ...parseScope(scope) } as JsonObject);
  const codec = plainCodec;
  const run = await syncOnce(local, remote, options.direction ?? "pull", {
    ...options,
    link: { scope: text, ...options.link },
    codec,
    run: { codec, ...options.run },
    onFrame(_from, data) {
      wire.text += Buffer.from(data as Uint8Array).toString();
    },
  });
  return { ...wire, run };
}

/** The instances of these tests: in memory, and in SQLite. */
const STORES = {
  memory: (name: string): Store => memoryStore(name),
  sqlite: (name: string): Store => {
    const [instance, epoch] = [uuidFor(`instance ${name}`) as InstanceId, uuidFor(`e ${name}`)];
    const ports = { clock: tickingClock(), random: seededRandom(name) };
    return SqliteStore.create(":memory:", { identity: { instance, name, epoch }, ...ports });
  },
} as const;

async function fill(source: Store): Promise<void> {
  await put(source, "organization", "env");
  await put(source, "organization", "traffic");
  await put(source, "tag", "water");
  await put(source, "tag", "road");
  await put(source, "group", "parks");
  const water = { tags: { [id("tag/water")]: true } };
  await put(source, "package", "pump", { owner_org: id("organization/env"), ...water });
  const road = { tags: { [id("tag/road")]: true }, groups: { [id("group/parks")]: true } };
  await put(source, "package", "lane", { owner_org: id("organization/traffic"), ...road });
  await put(source, "package", "secret", { owner_org: id("organization/env"), private: true });
}

const ENV = { organizations: ["env"] };
const OF_ENV = ["organization/env", "package/pump", "tag/water"];

describe.each(Object.entries(STORES))("scopes, with stores in %s", (_name, make) => {
  async function sides(): Promise<[source: Store, target: Store]> {
    const source = make("a");
    await fill(source);
    return [source, make("b")];
  }

  /** Syncs, and expects that all goes well, and that the next sync finds nothing to do. */
  async function sync(target: Store, source: Store, scope: JsonObject | null): Promise<string> {
    const { run, text } = await scoped(target, source, scope);
    expect(run.dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(run.acceptor).toMatchObject({ outcome: "ok" });
    expect((await scoped(target, source, scope)).run.frames).toEqual([">hello", "<welcome"]);
    for (const name of await names(target)) await expectSame(target, source, name);
    return text;
  }

  test("carry what is selected and what that refers to, and nothing else", async () => {
    const [source, target] = await sides();
    const text = await sync(target, source, ENV);
    expect(await names(target)).toEqual(OF_ENV);
    expect(text).not.toMatch(/Title of (lane|secret|traffic|road|parks)/);
    const { instance } = await source.identity();
    const cursor = await target.cursor(instance, scopeHash(parseScope(ENV)));
    expect(cursor?.ladder[0]?.lsn).toBe((await source.head()).lsn);
    expect((await target.verify()).findings).toEqual([]);
  });

  test("without one, all but private packages travel, until they are public", async () => {
    const [source, target] = await sides();
    expect(await sync(target, source, null)).not.toContain("Title of secret");
    expect(await names(target)).toHaveLength(7);
    await set(source, "package/secret", { private: false });
    await sync(target, source, null);
    expect(await names(target)).toHaveLength(8);
    await set(source, "package/secret", { private: true, title: "Hidden again" });
    expect(await sync(target, source, null)).not.toContain("Hidden again");
    expect(await target.departures()).toMatchObject([{ object: id("package/secret") }]);
    await sync(target, source, { private: true });
    expect((await target.object(id("package/secret")))?.text).toContain("Hidden again");
  });

  test("what enters comes with its history; what leaves stays, and is marked", async () => {
    const [source, target] = await sides();
    await set(source, "package/lane", { title: "Another lane" });
    await sync(target, source, ENV);
    await set(source, "package/lane", { owner_org: id("organization/env") });
    await sync(target, source, ENV);
    const lane = [...OF_ENV, "group/parks", "package/lane", "tag/road"];
    expect(await names(target)).toEqual(lane.sort());
    const history = await target.entries({ object: id("package/lane"), limit: 10 });
    expect(history).toHaveLength(3);
    await set(source, "package/lane", { owner_org: id("organization/traffic"), notes: "gone" });
    expect(await scoped(target, source, ENV)).toMatchObject({
      text: expect.not.stringContaining('"gone"'),
      run: { dialer: { left: { dropped: 0, kept: 3 } } },
    });
    const left = (await target.departures()).map(({ object }) => object);
    const expected = ["package/lane", "tag/road", "group/parks"].map(id);
    expect(left).toEqual(expected.sort());
    await set(source, "package/lane", { owner_org: id("organization/env") });
    await sync(target, source, ENV);
    expect(await target.departures()).toEqual([]);
    await expectSame(target, source, "package/lane");
  });

  test("a name stands for what it was found for, also after a rename", async () => {
    const [source, target] = await sides();
    await sync(target, source, { organizations: ["city"] });
    expect(await names(target)).toEqual([]);
    await set(source, "organization/traffic", { name: "city" });
    await sync(target, source, { organizations: ["city"] });
    expect(await names(target)).toContain("package/lane");
    await set(source, "organization/traffic", { name: "town" });
    await set(source, "package/lane", { title: "After the rename" });
    await sync(target, source, { organizations: ["city"] });
    expect((await target.object(id("package/lane")))?.text).toContain("After the rename");
    expect(await target.departures()).toEqual([]);
  });

  test("two links with different scopes between the same two instances", async () => {
    const [source, target] = await sides();
    await sync(target, source, ENV);
    await sync(target, source, { groups: ["parks"], types: ["package"] });
    const both = [...OF_ENV, "group/parks", "organization/traffic", "package/lane", "tag/road"];
    expect(await names(target)).toEqual(both.sort());
    await set(source, "package/pump", { title: "Pump station" });
    await sync(target, source, ENV);
    expect((await target.object(id("package/pump")))?.text).toContain("Pump station");
  });

  test("purges travel, whatever the scope", async () => {
    const [source, target] = await sides();
    await sync(target, source, ENV);
    const changes = ["package/pump", "package/lane"].map((what) => {
      return { kind: "purge", object: id(what), reason: "r" } as const;
    });
    await source.author({ author: "ann", message: "m", changes });
    await sync(target, source, ENV);
    // Nothing refers to the tag any more: it left.
    expect(await names(target)).toEqual(["organization/env", "tag/water"]);
    expect(await target.departures()).toMatchObject([{ object: id("tag/water") }]);
    expect((await target.counts()).purged).toBe(2);
  });

  test("both ways: an edit at the target makes an object enter and leave", async () => {
    const [source, target] = await sides();
    const direction = "both";
    await scoped(target, source, ENV, { direction });
    await put(target, "package", "draft", { owner_org: id("organization/env"), state: "draft" });
    await set(target, "package/pump", { title: "Of B" });
    await scoped(target, source, ENV, { direction });
    expect((await source.object(id("package/pump")))?.text).toContain("Of B");
    expect(await source.object(id("package/draft"))).toBeUndefined();
    const published = [{ op: "remove", path: "/state" } as const];
    const changes = [{ kind: "patch", object: id("package/draft"), patch: published } as const];
    await target.author({ author: "bo", message: "publish", changes });
    const { run } = await scoped(target, source, ENV, { direction });
    expect(run.dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(await source.object(id("package/draft"))).toBeDefined();
    const quiet = await scoped(target, source, ENV, { direction });
    expect(quiet.run.frames).toEqual([">hello", "<welcome"]);
  });

  test("cut off after each frame, it goes on and misses nothing", async () => {
    const [source, target] = await sides();
    await sync(target, source, ENV);
    await set(source, "package/lane", { owner_org: id("organization/env") });
    await set(source, "package/pump", { owner_org: id("organization/traffic") });
    for (let frames = 1; frames < 14; frames++) {
      let left = frames;
      const alter = (frame: string | Uint8Array): string | Uint8Array => {
        left -= 1;
        return left < 0 ? "cut" : frame;
      };
      await scoped(target, source, ENV, { alter });
    }
    await sync(target, source, ENV);
    expect((await target.departures()).map(({ object }) => object)).toEqual(
      [id("package/pump"), id("tag/water")].sort(),
    );
    await expectSame(target, source, "package/lane");
  });

  test("one sync of some types alone has a cursor of its own", async () => {
    const [source, target] = await sides();
    const { run } = await scoped(target, source, null, { run: { types: ["group"] } });
    expect(run.dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(await names(target)).toEqual(["group/parks"]);
    await sync(target, source, null);
    expect(await names(target)).toHaveLength(7);
  });
});
