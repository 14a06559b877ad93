// Proves on thousands of real packages that nothing but the documented volatile fields is lost on
// the way through the stored form, and that importing a dump again changes nothing. Skipped, saying
// so, where the corpora are absent.
import { describe, expect, test } from "vitest";
import { canonicalize, compareCodeUnits } from "../../src/base/canonical.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import {
  detectType,
  fromCkan,
  isDeleted,
  replaceContent,
  toCkan,
  validateContent,
  validateWritten,
} from "../../src/catalog/index.ts";
import {
  RESOURCE_VOLATILE_FIELDS,
  VOLATILE_EXTRAS,
  VOLATILE_FIELDS,
} from "../../src/catalog/volatile.ts";
import { corpusMissing, readCorpus, readResponse } from "./corpus.ts";
import { lookupIn } from "./helpers.ts";

if (corpusMissing !== undefined) console.log(`corpus.test.ts: ${corpusMissing}`);

describe.skipIf(corpusMissing !== undefined)("packages of a real portal", () => {
  test.each([
    ["tokyo-2022-09-05", 4643],
    ["philly-latest", 468],
  ])(
    "%s comes back whole",
    (name, packages) => {
      let count = 0;
      for (const input of readCorpus(name)) {
        count += 1;
        expect(detectType(input)).toBe("package");
        const { object, embedded } = fromCkan("package", input);
        validateContent("package", object.content);
        validateWritten("package", object.content, "person");
        for (const { type, content } of embedded) validateContent(type, content);
        const printed = toCkan("package", object.id, object.content, lookupIn(embedded));
        const expected = canonicalize(expectedForm(input));
        if (canonicalize(printed) !== expected) expect(printed).toEqual(expectedForm(input));
        const again = fromCkan("package", input).object.content;
        const replaced = replaceContent("package", object.content, again);
        if (canonicalize(replaced) !== canonicalize(object.content)) {
          expect(replaced).toEqual(object.content);
        }
      }
      expect(count).toBe(packages);
    },
    120_000,
  );
});

describe.skipIf(corpusMissing !== undefined)("ten years of a real portal's edits", () => {
  test("each replaced document is the one that was asked for", () => {
    const contents = new Map<string, JsonObject>();
    let refused = 0;
    for (const event of readCorpus("philly-history")) {
      const id = event.id as string;
      if (event.op === "delete") {
        contents.set(id, { ...contents.get(id), "@deleted": true });
        continue;
      }
      const input = event.package as JsonObject;
      if (hasResourceTwice(input)) {
        refused += 1;
        expect(() => fromCkan("package", input)).toThrow(/stands twice/);
        continue;
      }
      const { object, embedded } = fromCkan("package", input);
      const content = replaceContent("package", contents.get(id), object.content);
      validateContent("package", content);
      contents.set(id, content);
      const lookup = lookupIn(embedded);
      const shown = canonicalize(toCkan("package", id, content, lookup));
      const asked = canonicalize(toCkan("package", id, object.content, lookup));
      if (shown !== asked) expect(JSON.parse(shown)).toEqual(JSON.parse(asked));
    }
    const live = [...contents.values()].filter((content) => !isDeleted(content));
    expect({ live: live.length, refused }).toEqual({ live: 468, refused: 2 });
  }, 60_000);
});

describe.skipIf(corpusMissing !== undefined)("responses of a real portal", () => {
  test.each([
    ["package_show.json", "package"],
    ["stable/package_show.inner.civil-service-people-survey-2011.json", "package"],
    ["stable/package_show-2.9.default_schema.inner.test.json", "package"],
    ["organization_show.json", "organization"],
    ["stable/organization_show.inner.cabinet-office.json", "organization"],
    ["stable/organization_show_with_datasets.inner.test.json", "organization"],
  ])("%s converts, and stays the same from then on", (name, type) => {
    const input = readResponse(name);
    expect(detectType(input)).toBe(type);
    const { object, embedded } = fromCkan(type, input);
    validateContent(type, object.content);
    const lookup = lookupIn(embedded);
    const printed = toCkan(type, object.id, object.content, lookup);
    const again = fromCkan(type, printed);
    const known = lookupIn([...embedded, ...again.embedded]);
    expect(toCkan(type, again.object.id, again.object.content, known)).toEqual(printed);
    const kept = Object.keys(input).filter((key) => !VOLATILE_FIELDS[type]?.includes(key));
    expect(Object.keys(printed)).toEqual(expect.arrayContaining(kept));
  });
});

function hasResourceTwice(input: JsonObject): boolean {
  const ids = listOf(input.resources).map(({ id }) => id);
  return new Set(ids).size < ids.length;
}

/** What should come back: the input without volatile fields, its sets in order and short form. */
function expectedForm(input: JsonObject): JsonObject {
  const { tags, groups, extras, resources } = input;
  const extrasKept = listOf(extras).filter(({ key }) => !VOLATILE_EXTRAS.includes(String(key)));
  return {
    ...without(input, VOLATILE_FIELDS.package ?? []),
    tags: byName(listOf(tags).map((tag) => without(tag, VOLATILE_FIELDS.tag ?? []))),
    groups: byName(listOf(groups).map(({ id, name }) => ({ id: id ?? null, name: name ?? null }))),
    extras: [...extrasKept].sort((a, b) => compareCodeUnits(String(a.key), String(b.key))),
    resources: listOf(resources).map((one) => without(one, RESOURCE_VOLATILE_FIELDS)),
  };
}

function listOf(value: Json | undefined): JsonObject[] {
  return (value ?? []) as unknown as JsonObject[];
}

/** Sorted by name, each once. */
function byName(list: JsonObject[]): JsonObject[] {
  const unique = new Map(list.map((one) => [String(one.name), one]));
  return [...unique.values()].sort((a, b) => compareCodeUnits(String(a.name), String(b.name)));
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)));
}
