// Proves that the quick answer about content and the schema's own verdict are always the same.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Json } from "../../src/base/json.ts";
import { acceptanceOf } from "../../src/catalog/acceptance.ts";
import { TYPES } from "../../src/catalog/types.ts";

const leaf = fc.oneof(
  fc.constantFrom<Json>("", "x", "active", "deleted", "draft", "a0", "V", true, false, null, 0),
  fc.string({ maxLength: 3 }),
);
const list = fc.array(leaf, { maxLength: 2 });
const key = fc.constantFrom("position", "name", "a", "b/c", "toString");
const map = fc.dictionary(key, leaf, { maxKeys: 3 });
const maps = fc.dictionary(key, fc.oneof(map, leaf), { maxKeys: 3 });
const value = fc.oneof(leaf, list, map, maps) as fc.Arbitrary<Json>;
const members = fc.oneof(
  value,
  fc.dictionary(key, fc.constant(true)),
  fc.dictionary(key, map),
) as fc.Arbitrary<Json>;

/** Fields as the type has them, and others, with values that fit and values that do not. */
function contentOf(schema: z.ZodObject): fc.Arbitrary<Json> {
  const fields = Object.keys(schema.shape);
  return fc.dictionary(fc.constantFrom(...fields, "title", "valueOf"), members, { maxKeys: 5 });
}

describe("acceptance", () => {
  test.each([...TYPES.values()])("agrees with the schema of a $name", ({ schema }) => {
    const accepts = acceptanceOf(schema);
    const verdicts = new Set<boolean>();
    const content = contentOf(schema as z.ZodObject);
    fc.assert(
      fc.property(content, (one) => {
        const { success } = schema.safeParse(one);
        verdicts.add(success);
        expect(accepts(one)).toBe(success);
      }),
      { numRuns: 2000 },
    );
    expect([...verdicts].sort()).toEqual([false, true]);
    fc.assert(
      fc.property(value, (one) => {
        expect(accepts(one)).toBe(schema.safeParse(one).success);
      }),
    );
  });

  test("leaves what it does not know to the schema", () => {
    for (const schema of [
      z.looseObject({ a: z.string().max(1) }),
      z.looseObject({ a: z.string().regex(/a/) }),
      z.object({ a: z.string() }),
      z.strictObject({ a: z.string() }),
      z.record(z.string().min(1), z.unknown()),
      z.looseObject({ a: z.string() }).refine(() => true),
      z.tuple([z.string()]),
      z.string().transform((text) => text),
    ]) {
      expect(acceptanceOf(schema)(["a"] as never)).toBe(false);
      expect(acceptanceOf(schema)({ a: "a" })).toBe(false);
      expect(acceptanceOf(schema)("a")).toBe(false);
    }
  });
});
