// Proves what a source that was restored tells over a link with a scope: it knows no more what it sent,
// so that it names all that is outside. What left is marked, or dropped, what came back is not marked
// any more, and what another link carries or somebody else made is left alone.
import { expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { LinkRow } from "../../src/store/rows.ts";
import { id, inside, move, put } from "./named-objects.ts";
import { copyOf, linkRow, memoryStore, syncOnce } from "./world.ts";

/** Packages a and b in the group parks, c in the group roads, d in neither. */
function filled(): MemoryStore {
  const source = memoryStore("source");
  for (const name of ["parks", "roads"]) put(source, "group", name);
  for (const name of ["a", "b"]) put(source, "package", name, inside("parks"));
  put(source, "package", "c", inside("roads"));
  put(source, "package", "d");
  return source;
}

async function pull(
  target: MemoryStore,
  source: MemoryStore,
  { group = "parks", ...more }: Partial<LinkRow> & { readonly group?: string } = {},
): Promise<void> {
  const scope = canonicalize({ ...parseScope({ groups: [group] }) } as JsonObject);
  const set = { name: group, scope, peer: source.identity().instance, ...more };
  const link = { ...linkRow("pull"), ...set, maxRemovals: "1000" } as LinkRow;
  target.saveLink(link);
  const { dialer } = await syncOnce(target, source, "pull", { link });
  expect(dialer).toMatchObject({ outcome: "ok", refused: [] });
}

const marked = (store: MemoryStore): ObjectId[] => store.departures().map(({ object }) => object);

async function restored(source: MemoryStore): Promise<MemoryStore> {
  const backup = copyOf(source, "backup");
  backup.beginEpoch("restore");
  return backup;
}

test("what it sent before and has outside now is marked, and nothing else", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  const backup = await restored(source);
  await pull(target, source);
  put(target, "package", "own");
  put(backup, "package", "own-too");
  move(backup, "a", "roads");
  await pull(target, backup);
  expect(marked(target)).toEqual([id("a")]);
  expect(target.verify().findings).toEqual([]);
  const { frames } = await syncOnce(target, backup, "pull", { link: target.links()[0] as LinkRow });
  expect(frames).toEqual([">hello", "<welcome"]);
});

test("and is dropped where the link says so", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  const backup = await restored(source);
  await pull(target, source, { onLeave: "drop" });
  move(backup, "a", "roads");
  await pull(target, backup, { onLeave: "drop" });
  expect(target.object(id("a"))).toBeUndefined();
  expect(target.object(id("b"))?.deleted).toBe(false);
});

test("what left only in the state that it lost is not marked any more, nor is it all", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  await pull(target, source);
  const backup = await restored(source);
  for (const name of ["a", "b"]) move(source, name, "roads");
  await pull(target, source);
  expect(marked(target)).toEqual([id("a"), id("b")].sort());
  await pull(target, backup);
  expect(marked(target)).toEqual([]);
});

test("what another link carries is left alone", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  for (const group of ["parks", "roads"]) await pull(target, source, { group });
  const backup = await restored(source);
  for (const group of ["parks", "roads"]) await pull(target, backup, { group });
  expect(marked(target)).toEqual([]);
  expect(target.digest()).not.toBe(memoryStore("none").digest());
});

test("what a link with another peer carries is marked all the same", async () => {
  const [source, other, target] = [filled(), memoryStore("other"), memoryStore("target")];
  await pull(other, source);
  const patch = [{ op: "add", path: "/title", value: "of another" }] as const;
  const change = { kind: "patch", object: id("a"), patch } as const;
  other.author({ author: "ann", message: "", changes: [change] });
  const backup = await restored(source);
  await pull(target, source);
  await pull(target, other, { name: "other" });
  move(backup, "a", "roads");
  await pull(target, backup);
  expect(marked(target)).toEqual([id("a")]);
});

test("what left both of two scopes is marked, though it is still in both here", async () => {
  const [source, target] = [filled(), memoryStore("target")];
  put(source, "group", "paths");
  const both = { [id("parks")]: true, [id("roads")]: true };
  put(source, "package", "e", { groups: both });
  const backup = await restored(source);
  for (const group of ["parks", "roads"]) await pull(target, source, { group });
  move(backup, "e", "paths");
  for (const group of ["parks", "roads"]) await pull(target, backup, { group });
  expect(marked(target).filter((one) => one === id("e"))).toHaveLength(2);
});
