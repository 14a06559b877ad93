// Proves how roles and ratings are read from CKAN's forms and printed again: one for each holder and
// object, or user and package, the same wherever it is made.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namedId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import {
  averageRating,
  detectType,
  fromCkan,
  grantedRole,
  mergeCkan,
  references,
  toCkan,
  validateContent,
} from "../../src/catalog/index.ts";
import { EMPTY, expectRefusal } from "./helpers.ts";

const A = "0a0a0a0a-0000-4000-8000-00000000000a";
const B = "0b0b0b0b-0000-4000-8000-00000000000b";
const ROW = "0c0c0c0c-0000-4000-8000-00000000000c";

const read = (type: string, input: JsonObject) => fromCkan(type, input).object;

/** What is read, printed and read again. */
function thereAndBack(type: string, input: JsonObject) {
  const first = read(type, input);
  const printed = toCkan(type, first.id, first.content, EMPTY);
  return { first, printed, again: read(type, printed) };
}

describe("a role", () => {
  test("of a user on a package has the form of CKAN's collaborators", () => {
    const input = { package_id: A, user_id: B, capacity: "member", modified: "2026-01-02" };
    const { first, printed, again } = thereAndBack("role", input);
    expect(first.content).toEqual({ table: "package", object: A, user: B, role: "reader" });
    expect(first.id).toBe(namedId("role", "package", A, "user", B));
    expect(printed).toEqual({
      ...{ id: first.id, type: "role", state: "active" },
      ...{ package_id: A, user_id: B, capacity: "member" },
    });
    expect(again).toEqual(first);
  });

  test("of a group, or on something else, has the stored form", () => {
    const input = { table: "organization", object: A, group: "harbor-staff", role: "admin" };
    const { first, printed, again } = thereAndBack("role", input);
    const group = namedId("group", "harbor-staff");
    expect(first.content).toEqual({ ...input, group });
    expect(printed).toEqual({
      ...first.content,
      ...{ id: first.id, type: "role", state: "active" },
    });
    expect(again).toEqual(first);
  });

  test("refers to its holder and its object", () => {
    expect(
      references("role", { table: "organization", object: A, user: B, role: "admin" }),
    ).toEqual([
      { id: B, type: "user" },
      { id: A, type: "organization" },
    ]);
    expect(references("role", { group: B, role: "admin" })).toEqual([{ id: B, type: "group" }]);
  });

  test("says on what, whose it is, and which", () => {
    const whole = { table: "package", object: A, user: B, role: "editor" };
    for (const without of ["table", "object", "user", "role"]) {
      const { [without]: _, ...rest } = whole as JsonObject;
      expectRefusal(() => read("role", rest), "INVALID_OBJECT", "");
    }
    expectRefusal(() => read("role", { ...whole, group: A }), "INVALID_OBJECT", "");
  });

  test("is edited in either form", () => {
    const { id, content } = read("role", { package_id: A, user_id: B, capacity: "member" });
    const edited = { ...content, role: "editor" };
    expect(mergeCkan("role", id, content, { capacity: "editor" }).content).toEqual(edited);
    expect(mergeCkan("role", id, content, { role: "editor" }).content).toEqual(edited);
  });
});

describe("a rating", () => {
  test("has the columns of CKAN's table, without what is personal or of one site", () => {
    const input = {
      ...{ id: ROW, user_id: A, package_id: B, rating: 4.5 },
      ...{ created: "2012-01-02", user_ip_address: "192.0.2.1" },
    };
    const { first, printed, again } = thereAndBack("rating", input);
    expect(first.content).toEqual({ user: A, package: B, rating: 4.5 });
    expect(first.id).toBe(namedId("rating", A, B));
    expect(printed).toEqual({
      ...{ id: first.id, type: "rating", state: "active" },
      ...{ user_id: A, package_id: B, rating: 4.5 },
    });
    expect(again).toEqual(first);
  });

  test("refers to its user and package", () => {
    expect(references("rating", { user: A, package: B, rating: 1 })).toEqual([
      { id: A, type: "user" },
      { id: B, type: "package" },
    ]);
  });

  test("is somebody's, of something", () => {
    const whole = { user: A, package: B, rating: 3 };
    for (const without of ["user", "package", "rating"]) {
      const { [without]: _, ...rest } = whole as JsonObject;
      expectRefusal(() => read("rating", { id: ROW, ...rest }), "INVALID_OBJECT", "");
    }
  });
});

test("lines of a dump are told apart", () => {
  expect(detectType({ package_id: A, user_id: B, capacity: "editor" })).toBe("role");
  expect(detectType({ id: ROW, package_id: A, user_id: B, rating: 3 })).toBe("rating");
  expect(detectType({ type: "role", table: "group", object: A, user: B })).toBe("role");
  expect(detectType({ table_name: "user", table_id: A, group_id: B })).toBe("membership");
});

const id = fc.constantFrom(A, B, ROW, "ida", "harbor");
const site = fc.dictionary(fc.constantFrom("note", "until"), fc.string({ maxLength: 3 }));
const role = fc.record({
  table: fc.constantFrom("package", "group", "organization"),
  object: id,
  role: fc.constantFrom("reader", "editor", "admin", "member", "anon_editor"),
  state: fc.constantFrom("active", "deleted", "pending"),
});
const forms: readonly [string, fc.Arbitrary<JsonObject>][] = [
  [
    "role",
    fc
      .tuple(role, fc.constantFrom("user", "user_id", "group"), id, site)
      .map(([one, field, holder, more]) => ({ ...more, ...one, [field]: holder }) as JsonObject),
  ],
  [
    "rating",
    fc
      .tuple(
        fc.record({ user: id, package_id: id, rating: fc.double({ min: 1, max: 5, noNaN: true }) }),
        site,
      )
      .map(([one, more]) => ({ ...more, ...one }) as JsonObject),
  ],
];

describe.each(forms)("any %s", (type, form) => {
  test("is valid as it is read, and reads the same when printed", () => {
    fc.assert(
      fc.property(form, (input) => {
        const { first, printed, again } = thereAndBack(type, input);
        validateContent(type, first.content);
        expect(detectType(printed)).toBe(type);
        expect(again).toEqual(first);
      }),
    );
  });

  test("is the same object whatever row it comes from", () => {
    fc.assert(
      fc.property(form, (input) => {
        expect(read(type, { ...input, id: ROW })).toEqual(read(type, input));
      }),
    );
  });
});

describe("what a user may do", () => {
  const may = (...grants: Parameters<typeof grantedRole>[2]) =>
    grantedRole("ida", new Set(["crew"]), grants, "editor");

  test("is the default where nobody was given a role", () => {
    expect(may()).toEqual({ role: "editor", because: "default", grant: null });
  });

  test("is the highest of what they and their groups were given", () => {
    const reader = { id: "1", role: "reader", user: "ida" };
    const admin = { id: "2", role: "admin", group: "crew" };
    expect(may(reader)).toEqual({ role: "reader", because: "grant", grant: "1" });
    expect(may(reader, admin)).toEqual({ role: "admin", because: "grant", grant: "2" });
    expect(may(admin, reader)).toEqual({ role: "admin", because: "grant", grant: "2" });
  });

  test("is to read where only others were given a role", () => {
    const others = [
      { id: "1", role: "admin", user: "bo" },
      { id: "2", role: "admin", group: "office" },
      { id: "3", role: "admin" },
    ];
    expect(may(...others)).toEqual({ role: "reader", because: "others", grant: null });
  });

  test("is to read by a role that is not known", () => {
    const given = { id: "1", role: "sysadmin", user: "ida" };
    expect(may(given)).toEqual({ role: "reader", because: "grant", grant: "1" });
    expect(may({ ...given, role: 7 }).role).toBe("reader");
  });
});

test("the average of ratings leaves out what is not on the scale", () => {
  expect(averageRating([])).toEqual({ average: null, count: 0 });
  expect(averageRating([4, 5, "5", 0, 9, null])).toEqual({ average: 4.5, count: 2 });
});
