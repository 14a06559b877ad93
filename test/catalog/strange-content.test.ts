// Proves that content which no schema here would write, such as that of a newer version or of
// another site's habits, is shown, searched, replaced and edited without a fault.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import {
  KNOWN_TYPES,
  mergeCkan,
  nameOf,
  patchContent,
  references,
  replaceContent,
  searchFields,
  toCkan,
  visibleDocument,
} from "../../src/catalog/index.ts";
import { packageForm } from "./arbitraries.ts";

const ID = "0a0a0a0a-0000-4000-8000-00000000000a";
const FIELDS = [
  ...["name", "title", "state", "private", "owner_org", "tags", "groups", "extras", "resources"],
  ...["relationships_as_subject", "relationships_as_object", "vocabulary_id", "group", "table"],
  ...["object", "notes", "fullname", "capacity", "type", "id"],
];
const key = fc.constantFrom(ID, "x", "position", "name", "subject", "url", "toString", "@deleted");
const leaf: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  ...["", "x", "active", "a0", "a0V", ID, 0, 1.5, null, true, false, []],
  ...[["a"], [{}], [{ id: "x" }]],
);
const map: fc.Arbitrary<Json> = fc.letrec<{ map: JsonObject; member: Json }>((tie) => ({
  member: fc.oneof({ maxDepth: 3 }, leaf, tie("map")),
  map: fc
    .dictionary(key, tie("member"), { minKeys: 1, maxKeys: 4, noNullPrototype: true })
    .map((members) => ("@deleted" in members ? { ...members, "@deleted": true } : members)),
})).map;
const content: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...FIELDS), fc.oneof(leaf, map), {
      minKeys: 1,
      maxKeys: 6,
      noNullPrototype: true,
    }),
    fc.boolean(),
  )
  .map(([fields, deleted]) => (deleted ? { ...fields, "@deleted": true } : fields));

/** What stands in for every object that is referred to. */
const anything = (found: JsonObject | undefined) => ({ content: () => found });

describe("strange content", () => {
  test.each(KNOWN_TYPES)("of a %s is shown and searched", (type) => {
    fc.assert(
      fc.property(content, fc.option(content, { nil: undefined }), (one, found) => {
        const lookup = anything(found);
        const form = toCkan(type, ID, one, lookup);
        expect(form.id).toBe(ID);
        expect(canonicalize(toCkan(type, ID, JSON.parse(canonicalize(one)), lookup))).toBe(
          canonicalize(form),
        );
        for (const { id } of references(type, one)) expect(typeof id).toBe("string");
        expect(typeof searchFields(type, one, lookup).title).toBe("string");
        nameOf(type, one);
      }),
      { numRuns: 500 },
    );
  });

  test("is replaced and edited like any other", () => {
    fc.assert(
      fc.property(content, packageForm, (current, form) => {
        const { content: set } = mergeCkan("package", ID as ObjectId, current, { title: "T" });
        expect(set).toEqual({ ...current, title: "T" });
        const document = visibleDocument(current);
        if (document !== undefined) {
          expect(patchContent("package", current, document)).toEqual(current);
        }
        const { content: other } = mergeCkan("package", ID as ObjectId, current, form);
        const replaced = replaceContent("package", current, other);
        expect(toCkan("package", ID, replaced, anything({ name: "x" })).id).toBe(ID);
      }),
      { numRuns: 1000 },
    );
  });
});
