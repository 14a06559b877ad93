// Proves that the demonstration catalog is a catalog: it converts, every name is one object, nothing
// dangles, and it is as large and varied as the demonstration needs.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import {
  detectType,
  fromCkan,
  references,
  type StoredObject,
  toCkan,
  validateContent,
} from "../../src/catalog/index.ts";
import { demoCatalog } from "../../src/demo/catalog.ts";
import { lookupIn } from "./helpers.ts";

const read = demoCatalog().map((input) => fromCkan("package", input));
const objects = new Map<string, StoredObject>();
for (const one of read.flatMap(({ object, embedded }) => [object, ...embedded])) {
  objects.set(one.id, one);
}
const ofType = (type: string) => [...objects.values()].filter((one) => one.type === type);
const resources = demoCatalog().flatMap((form) => form.resources as unknown as JsonObject[]);

describe("the demonstration catalog", () => {
  test("has the size of a mid-size city's", () => {
    expect(ofType("package").length).toBeGreaterThanOrEqual(40);
    expect(ofType("package")).toHaveLength(read.length);
    expect(ofType("organization")).toHaveLength(8);
    expect(ofType("group")).toHaveLength(6);
    expect(ofType("tag").length).toBeGreaterThanOrEqual(55);
    expect(new Set(resources.map(({ format }) => format)).size).toBeGreaterThanOrEqual(8);
  });

  test("is valid, whole, and the same each time", () => {
    const lookup = lookupIn(objects.values());
    for (const { id, type, content } of objects.values()) {
      validateContent(type, content);
      for (const reference of references(type, content)) {
        expect(objects.get(reference.id)?.type).toBe(reference.type);
      }
      expect(detectType(toCkan(type, id, content, lookup))).toBe(type);
    }
    expect(demoCatalog()).toEqual(demoCatalog());
  });

  test("says the same of an organization or group wherever it is embedded", () => {
    for (const { embedded } of read) {
      for (const one of embedded) expect(objects.get(one.id)).toEqual(one);
    }
  });

  test("is written out: notes of two sentences or more, no address twice", () => {
    for (const { object } of read) {
      expect(String(object.content.notes).split(/[.!?](?:\s|$)/).length).toBeGreaterThan(2);
    }
    const addresses = resources.map(({ url }) => url);
    expect(addresses.filter((url, index) => addresses.indexOf(url) !== index)).toEqual([]);
    for (const url of addresses) expect(String(url)).toMatch(/^https:\/\/[a-z.]+\.example\b/);
  });
});
