// Proves how edits become patches: --set makes the maps on its way, refuses members of lists, and
// an edited document becomes the patch that leads to it.
import { expect, test } from "vitest";
import { documentPatch, setPatch } from "../../src/cli/edit/document-patch.ts";
import { parseSets } from "../../src/cli/edit/set-option.ts";

const document = { title: "Old", tags: { a: true }, geo: [1, 2], resources: { r: { url: "u" } } };

function set(...options: string[]) {
  return setPatch(document, parseSets(options));
}

test("values are JSON when they are JSON, else text", () => {
  expect(set("/title=Bus stops", "/private=true", '/url="12"', "/size=12")).toEqual([
    { op: "replace", path: "/title", value: "Bus stops" },
    { op: "add", path: "/private", value: true },
    { op: "add", path: "/url", value: "12" },
    { op: "add", path: "/size", value: 12 },
  ]);
});

test("a value may hold an equals sign, and a path may need new maps", () => {
  expect(set("/extras/query=a=b")).toEqual([
    { op: "add", path: "/extras", value: { query: "a=b" } },
  ]);
});

test("writing what is there makes no patch", () => {
  expect(set("/title=Old", "/tags/a=true", "/geo=[1,2]")).toEqual([]);
});

test.each([
  ["/geo/0=5", "ARRAY_INDEX_PATH"],
  ["/title/x=5", "INVALID_PATCH"],
  ["title=x", "INVALID_POINTER"],
  ["=x", "USAGE"],
  ["/title", "USAGE"],
  ['/title={"a":1,"a":2}', "DUPLICATE_KEY"],
])("refuses --set %s with %s", (option, code) => {
  expect(() => set(option)).toThrow(expect.objectContaining({ code }));
});

test("an edited document becomes removals, additions and replacements; lists whole", () => {
  const edited = { title: "New", geo: [1, 3], resources: { r: { url: "u", size: 1 } } };
  expect(documentPatch(document, edited)).toEqual([
    { op: "remove", path: "/tags" },
    { op: "replace", path: "/title", value: "New" },
    { op: "replace", path: "/geo", value: [1, 3] },
    { op: "add", path: "/resources/r/size", value: 1 },
  ]);
});
