// Proves what people see of conflicts, and that every way to decide one does what it says.
import { expect, test } from "vitest";
import { canonicalize, isSorted } from "../../src/base/canonical.ts";
import type { RevisionId } from "../../src/base/ids.ts";
import type { Json } from "../../src/base/json.ts";
import type { ConflictItem } from "../../src/instance/conflicts/conflict-item.ts";
import { shortPick } from "../../src/instance/conflicts/decisions.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { all, lines, memoryInstance } from "./instances.ts";
import { ann, bob, exchange, onlyConflict, retitled, twoSides } from "./two-sides.ts";

const STOPS = "package/stops";

async function documentOf(instance: Instance, ref = STOPS) {
  return (await instance.get(ref)).document;
}

/** The id of the candidate that somebody made. */
function candidateOf({ candidates }: ConflictItem, author: string): string {
  return candidates.find((one) => one.author === author)?.revision as string;
}

test("a conflict says what was there, who wants what, what stands and why", async () => {
  const { a, b } = await retitled();
  const conflict = await onlyConflict(a);
  const { id, revision, heads } = await a.get(STOPS);
  const [first, second] = heads;
  expect(conflict).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    object: id,
    type: "package",
    path: "/title",
    kind: "value",
    status: "open",
    base: "Stops",
    candidates: [
      { revision: first, value: "Bus stops", ...authorOf(a, ann), time: expect.any(String) },
      { revision: second, value: "Tram stops", ...authorOf(b, bob), time: expect.any(String) },
    ],
    chosen: { revision: second, value: "Tram stops" },
    rule: "newest",
    resolvedBy: null,
  });
  expect(revision).not.toBe(second);
  expect(canonicalize((await b.conflicts()) as unknown as Json)).toBe(
    JSON.stringify(await a.conflicts()),
  );
  expect(isSorted(conflict as unknown as Json)).toBe(true);
  expect(await a.conflict(conflict.id.slice(0, 8).toUpperCase())).toEqual(conflict);
});

function authorOf({ identity }: Instance, { author, message }: typeof ann) {
  return { author, message, instance: identity.instance };
}

test("nothing is spelled by leaving the value out: of the base, a candidate, what stands", async () => {
  const sides = twoSides();
  await sides.a.create("package", { name: "stops", url: "u" }, ann);
  await exchange(sides);
  await sides.a.set(STOPS, { title: "A", url: "x" }, ann);
  await sides.b.set(STOPS, { title: "B" }, bob);
  await sides.b.patch(STOPS, [{ op: "remove", path: "/url" }], bob);
  await exchange(sides);
  const title = await onlyConflict(sides.a, { path: "/title" });
  expect(Object.hasOwn(title, "base")).toBe(false);
  const url = await onlyConflict(sides.a, { path: "/url" });
  expect(url).toMatchObject({ kind: "delete", rule: "edit-wins", base: "u" });
  const [absent] = url.candidates.filter(({ author }) => author === "bob");
  expect(Object.hasOwn(absent as object, "value")).toBe(false);
  await sides.a.resolveConflict(url.id, { pick: absent?.revision as string }, ann);
  expect(await documentOf(sides.a)).not.toHaveProperty("url");
  expect(await sides.a.conflict(url.id)).toMatchObject({ status: "resolved" });
});

test("a list is filtered and paged; what cannot be a filter is said", async () => {
  const { a, b } = await retitled();
  await a.set(STOPS, { url: "a" }, ann);
  await b.set(STOPS, { url: "b" }, bob);
  await exchange({ a, b });
  const { items } = await a.conflicts();
  expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).sort());
  const first = await a.conflicts({ limit: 1 });
  expect(first).toEqual({ items: items.slice(0, 1), next: items[0]?.id });
  const rest = await a.conflicts({ limit: items.length - 1, after: first.next as string });
  expect(rest).toEqual({ items: items.slice(1), next: null });
  expect((await a.conflicts({ object: STOPS, status: "open" })).items.length).toBeGreaterThan(0);
  expect((await a.conflicts({ type: "tag" })).items).toEqual([]);
  for (const [query, code] of [
    [{ limit: 0 }, "USAGE"],
    [{ after: "x" }, "USAGE"],
    [{ path: "title" }, "INVALID_POINTER"],
    [{ object: "package/none" }, "OBJECT_NOT_FOUND"],
  ] as const) {
    await expect(a.conflicts(query)).rejects.toMatchObject({ code });
  }
  for (const id of ["00000000", "x", "00000000-0000-8000-8000-000000000000"]) {
    await expect(a.conflict(id)).rejects.toMatchObject({ code: "CONFLICT_NOT_FOUND" });
  }
});

test("picking restores what lost, everywhere; deciding again is a new decision", async () => {
  const { a, b } = await retitled();
  const { id, ...conflict } = await onlyConflict(a);
  const losing = candidateOf({ id, ...conflict }, "ann");
  const [made] = (await a.resolveConflict(id, { pick: losing }, ann)).revisions;
  await exchange({ a, b });
  for (const side of [a, b]) {
    expect(await documentOf(side)).toMatchObject({ title: "Bus stops" });
    const resolvedBy = made?.id;
    expect(await side.conflict(id)).toMatchObject({ status: "resolved", resolvedBy });
  }
  await b.resolveConflict(id, { value: "Stops, all" }, bob);
  expect(await documentOf(b)).toMatchObject({ title: "Stops, all" });
  await b.resolveConflict(id, { absent: true }, bob);
  expect(await documentOf(b)).not.toHaveProperty("title");
  const [entry] = await b.history(STOPS);
  expect(entry).toMatchObject({ author: "bob", message: "from branch" });
});

test("keeping what stands is a decision too, with a message of its own", async () => {
  const { a } = await retitled();
  const { id, chosen } = await onlyConflict(a);
  const pick = chosen.revision as string;
  await a.resolveConflict(id.slice(0, 10), { pick: pick.slice(0, 36) }, { author: "eve" });
  expect(await a.conflict(id)).toMatchObject({ status: "resolved" });
  expect((await a.history(STOPS))[0]?.message).toBe(
    "resolve a conflict at /title of package/stops",
  );
});

test("the beginning of a revision that a pick needs is told, in whole groups of digits", () => {
  const made = ["01a202eb-12fc-7000-8000-01d2f45aae1a", "01a202eb-12fc-7001-8000-02bf920c9ab8"];
  const candidates = [...made, "f1bd0ea1-e0b0-8060-8910-1c388341a53f"].map((revision) => {
    return { revision: revision as RevisionId };
  });
  const picks = candidates.map(({ revision }) => shortPick(revision, { candidates }));
  expect(picks).toEqual(["01a202eb-12fc-7000", "01a202eb-12fc-7001", "f1bd0ea1"]);
});

test("keeping needs no revision: of a merged text, a map, an absence, a name", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  await a.create("package", { name: "stops", notes: "one two three", url: "u" }, ann);
  await exchange(sides);
  await a.set(STOPS, { notes: "ONE two three" }, ann);
  await a.patch(STOPS, [{ op: "remove", path: "/url" }], ann);
  await b.set(STOPS, { notes: "one two THREE", url: "v" }, bob);
  await exchange(sides);
  const notes = await onlyConflict(a, { path: "/notes" });
  expect(notes).toMatchObject({
    ...{ kind: "text", rule: "text" },
    chosen: { revision: null, value: "ONE two THREE" },
  });
  const url = await onlyConflict(a, { path: "/url" });
  const before = await documentOf(a);
  for (const { id } of [notes, url]) {
    await a.resolveConflict(id, { keep: true }, ann);
    expect(await a.conflict(id)).toMatchObject({ status: "resolved" });
    expect(await documentOf(a)).toEqual(before);
  }
  await a.resolveConflict(url.id, { absent: true }, ann);
  await a.resolveConflict(url.id, { keep: true }, ann);
  expect(await documentOf(a)).not.toHaveProperty("url");
  await b.create("package", { name: "stops" }, bob);
  const clash = await onlyConflict(b, { path: "/name" });
  await b.resolveConflict(clash.id, { keep: true }, bob);
  expect(await b.conflict(clash.id)).toMatchObject({ status: "resolved" });
});

test("choices that do not fit are refused, and say what would", async () => {
  const { a } = await retitled();
  const { id, candidates } = await onlyConflict(a);
  const by = { author: "eve" };
  const revision = candidates[0]?.revision as string;
  for (const [pick, hint] of [
    ["ffffffff", revision],
    [revision.slice(0, 3), revision],
    ["", revision],
  ] as const) {
    await expect(a.resolveConflict(id, { pick }, by)).rejects.toMatchObject({
      code: "USAGE",
      hint: expect.stringContaining(hint),
    });
  }
  for (const [value, code] of [
    [{}, "USAGE"],
    [{ "@deleted": false }, "INVALID_OBJECT"],
    ["\ud800", "LONE_SURROGATE"],
  ] as const) {
    await expect(a.resolveConflict(id, { value }, by)).rejects.toMatchObject({ code });
  }
  const ifRevision = revision as never;
  const late = a.resolveConflict(id, { absent: true }, { ...by, ifRevision });
  await expect(late).rejects.toMatchObject({ code: "STALE_EDIT" });
  expect(await a.conflict(id)).toMatchObject({ status: "open" });
});

test("a conflict that later edits took the place of is not decided by mistake", async () => {
  const { a, b } = await retitled();
  const old = await onlyConflict(a);
  // Somebody saves something over both; somebody else, who saw only one, goes on from that.
  await b.set(STOPS, { url: "u" }, bob);
  const [line] = old.candidates.filter(({ author }) => author === "ann");
  const c = memoryInstance("third");
  await c.importRevisions(lines(...(await upTo(a, line?.revision as string))));
  await c.set(STOPS, { title: "Bus stops, all" }, { author: "cy" });
  await exchange({ a: b, b: c });
  const open = await onlyConflict(b, { status: "open" });
  expect(await b.conflict(old.id)).toMatchObject({ status: "superseded" });
  const stale = b.resolveConflict(old.id, { absent: true }, bob);
  await expect(stale).rejects.toMatchObject({
    code: "STALE_EDIT",
    hint: expect.stringContaining(open.id),
  });
});

/** The records of an instance up to a revision. */
async function upTo(instance: Instance, revision: string): Promise<string[]> {
  const records = await all(instance.revisionsSince());
  const last = records.findIndex((record) => JSON.parse(record).id === revision);
  return records.slice(0, last + 1);
}

test("deletion beside an edit: both outcomes are one decision away", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  await a.create("package", { name: "stops", title: "Stops" }, ann);
  await exchange(sides);
  await a.delete(STOPS, ann);
  await b.set(STOPS, { title: "Kept" }, bob);
  await exchange(sides);
  const conflict = await onlyConflict(a);
  expect(conflict).toMatchObject({ kind: "delete", path: "/@deleted", rule: "edit-wins" });
  await a.resolveConflict(conflict.id, { pick: candidateOf(conflict, "ann") }, ann);
  await exchange(sides);
  expect(await documentOf(b)).toBeNull();
  await b.resolveConflict(conflict.id, { pick: candidateOf(conflict, "bob") }, bob);
  expect(await documentOf(b)).toMatchObject({ title: "Kept" });
  const not = b.resolveConflict(conflict.id, { value: false }, bob);
  await expect(not).rejects.toMatchObject({ code: "USAGE" });
  await b.resolveConflict(conflict.id, { value: true }, bob);
  expect(await documentOf(b)).toBeNull();
  await b.resolveConflict(conflict.id, { absent: true }, bob);
  expect(await documentOf(b)).toMatchObject({ title: "Kept" });
});

test("a value where others want a map: either can be picked, or something else given", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  const object = "0198c2f4-5d3e-7a31-9c1b-2f8e6f0a7b11";
  const put = { kind: "put", object, type: "package", content: { name: "n" }, mode: "create" };
  await a.change({ ...ann, changes: [put as never] });
  await exchange(sides);
  const add = (value: Json) => [{ op: "add", path: "/x", value }] as unknown as Json;
  await a.patch(object, add({ q: 1, deep: { r: 2 } }), ann);
  await b.patch(object, add("plain"), bob);
  await exchange(sides);
  const conflict = await onlyConflict(a);
  expect(conflict).toMatchObject({ kind: "structure", path: "/x" });
  const pick = (author: string) => ({ pick: candidateOf(conflict, author) });
  await a.resolveConflict(conflict.id, pick("bob"), ann);
  expect(await documentOf(a, object)).toEqual({ name: "n", x: "plain" });
  await a.resolveConflict(conflict.id, pick("ann"), ann);
  expect(await documentOf(a, object)).toEqual({ name: "n", x: { q: 1, deep: { r: 2 } } });
  await a.resolveConflict(conflict.id, { value: { q: 3, s: 4 } }, ann);
  expect(await documentOf(a, object)).toEqual({ name: "n", x: { q: 3, s: 4 } });
  await a.resolveConflict(conflict.id, { absent: true }, ann);
  expect(await documentOf(a, object)).toEqual({ name: "n" });
  await exchange(sides);
  expect(await documentOf(b, object)).toEqual({ name: "n" });
  expect((await a.verify()).findings).toEqual([]);
});

test("a clash of names is accepted, or ends with another name", async () => {
  const sides = twoSides();
  const { a, b } = sides;
  await a.create("package", { name: "stops" }, ann);
  await b.create("package", { name: "stops" }, bob);
  await exchange(sides);
  const clash = await onlyConflict(a);
  expect(clash).toMatchObject({ kind: "name", path: "/name", rule: "suffix" });
  const shown = `package/${clash.chosen.value}`;
  expect((await a.get(shown)).id).toBe(clash.object);

  const own = clash.candidates.find(({ revision }) => revision !== clash.chosen.revision);
  const taken = a.resolveConflict(clash.id, { pick: own?.revision as string }, ann);
  await expect(taken).rejects.toMatchObject({
    code: "USAGE",
    hint: expect.stringContaining("--value"),
  });
  await expect(a.resolveConflict(clash.id, { value: 1 }, ann)).rejects.toMatchObject({
    code: "USAGE",
  });
  await expect(a.resolveConflict(clash.id, { absent: true }, ann)).rejects.toMatchObject({
    code: "USAGE",
  });

  await a.resolveConflict(clash.id, { pick: clash.chosen.revision as string }, ann);
  expect(await a.conflict(clash.id)).toMatchObject({ status: "resolved" });
  expect((await a.get(shown)).name).toBe("stops");

  await a.resolveConflict(clash.id, { value: "halts" }, ann);
  expect((await a.get("package/halts")).id).toBe(clash.object);
  await expect(a.conflict(clash.id)).rejects.toMatchObject({ code: "CONFLICT_NOT_FOUND" });
  await exchange(sides);
  expect(await b.status()).toMatchObject({ digest: (await a.status()).digest });
});
