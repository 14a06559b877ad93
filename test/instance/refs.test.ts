// Proves that people's ways of naming an object find it, and that a miss says what was meant.
import { beforeAll, describe, expect, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { idPrefix, parseRef, splitRevision } from "../../src/instance/parse-ref.ts";
import { by, memoryInstance } from "./instances.ts";

const a = "aaaaaaaa-0000-4000-8000-000000000001";
const b = "aaaaaaaa-0000-4000-8000-000000000002";
const c = "cccccccc-1234-4000-8000-000000000003";

test.each([
  ["package/parks", { kind: "name", type: "package", name: "parks" }],
  ["tag/a/b", { kind: "name", type: "tag", name: "a/b" }],
  [`package/${a}`, { kind: "id", id: a, type: "package" }],
  [a.toUpperCase(), { kind: "id", id: a }],
  ["AAAAAAAA", { kind: "prefix", prefix: "aaaaaaaa" }],
  ["aaaaaaaa00", { kind: "prefix", prefix: "aaaaaaaa-00" }],
  ["aaaaaaa", { kind: "word", word: "aaaaaaa" }],
  ["parks", { kind: "word", word: "parks" }],
  ["/parks", { kind: "word", word: "/parks" }],
])("%s is read", (ref, parsed) => {
  expect(parseRef(ref)).toEqual(parsed);
});

test("what is too long to name an object is refused", () => {
  const tooLong = `package/${"x".repeat(5000)}`;
  expect(() => parseRef(tooLong)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

test("the beginning of an id is put into its canonical form", () => {
  expect(idPrefix("AAAAAAAA-0000")).toBe("aaaaaaaa-0000");
  expect(idPrefix(a.replaceAll("-", ""))).toBe(a);
  expect(idPrefix(`${a}0`)).toBeUndefined();
  expect(idPrefix("aaaaaaaz")).toBeUndefined();
});

test("a revision may follow an @", () => {
  expect(splitRevision("package/x@0123abcd")).toEqual({ ref: "package/x", revision: "0123abcd" });
  expect(splitRevision("package/x@y@0123abcd")?.ref).toBe("package/x@y");
  expect(splitRevision("user/x@example.org")).toBeUndefined();
  expect(splitRevision("package/x")).toBeUndefined();
});

describe("finding", () => {
  let instance: Instance;

  beforeAll(async () => {
    instance = memoryInstance();
    await instance.create("package", { id: a, name: "parks", title: "City parks" }, by);
    await instance.create("package", { id: b, name: "ponds" }, by);
    await instance.create("package", { id: c, name: "old" }, by);
    await instance.create("group", { name: "parks" }, by);
    await instance.create("user", { name: "me@0123abcd" }, by);
    await instance.delete("package/old", by);
  });

  test.each([
    ["package/parks", a],
    [`package/${a}`, a],
    [a, a],
    ["aaaaaaaa-0000-4000-8000-000000000002", b],
    ["cccccccc", c],
    ["cccccccc1234", c],
    ["package/old", c],
  ])("%s", async (ref, id) => {
    expect((await instance.get(ref)).id).toBe(id);
  });

  test("a name that looks like a revision is still a name", async () => {
    expect((await instance.get("user/me@0123abcd")).name).toBe("me@0123abcd");
  });

  test("a beginning that fits several names them all", async () => {
    await expect(instance.get("aaaaaaaa")).rejects.toMatchObject({
      code: "OBJECT_AMBIGUOUS",
      hint: `give the whole id of one: ${a} package/parks, ${b} package/ponds`,
    });
  });

  test("of two objects of one name each is found by its own effective name", async () => {
    const { revisions } = await instance.create("package", { name: "ponds" }, by);
    const second = revisions[0]?.object as string;
    expect((await instance.get("package/ponds")).id).toBe(b);
    const other = `package/ponds--${second.replaceAll("-", "").slice(0, 6)}`;
    expect((await instance.get(other)).id).toBe(second);
    await instance.delete(b, by);
    expect((await instance.get("package/ponds")).id).toBe(second);
  });

  test("aliases are found as the one that stands for them, and can be given by name", async () => {
    const first = "eeeeeeee-0000-4000-8000-000000000001";
    const second = "eeeeeeee-0000-4000-8000-000000000002";
    for (const id of [first, second]) {
      await instance.create("tag", { id, name: "water" }, by);
      await instance.create("group", { id: id.replace("e", "f"), name: "transport" }, by);
    }
    expect((await instance.get("tag/water")).id).toBe(first);
    const groups = [{ name: "transport" }];
    await instance.create("package", { name: "wells", tags: [{ name: "water" }], groups }, by);
    const { document } = await instance.get("package/wells");
    expect(document).toMatchObject({ tags: { [first]: true } });
    expect(document?.groups).toEqual({ [first.replace("e", "f")]: true });
    await instance.delete(first, by);
    expect((await instance.get("tag/water")).id).toBe(second);
  });

  test.each([
    ["parks", "did you mean package/parks or group/parks?"],
    ["organization/parks", "did you mean package/parks or group/parks?"],
    ["package/city", "did you mean package/parks?"],
    ["package/zzz", expect.stringMatching(/^name it type\/name/)],
    [`group/${a}`, expect.stringMatching(/^name it type\/name/)],
    ["ffffffff", expect.stringMatching(/^name it type\/name/)],
    ["", expect.stringMatching(/^name it type\/name/)],
  ])("nothing is called %j", async (ref, hint) => {
    await expect(instance.get(ref)).rejects.toMatchObject({ code: "OBJECT_NOT_FOUND", hint });
  });
});
