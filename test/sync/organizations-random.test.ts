// Proves the promise of a mapping on random histories with crashes: whatever the peer did last with a
// package's organization is mapped, unless somebody here decided, and then nothing more happens.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isSynclineError, SynclineError } from "../../src/base/errors.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Store } from "../../src/store/store.ts";
import { linkRow, memoryStore, syncOnce, uuidFor, withMethods } from "./world.ts";

const id = (name: string): ObjectId => uuidFor(name) as ObjectId;
const PACKAGES = ["quay", "pier"];
/** The peer's organizations that are mapped, and to which; "wild" is not. */
const TARGETS: Readonly<Record<string, string>> = { board: "port", rail: "town" };
const THEIRS = [...Object.keys(TARGETS), "wild"];

type Step =
  | { readonly kind: "owner"; readonly here: boolean; readonly name: string; readonly to: string }
  | { readonly kind: "title"; readonly here: boolean; readonly name: string }
  | { readonly kind: "gone"; readonly name: string }
  | { readonly kind: "pull"; readonly crashAt: number | null };

const name = fc.constantFrom(...PACKAGES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("owner" as const),
      here: fc.constant(false),
      name,
      to: fc.constantFrom(...THEIRS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("owner" as const),
      here: fc.constant(true),
      name,
      to: fc.constantFrom("board", "port"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("title" as const), here: fc.boolean(), name }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("gone" as const), name }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("pull" as const), crashAt: fc.option(fc.nat(5)) }),
  },
);

async function author(store: Store, object: string, value: JsonObject): Promise<void> {
  const change = { kind: "patch", object: id(object), patch: patchOf(value) } as const;
  try {
    await store.author({ author: "ann", message: "", changes: [change] });
  } catch (error) {
    // It is deleted just now, or has not come yet.
    if (!isSynclineError(error)) throw error;
  }
}

const patchOf = (value: JsonObject): JsonObject[] =>
  Object.entries(value).map(([key, one]) => ({ op: "add", path: `/${key}`, value: one }));

/** The store of a process that is killed at its nth commit. */
function dying(store: MemoryStore, crashAt: number): Store {
  let commits = 0;
  const checked =
    <Args extends unknown[], R>(call: (...args: Args) => R) =>
    (...args: Args): R => {
      if (commits++ >= crashAt) throw new SynclineError("INTERNAL", "killed");
      return call(...args);
    };
  return withMethods(store, {
    author: checked((command) => store.author(command)),
    apply: checked((batch) => store.apply(batch)),
    saveLink: checked((link) => store.saveLink(link)),
  });
}

async function content(store: Store, object: string): Promise<JsonObject> {
  return JSON.parse((await store.object(id(object)))?.text ?? "{}") as JsonObject;
}

test("what the peer says last is mapped, once, through crashes", async () => {
  let mapped = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const [a, b] = [memoryStore("a"), memoryStore("b")];
      await start(a, b);
      const decidedHere = new Set<string>();
      for (const one of steps) await make(one, a, b, decidedHere);
      await syncOnce(b, a, "pull");
      const { lsn } = b.head();
      for (const each of PACKAGES) {
        const [theirs, ours] = [await content(a, each), await content(b, each)];
        const said = THEIRS.find((one) => id(one) === theirs.owner_org) ?? "";
        const target = TARGETS[said];
        if (decidedHere.has(each) || target === undefined || theirs["@deleted"] === true) continue;
        expect(ours.owner_org).toBe(id(target));
        mapped += 1;
      }
      expect((await syncOnce(b, a, "pull")).dialer.outcome).toBe("ok");
      expect(b.head().lsn).toBe(lsn);
      expect(b.verify().findings).toEqual([]);
    }),
    { numRuns: 150 },
  );
  expect(mapped).toBeGreaterThan(50);
});

async function start(a: Store, b: Store): Promise<void> {
  const put = (name: string, type: string, content: JsonObject) =>
    ({
      kind: "put",
      object: id(name),
      type,
      content: { name, ...content },
      mode: "create",
    }) as const;
  const by = { author: "ann", message: "" };
  await a.author({
    ...by,
    changes: [
      ...THEIRS.map((one) => put(one, "organization", {})),
      ...PACKAGES.map((one) => put(one, "package", { owner_org: id("board") })),
    ],
  });
  const ours = Object.values(TARGETS);
  await b.author({ ...by, changes: ours.map((one) => put(one, "organization", {})) });
  const map = Object.entries(TARGETS).map(([theirs, to]) => ({ theirs, id: null, ours: id(to) }));
  await b.saveLink(linkRow("pull", { organizations: { map, unmapped: "create", mappedTo: 0 } }));
}

async function make(
  one: Step,
  a: MemoryStore,
  b: MemoryStore,
  decided: Set<string>,
): Promise<void> {
  if (one.kind === "pull") {
    await syncOnce(one.crashAt === null ? b : dying(b, one.crashAt), a, "pull");
  } else if (one.kind === "gone") {
    const { deleted } = (await a.object(id(one.name))) ?? {};
    const kind = deleted === true ? "undelete" : "delete";
    a.author({ author: "ann", message: "", changes: [{ kind, object: id(one.name) }] });
  } else {
    const store = one.here ? b : a;
    if (one.kind === "title") await author(store, one.name, { title: `${store.head().lsn}` });
    else {
      if (one.here) decided.add(one.name);
      await author(store, one.name, { owner_org: id(one.to) });
    }
  }
}
