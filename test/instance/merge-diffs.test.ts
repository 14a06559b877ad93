// Proves that two diffs are merged as the same two edits are on two instances, that conflicts say
// which diff wanted what, and that what is no diff of the base is refused with its place.
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/base/json.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { by, memoryInstance } from "./instances.ts";
import { ann, bob, exchange, twoSides } from "./two-sides.ts";

const STOPS = {
  ...{ name: "stops", title: "Stops", notes: "Every stop in the city.\nSurveyed in 2019." },
  resources: [{ url: "http://a/stops.csv" }, { url: "http://a/lines.csv" }],
  tags: [{ name: "bus" }],
};
const replace = (path: string, value: Json): Json => ({ op: "replace", path, value });

/** The package, and the paths of its resources. */
async function withStops(instance: Instance): Promise<[string, string]> {
  await instance.create("package", STOPS, by);
  const { document } = await instance.get("package/stops");
  const ids = Object.keys(document?.resources as JsonObject);
  return ids.map((id) => `/resources/${id}`) as [string, string];
}

test("what two instances merge, two diffs onto their base become", async () => {
  const { a, b } = twoSides();
  const [first, second] = await withStops(a);
  await exchange({ a, b });
  const { revision } = await a.get("package/stops");
  const hq = [
    replace("/title", "Bus stops"),
    replace("/notes", "Every bus stop in the city.\nSurveyed in 2019."),
    { op: "remove", path: first },
    { op: "remove", path: second },
  ];
  const branch = [
    replace("/title", "Tram stops"),
    replace("/notes", "Every stop in the city.\nSurveyed in 2024."),
    replace(`${first}/url`, "http://b/stops.csv"),
    { op: "add", path: "/url", value: "http://b" },
  ];
  const base = (await a.get("package/stops")).document as JsonObject;
  await a.patch("package/stops", hq, ann);
  await b.patch("package/stops", branch, bob);
  const own = async (side: Instance): Promise<Json> => {
    const { revision: now } = await side.get("package/stops");
    return (await side.diff("package/stops", revision, now)) as unknown as Json;
  };
  const diffs = [await own(a), await own(b)] as const;
  await exchange({ a, b });
  const { document } = await b.get("package/stops");
  const { items } = await b.conflicts();

  const merged = await b.mergeDiffs({ base: `package/stops@${revision}`, diffs });
  expect(merged.document).toEqual(document);
  expect(merged.document).toMatchObject({
    notes: "Every bus stop in the city.\nSurveyed in 2024.",
  });
  const told = merged.conflicts.map(({ path, kind, rule, chosen }) => [
    path,
    kind,
    rule,
    chosen.value,
  ]);
  const real = items.map(({ path, kind, rule, chosen }) => [path, kind, rule, chosen.value]);
  expect(told.sort()).toEqual(real.sort());
  expect(told.map(([path]) => path)).toEqual(["/notes", `${first}/@deleted`, "/title"]);
  // Patches that people write, and a document instead of a revision, come to the same.
  expect(await a.mergeDiffs({ base, diffs: [hq, branch] })).toEqual(merged);
  expect((await b.conflicts()).items).toEqual(items);
});

test("a conflict says which diff wanted what, and the second one is newer", async () => {
  const instance = memoryInstance();
  const base = { name: "stops", title: "Stops", url: "u" };
  const remove = { op: "remove", path: "/url" };
  const [one, other] = [
    [replace("/title", "A"), replace("/url", "v")],
    [replace("/title", "B"), remove],
  ];
  expect(await instance.mergeDiffs({ base, diffs: [one, other] })).toEqual({
    conflicts: [
      {
        base: "Stops",
        candidates: [
          { diff: 1, value: "A" },
          { diff: 2, value: "B" },
        ],
        chosen: { diff: 2, value: "B" },
        ...{ kind: "value", path: "/title", rule: "newest" },
      },
      {
        base: "u",
        candidates: [{ diff: 1, value: "v" }, { diff: 2 }],
        chosen: { diff: 1, value: "v" },
        ...{ kind: "delete", path: "/url", rule: "edit-wins" },
      },
    ],
    document: { name: "stops", title: "B", url: "v" },
  });
  const { document } = await instance.mergeDiffs({ base, diffs: [other, one] });
  expect(document).toEqual({ name: "stops", title: "A", url: "v" });
  expect(await instance.mergeDiffs({ base, diffs: [[], []] })).toEqual({
    conflicts: [],
    document: base,
  });
});

test("the policy in force decides, and the type says which of its rules", async () => {
  const instance = memoryInstance();
  const base = { name: "x", description: "one two three", notes: "one two three" };
  const said = (text: string): Json => [replace("/description", text), replace("/notes", text)];
  const diffs = [said("one two three four"), said("zero one two three")] as const;
  const merged = "zero one two three four";
  const asked = { base, diffs };
  const package_ = (await instance.mergeDiffs(asked)).document;
  expect(package_).toMatchObject({ notes: merged, description: "zero one two three" });
  const group = (await instance.mergeDiffs({ ...asked, type: "group" })).document;
  expect(group).toMatchObject({ description: merged, notes: "zero one two three" });
  const { policy } = await instance.policy();
  await instance.setPolicy({ ...policy, types: {} } as unknown as Json, by);
  expect((await instance.mergeDiffs(asked)).document).toMatchObject({
    notes: "zero one two three",
  });
});

test("what is no diff of the base is refused, with the diff and the place", async () => {
  const instance = memoryInstance();
  await withStops(instance);
  const base = "package/stops";
  const refused: [Json, string, string][] = [
    ["x", "INVALID_PATCH", "the second diff"],
    [[replace("/nothing", 1)], "INVALID_PATCH", 'the second diff, operation 0 at "/nothing"'],
    [{ patch: [{ op: "remove", path: "/nothing" }] }, "INVALID_PATCH", "the second diff, /nothing"],
    [{ patch: [{ op: "move", path: "/a" }] }, "INVALID_PATCH", "the second diff, /patch/0"],
    [[replace("/tags/0", "x")], "INVALID_PATCH", 'the second diff, operation 0 at "/tags/0"'],
  ];
  for (const [diff, code, where] of refused) {
    const asked = instance.mergeDiffs({ base, diffs: [[], diff] });
    await expect(asked).rejects.toMatchObject({ code, where });
  }
  const none = { diffs: [[], []] as const };
  await expect(instance.mergeDiffs({ ...none, base: "package/none" })).rejects.toMatchObject({
    code: "OBJECT_NOT_FOUND",
  });
  await expect(instance.mergeDiffs({ ...none, base: {}, type: "x" })).rejects.toMatchObject({
    code: "UNKNOWN_TYPE",
  });
});
