// Proves the laws of conversion on random packages: printing and reading again change nothing, the
// order of the input does not matter, and replacing a document gives exactly that document.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import {
  fromCkan,
  mergeCkan,
  replaceContent,
  toCkan,
  validateContent,
  visibleDocument,
} from "../../src/catalog/index.ts";
import { packageForm } from "./arbitraries.ts";
import { lookupIn } from "./helpers.ts";

const read = (form: JsonObject) => {
  const { object, embedded } = fromCkan("package", form);
  return { id: object.id, content: object.content, embedded, lookup: lookupIn(embedded) };
};
const reversed = (list: Json | undefined): Json =>
  Array.isArray(list) ? [...list].reverse() : (list ?? []);

describe("reading and printing", () => {
  test("stored content is valid, and holds no volatile field", () => {
    fc.assert(
      fc.property(packageForm, (form) => {
        const { content, embedded } = read(form);
        validateContent("package", content);
        for (const one of embedded) validateContent(one.type, one.content);
        expect(content).not.toHaveProperty("metadata_modified");
        expect(content).not.toHaveProperty("organization");
      }),
    );
  });

  test("printed, read and printed again is the same text", () => {
    fc.assert(
      fc.property(packageForm, (form) => {
        const first = read(form);
        const printed = toCkan("package", first.id, first.content, first.lookup);
        const again = fromCkan("package", printed).object;
        expect(again.id).toBe(first.id);
        expect(again.content.tags).toEqual(first.content.tags);
        const lookup = lookupIn([...first.embedded, ...fromCkan("package", printed).embedded]);
        expect(canonicalize(toCkan("package", again.id, again.content, lookup))).toBe(
          canonicalize(printed),
        );
      }),
    );
  });

  test("the order of keys, tags, groups and extras does not matter", () => {
    fc.assert(
      fc.property(packageForm, (form) => {
        const { tags, groups, extras } = form;
        const lists = { tags: reversed(tags), groups: reversed(groups), extras: reversed(extras) };
        const other = read(Object.fromEntries(Object.entries({ ...form, ...lists }).reverse()));
        const first = read(form);
        expect(canonicalize(other.content)).toBe(canonicalize(first.content));
        expect(canonicalize(toCkan("package", other.id, other.content, other.lookup))).toBe(
          canonicalize(toCkan("package", first.id, first.content, first.lookup)),
        );
      }),
    );
  });
});

describe("replacing", () => {
  const printed = (content: JsonObject, lookup = lookupIn([])): string =>
    canonicalize(toCkan("package", "x", content, lookup));

  test("a document by itself changes nothing, whatever happened before", () => {
    fc.assert(
      fc.property(packageForm, packageForm, (a, b) => {
        const once = replaceContent("package", read(a).content, read(b).content);
        const document = visibleDocument(once) as JsonObject;
        expect(canonicalize(replaceContent("package", once, document))).toBe(canonicalize(once));
        expect(canonicalize(replaceContent("package", once, read(b).content))).toBe(
          canonicalize(once),
        );
        expect(canonicalize(replaceContent("package", once, once))).toBe(canonicalize(once));
      }),
    );
  });

  test("gives the document that was asked for, and valid content", () => {
    fc.assert(
      fc.property(packageForm, packageForm, (a, b) => {
        const desired = read(b);
        const content = replaceContent("package", read(a).content, desired.content);
        validateContent("package", content);
        const { relationships_as_subject: shown, ...rest } = JSON.parse(
          printed(content, desired.lookup),
        ) as JsonObject;
        const { relationships_as_subject: asked, ...wanted } = JSON.parse(
          printed(desired.content, desired.lookup),
        ) as JsonObject;
        expect(rest).toEqual(wanted);
        expect(shown ?? []).toEqual(asked ?? []);
      }),
    );
  });

  test("loses no leaf of a resource that goes", () => {
    fc.assert(
      fc.property(packageForm, packageForm, (a, b) => {
        const before = (read(a).content.resources ?? {}) as JsonObject;
        const wanted = (read(b).content.resources ?? {}) as JsonObject;
        const after = replaceContent("package", read(a).content, read(b).content)
          .resources as JsonObject;
        for (const [id, resource] of Object.entries(before)) {
          if (Object.hasOwn(wanted, id)) continue;
          expect(after[id]).toEqual({ ...(resource as JsonObject), "@deleted": true });
        }
      }),
    );
  });

  test("giving every field of a form is replacing it, when none is missing", () => {
    fc.assert(
      fc.property(packageForm, packageForm, (a, b) => {
        const current = read(a);
        const form = { ...blank(a), owner_org: null, ...b };
        const { content } = mergeCkan("package", current.id as ObjectId, current.content, form);
        const replaced = replaceContent(
          "package",
          current.content,
          fromCkan("package", form).object.content,
        );
        expect(canonicalize(content)).toBe(canonicalize(replaced));
      }),
    );
  });
});

/** Every field of a form, emptied. */
function blank(form: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(form).map(([key, value]) => [key, Array.isArray(value) ? [] : null]),
  );
}
