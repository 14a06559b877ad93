// Proves that docs/catalog.md says what the code does: the lists of dropped fields name by name,
// the types, and the worked example.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { fromCkan, KNOWN_TYPES, toCkan } from "../../src/catalog/index.ts";
import {
  RELATIONSHIP_VOLATILE_FIELDS,
  RESOURCE_VOLATILE_FIELDS,
  SECRET_FIELDS,
  VOLATILE_EXTRAS,
  VOLATILE_FIELDS,
} from "../../src/catalog/volatile.ts";
import { lookupIn } from "./helpers.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/catalog.md"), "utf8");

/** The rows of the table whose head begins with these cells, each cell trimmed. */
function table(head: string): string[][] {
  const lines = text.slice(text.indexOf(head)).split("\n").slice(2);
  return lines.slice(0, lines.indexOf("")).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const words = (cell = ""): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? "");

describe("docs/catalog.md", () => {
  test("lists what is dropped exactly as the code has it", () => {
    const { default: other, ...types } = VOLATILE_FIELDS;
    const documented = Object.fromEntries(
      table("| where | fields |").map(([where, fields]) => [where, words(fields)]),
    );
    expect(documented).toEqual({
      ...types,
      "every object and map: secrets": SECRET_FIELDS,
      resource: RESOURCE_VOLATILE_FIELDS,
      relationship: RELATIONSHIP_VOLATILE_FIELDS,
      extras: VOLATILE_EXTRAS,
      "other types": other,
    });
  });

  test("lists the types", () => {
    const documented = table("| type | keyed maps |").flatMap(([type]) => words(type));
    expect(documented.sort()).toEqual([...KNOWN_TYPES].sort());
  });

  test("works its example right", () => {
    const [input, stored, printed] = [...text.matchAll(/```json\n([^`]+)```/g)].map(
      ([, json]) => JSON.parse(json ?? "") as JsonObject,
    ) as [JsonObject, JsonObject, JsonObject];
    const { object, embedded } = fromCkan("package", input);
    expect(object.content).toEqual(stored);
    expect(embedded.map(({ content }) => content)).toEqual([
      { name: "harbor", title: "Harbor Board" },
      { name: "depth" },
    ]);
    const lookup = lookupIn(embedded);
    expect(toCkan("package", object.id, object.content, lookup)).toEqual(printed);
  });
});
