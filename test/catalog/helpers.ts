/** What the tests of the catalog share: fixtures, a lookup, and how to state an expected refusal. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/base/error-codes.ts";
import { SynclineError } from "../../src/base/errors.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { ReferenceLookup, StoredObject } from "../../src/catalog/index.ts";
import { fromCkan, toCkan } from "../../src/catalog/index.ts";

/** The objects of a fixture, one per line. Lines end at "\n" alone: notes hold U+2028. */
export function readFixture(name: string): JsonObject[] {
  const path = join(import.meta.dirname, "../fixtures/catalog", name);
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonObject);
}

/** A lookup in the given objects; of several with one id the first counts. */
export function lookupIn(objects: Iterable<StoredObject>): ReferenceLookup {
  const contents = new Map<string, JsonObject>();
  for (const { id, content } of objects) if (!contents.has(id)) contents.set(id, content);
  return { content: (id) => contents.get(id) };
}

export const EMPTY: ReferenceLookup = { content: () => undefined };

/** CKAN's form of an object that was just read, with what it embeds at hand. */
export function thereAndBack(type: string, input: JsonObject): JsonObject {
  const { object, embedded } = fromCkan(type, input);
  return toCkan(type, object.id, object.content, lookupIn(embedded));
}

/** Expects `act` to throw this code at this pointer, with a hint. */
export function expectRefusal(act: () => unknown, code: ErrorCode, where: string): void {
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SynclineError);
  const error = thrown as SynclineError;
  expect({ code: error.code, where: error.where }).toEqual({ code, where });
  expect(error.hint).toMatch(/\w/);
}
