// Proves what a link with a scope carries: whole objects that are in it at the source, what these
// refer to, and nothing else; also when objects enter and leave, and when it is interrupted.
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeHash } from "../../src/scope/scope.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Store } from "../../src/store/store.ts";
import { plainCodec } from "../../src/sync/memory/plain-codec.ts";
import { memoryStore, type SyncOptions, syncOnce, uuidFor } from "./world.ts";

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

function names(store: MemoryStore): string[] {
  return store
    .objects({ limit: 100 })
    .map(({ type, name }) => `${type}/${name}`)
    .sort();
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

async function catalog(): Promise<MemoryStore> {
  const source = memoryStore("a");
  await put(source, "organization", "env");
  await put(source, "organization", "traffic");
  await put(source, "tag", "water");
  await put(source, "tag", "road");
  await put(source, "package", "pump", {
    owner_org: id("organization/env"),
    tags: { [id("tag/water")]: true },
  });
  await put(source, "package", "lane", {
    owner_org: id("organization/traffic"),
    tags: { [id("tag/road")]: true },
  });
  await put(source, "package", "secret", { owner_org: id("organization/env"), private: true });
  return source;
}

describe("a scope", () => {
  const ENV = { organizations: ["env"] };

  test("carries what it selects and what that refers to, and nothing else", async () => {
    const source = await catalog();
    const target = memoryStore("b");
    const { run, text } = await scoped(target, source, ENV);
    expect(run.dialer.error).toBeUndefined();
    expect(names(target)).toEqual(["organization/env", "package/pump", "tag/water"]);
    expect(text).not.toMatch(/Title of (lane|secret|traffic|road)/);
    const again = await scoped(target, source, ENV);
    expect(again.run.frames).toEqual([">hello", "<welcome"]);
    const cursor = target.cursor(source.identity().instance, scopeHash(parseScope(ENV)));
    expect(cursor?.ladder[0]?.lsn).toBe(source.head().lsn);
  });

  test("without one, all but private packages travel", async () => {
    const source = await catalog();
    const target = memoryStore("b");
    const { text } = await scoped(target, source, null);
    expect(names(target)).toHaveLength(6);
    expect(text).not.toContain("Title of secret");
    await set(source, "package/secret", { private: false });
    const { run } = await scoped(target, source, null);
    expect(run.dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(names(target)).toHaveLength(7);
    expect((await scoped(target, source, null)).run.frames).toEqual([">hello", "<welcome"]);
  });
});
