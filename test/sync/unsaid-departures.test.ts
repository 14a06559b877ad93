// Proves that what left a scope is told also where the cursor of a target does not say that it was
// there: the cursor was emptied, or never set, or set by another session; the source dropped it and got
// it back, or has forgotten the scope.
import { expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { SCOPES_KEPT_MAX } from "../../src/base/limits.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeHash } from "../../src/scope/scope.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { LinkRow, RunRow } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { id, inside, move, put } from "./named-objects.ts";
import { linkRow, memoryStore, range, syncOnce, withMethods } from "./world.ts";

/** Packages a and b in the group parks, c in the group roads. */
function filled(): MemoryStore {
  const source = memoryStore("source");
  for (const name of ["parks", "roads"]) put(source, "group", name);
  for (const name of ["a", "b"]) put(source, "package", name, inside("parks"));
  put(source, "package", "c", inside("roads"));
  return source;
}

function scopeOf(group: string): { readonly hash: string; readonly text: string } {
  const scope = parseScope({ groups: [group], types: ["package"] });
  return { hash: scopeHash(scope), text: canonicalize({ ...scope } as JsonObject) };
}

interface How extends Partial<LinkRow> {
  readonly group?: string;
}

async function run(target: Store, source: Store, how: How = {}): Promise<RunRow> {
  const { group = "parks", ...more } = how;
  const peer = (await source.identity()).instance;
  const set = { name: group, scope: scopeOf(group).text, peer, ...more };
  const link = { ...linkRow("pull"), ...set, maxRemovals: "1000" } as LinkRow;
  await target.saveLink(link);
  const { dialer } = await syncOnce(target, source, "pull", { link });
  return dialer;
}

async function pull(target: Store, source: Store, how: How = {}): Promise<void> {
  expect(await run(target, source, how)).toMatchObject({ outcome: "ok", refused: [] });
}

function marked(store: MemoryStore, group = "parks"): ObjectId[] {
  const { hash } = scopeOf(group);
  return store.departures().flatMap(({ object, scope }) => (scope === hash ? [object] : []));
}

test("the cursor was emptied by a drop", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  await pull(target, source);
  await pull(target, source, { group: "roads", onLeave: "drop" });
  target.removeLink("parks");
  move(source, "c", "parks");
  await pull(target, source, { group: "roads", onLeave: "drop" });
  expect(target.cursor(source.identity().instance, scopeOf("parks").hash)?.ladder).toEqual([]);
  move(source, "a", "roads");
  await pull(target, source);
  expect(marked(target)).toEqual([id("a")]);
  await pull(target, source);
  expect(marked(target)).toEqual([id("a")]);
});

test("what entered came before any cursor was set, and the connection broke", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  for (const name of ["a", "b"]) move(source, name, "roads");
  let calls = 0;
  const grows = withMethods(source, {
    evaluateScope(scope) {
      calls += 1;
      if (calls === 3) move(source, "c", "parks");
      return source.evaluateScope(scope);
    },
  });
  let hasEntered = false;
  const dies = withMethods(target, {
    apply(batch) {
      if (hasEntered) throw new Error("killed");
      hasEntered = batch.entered !== undefined;
      return target.apply(batch);
    },
  });
  expect((await run(dies, grows)).outcome).toBe("failed");
  expect(target.object(id("c"))).toBeDefined();
  move(source, "c", "roads");
  await pull(target, source);
  expect(marked(target)).toContain(id("c"));
});

test("another session brought it meanwhile", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  let isFirst = true;
  const meanwhile = withMethods(source, {
    async evaluateScope(scope) {
      if (isFirst) {
        isFirst = false;
        await pull(target, source);
        move(source, "a", "roads");
      }
      return source.evaluateScope(scope);
    },
  });
  await pull(target, meanwhile);
  await pull(target, source);
  expect(marked(target)).toEqual([id("a")]);
});

test("another session brought it meanwhile, and stands where this one comes past", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  put(source, "package", "d", { groups: { [id("parks")]: true } });
  let isFirst = true;
  const meanwhile = withMethods(source, {
    readPage: (after, limits) => source.readPage(after, { ...limits, revisions: 1 }),
    async evaluateScope(scope) {
      if (isFirst) {
        isFirst = false;
        await pull(target, source);
        move(source, "a", "roads");
        put(source, "package", "e", { groups: { [id("parks")]: true } });
      }
      return source.evaluateScope(scope);
    },
  });
  await pull(target, meanwhile);
  await pull(target, source);
  expect(marked(target)).toEqual([id("a")]);
});

test("the source dropped it, and tells once it has it again", async () => {
  const [origin, source, target] = [filled(), memoryStore("source 2"), memoryStore("target")];
  await pull(source, origin, { onLeave: "drop" });
  await pull(target, source);
  move(origin, "a", "roads");
  await pull(source, origin, { onLeave: "drop" });
  expect(source.object(id("a"))).toBeUndefined();
  await pull(target, source);
  expect(marked(target)).toEqual([]);
  await pull(source, origin, { group: "roads" });
  await pull(target, source);
  expect(marked(target)).toEqual([id("a")]);
  expect(source.verify().findings).toEqual([]);
});

/** Others ask for so many scopes that the source forgets what it knew of the first ones. */
function forget(source: MemoryStore): void {
  for (const number of range(0, SCOPES_KEPT_MAX)) source.evaluateScope(scopeOf(`other ${number}`));
}

test("the source has forgotten the scope", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  await pull(target, source);
  move(source, "a", "roads");
  forget(source);
  await pull(target, source);
  expect(marked(target)).toEqual([id("a")]);
});

test("the source forgets the scope while it sends: the next session tells it", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  await pull(target, source);
  let calls = 0;
  const forgets = withMethods(source, {
    evaluateScope(scope) {
      calls += 1;
      if (calls === 3) {
        move(source, "a", "roads");
        forget(source);
      }
      return source.evaluateScope(scope);
    },
  });
  move(source, "b", "roads");
  expect((await run(target, forgets)).error?.code).toBe("INTERRUPTED");
  await pull(target, source);
  expect(marked(target)).toEqual([id("a"), id("b"), id("parks")].sort());
});

test("the group that a package goes to is not said to have left with it", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  for (const group of ["parks", "roads"]) await pull(target, source, { group });
  move(source, "c", "parks");
  await pull(target, source, { group: "roads" });
  expect(marked(target, "roads")).toEqual([id("c"), id("roads")].sort());
  expect(source.verify().findings).toEqual([]);
});

test("a peer without anything is asked for everything once", async () => {
  const [source, target, empty] = [filled(), memoryStore("target"), memoryStore("empty")];
  await pull(target, source, { onLeave: "drop" });
  move(source, "a", "roads");
  await pull(target, source, { onLeave: "drop" });
  expect(target.hasDropped()).toBe(true);
  const link = { name: "empty", peer: empty.identity().instance, direction: "both" } as const;
  await pull(target, empty, { ...link });
  const [known] = target.links().filter(({ name }) => name === "empty");
  const { frames } = await syncOnce(target, empty, "both", { link: known as LinkRow });
  expect(frames).toEqual([">hello", "<welcome"]);
});
