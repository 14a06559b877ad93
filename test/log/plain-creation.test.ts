// Proves that a creation which is read without parsing it is one that the parser and the checks
// after it take, with the same meaning: envelope, hashes, content, name, forbidden fields, excerpt.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import { isSynclineError } from "../../src/base/errors.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import {
  holdsForeignFields,
  nameOf,
  nameSpaceOf,
  ReadContent,
  refuseForeignFields,
} from "../../src/catalog/index.ts";
import { SECRET_FIELDS, VOLATILE_FIELDS } from "../../src/catalog/volatile.ts";
import { ExcerptWriter, readExcerpt } from "../../src/log/excerpt.ts";
import { checkPatch } from "../../src/model/check-patch.ts";
import { parseRecord, sealRecord } from "../../src/model/parse-record.ts";
import { CreationReader, type PlainCreation } from "../../src/model/plain-creation.ts";
import type { ParsedRevision } from "../../src/model/record.ts";
import { json, text } from "../base/json-arbitrary.ts";
import { uuid } from "../hostile/case.ts";
import { content as anyContent, revisionOf } from "../model/content-arbitrary.ts";

const reader = new CreationReader();
const RESOURCE_KEYS = ["name", "description", "format", "url", "position", "state", "apikey"];
const FIELDS = [
  ...["name", "title", "fullname", "state", "vocabulary_id", "notes", "description", "about"],
  ...["author", "url", "metadata_modified", "created", ...SECRET_FIELDS.slice(0, 2)],
  ...(VOLATILE_FIELDS.package ?? []).slice(0, 2),
];

const value = fc.oneof({ weight: 4, arbitrary: text }, json);
const members = (keys: readonly string[]) => fc.dictionary(fc.constantFrom(...keys), value);
const idSet = fc.dictionary(fc.constantFrom(uuid(20), uuid(21), "x"), fc.constant(true as Json));
const resources = fc.dictionary(
  fc.constantFrom(uuid(30), uuid(31)),
  fc.oneof(members(RESOURCE_KEYS), text) as fc.Arbitrary<Json>,
);
const packageLike: fc.Arbitrary<JsonObject> = fc
  .tuple(
    members(FIELDS),
    fc.record(
      {
        resources: fc.oneof(resources, text),
        extras: members(["spatial", "password", "a"]),
        tags: idSet,
        groups: idSet,
        owner_org: fc.constantFrom(uuid(22), uuid(22).toUpperCase(), "", "x", null),
        state: fc.constantFrom("active", "draft"),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([fields, parts]) => ({ ...fields, ...parts }) as JsonObject);

const type = fc.constantFrom("package", "tag", "group", "user", "thing");

function creation(content: JsonObject, type: string): Buffer {
  const patch = [{ op: "add", path: "", value: content }] as const;
  const bodyHash = sha256Hex(canonicalize(content));
  return Buffer.from(sealRecord(revisionOf(patch, { parents: [], type, bodyHash })).text);
}

function refuses(type: string, content: JsonObject): boolean {
  try {
    refuseForeignFields(type, [], content);
    return false;
  } catch (error) {
    if (!isSynclineError(error)) throw error;
    return true;
  }
}

/** Compares a creation that was read with the same bytes parsed. */
function compare(read: PlainCreation, bytes: Buffer): void {
  const parsed = parseRecord(bytes) as ParsedRevision;
  checkPatch(parsed.record);
  const { record, tape, value: at } = read;
  expect({ ...record, patch: record.patch }).toEqual(parsed.record);
  expect([read.kind, read.text, read.hash]).toEqual([parsed.kind, parsed.text, parsed.hash]);
  const [write] = parsed.record.patch;
  const content = (write as { readonly value: JsonObject }).value;
  expect(read.contentText).toBe(canonicalize(content));
  expect(read.contentHash).toBe(sha256Hex(canonicalize(content)));
  expect(holdsForeignFields(record.type, tape, at)).toBe(refuses(record.type, content));
  const shown = new ReadContent(tape, at);
  expect(shown.name).toBe(nameOf(record.type, content) ?? null);
  expect(shown.spaceOf(record.type)).toBe(nameSpaceOf(record.type, content));
  const result = { content, text: "", bodyHash: "", isPlain: true };
  const entries = [result, { ...result, read: shown }].map((one) => {
    const excerpt = new ExcerptWriter(0);
    excerpt.revision(7, parsed.record, one);
    return readExcerpt(excerpt.end(7) as NonNullable<ReturnType<ExcerptWriter["end"]>>);
  });
  expect(entries[1]).toEqual(entries[0]);
}

test("a package as catalogs hold them is read, from the middle of a larger buffer too", () => {
  const content = {
    name: "tides",
    notes: 'High "water"\nand low, 海',
    private: false,
    spatial: { coordinates: [[1.5, -2], []] },
    resources: { [uuid(30)]: { position: "a0", size: 12 } },
  };
  const bytes = creation(content, "package");
  const read = reader.read(Buffer.from(`xx${bytes}yy`).subarray(2, -2)) as PlainCreation;
  compare(read, bytes);
});

describe("whatever is read means what the parser says", () => {
  test("of any content", () => {
    let count = 0;
    fc.assert(
      fc.property(fc.oneof(packageLike, anyContent), type, (content, type) => {
        const bytes = creation(content, type);
        const read = reader.read(bytes);
        if (read === undefined) return;
        count += 1;
        compare(read, bytes);
      }),
      { numRuns: 500 },
    );
    expect(count).toBeGreaterThan(50);
  });

  test("of bytes that were changed anywhere", () => {
    const byte = fc.oneof(fc.constantFrom(...Buffer.from('"\\{}[],:0-9eE.@ \n')), fc.nat(255));
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(2), byte);
    fc.assert(
      fc.property(packageLike, fc.array(change, { minLength: 1 }), (content, changes) => {
        const bytes = [...creation(content, "package")];
        for (const [place, removed, inserted] of changes) {
          bytes.splice(Math.floor(place * bytes.length), removed, inserted);
        }
        const changed = Buffer.from(bytes);
        const read = reader.read(changed);
        if (read !== undefined) compare(read, changed);
      }),
      { numRuns: 1000 },
    );
  });

  const faults: [string, (text: string) => string][] = [
    ["a key twice", (text) => text.replace('"title":', '"name":')],
    ["keys out of order", (text) => text.replace('"name":', '"zame":')],
    ["a version in quotes", (text) => text.replace('"v":1', '"v":"1"')],
    ["parents in quotes", (text) => text.replace('"parents":[]', '"parents":"[]"')],
    ["a parent", (text) => text.replace('"parents":[]', `"parents":["${uuid(10)}"]`)],
    ["pins", (text) => text.replace(',"schema"', ',"pins":[],"schema"')],
    ["two writes", (text) => text.replace("}],", '},{"op":"add","path":"","value":{"a":1}}],')],
    ["a write at a path", (text) => text.replace('"path":""', '"path":"/a"')],
    ["another operation", (text) => text.replace('"op":"add"', '"op":"put"')],
    ["a flag", (text) => text.replace('{"name"', '{"@deleted":true,"name"')],
    ["an empty map", (text) => text.replace('"tides"', "{}")],
    ["white space", (text) => text.replace(":", ": ")],
    ["an escape that is none", (text) => text.replace("tides", "ti\\/des")],
    ["a number in another form", (text) => text.replace('"seq":', '"seq":0')],
    ["a count of zero", (text) => text.replace(/"schema":\d+/, '"schema":0')],
    ["a number that is too large", (text) => text.replace('"tides"', "9007199254740993")],
    ["a forbidden key", (text) => text.replace('"title"', '"prototype"')],
    ["half of a surrogate pair", (text) => text.replace("tides", "\\ud800")],
    ["more after the record", (text) => `${text} `],
    ["less than the record", (text) => text.slice(0, -1)],
  ];

  test.each(faults)("not with %s", (_what, spoil) => {
    const bytes = creation({ name: "tides", title: "Tides" }, "package");
    expect(reader.read(bytes)).toBeDefined();
    const spoiled = spoil(bytes.toString());
    expect(spoiled).not.toBe(bytes.toString());
    expect(reader.read(Buffer.from(spoiled))).toBeUndefined();
  });

  test("not with bytes that are no UTF-8", () => {
    const bytes = creation({ name: "tides" }, "package");
    bytes[bytes.indexOf("tides")] = 0xff;
    expect(reader.read(bytes)).toBeUndefined();
  });
});
