// Proves that the slow evaluation of scopes, by which the simulator checks the program's, says what a
// scope is to carry; and where a name may stand for several objects, that it does not pretend to know.
import { expect, test } from "vitest";
import type { ObjectId, RevisionId } from "../../src/base/ids.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import { membersOf } from "../../src/scenario/checkers/scope-members.ts";
import type { LoggedEntry } from "../../src/scenario/checkers/world-state.ts";
import type { ObjectRow } from "../../src/store/rows.ts";
import { uuidFor } from "../sync/world.ts";

const id = (name: string): ObjectId => uuidFor(name) as ObjectId;

/** An object by its type and name, with fields. */
function shown(ref: string, fields: JsonObject = {}): ObjectRow {
  const [type = "", name = ""] = ref.split("/");
  const at = { heads: [], revision: "" as RevisionId, bodyHash: "", lsn: 1 };
  const names = { name, effectiveName: name, canonical: id(ref) };
  const text = JSON.stringify({ name, ...fields });
  return { id: id(ref), type, ...names, deleted: false, parked: false, ...at, text };
}

const objects: readonly ObjectRow[] = [
  shown("organization/harbor"),
  shown("organization/rail"),
  shown("vocabulary/wet"),
  shown("tag/water", { vocabulary_id: id("vocabulary/wet") }),
  shown("tag/road"),
  shown("user/ann"),
  shown("package/quay", {
    owner_org: id("organization/harbor"),
    tags: { [id("tag/water")]: true },
  }),
  shown("package/lane", { owner_org: id("organization/rail"), tags: { [id("tag/road")]: true } }),
  shown("package/plan", { owner_org: id("organization/harbor"), private: true }),
  shown("package/idea", { owner_org: id("organization/harbor"), state: "draft" }),
  shown("role/r", { object: id("package/quay"), user: id("user/ann"), table: "package" }),
];

/** The log of which only names are looked at. */
function logOf(named: readonly (readonly [ref: string, name: string])[]): readonly LoggedEntry[] {
  return named.map(([ref, name]) => {
    const patch = [{ op: "add", path: "/name", value: name }];
    return { object: id(ref), patch } as unknown as LoggedEntry;
  });
}

const log = logOf(objects.map(({ id: _, type, name }) => [`${type}/${name}`, String(name)]));

function inside(scope: Json, which: "sure" | "possible" = "sure", more = log): string[] {
  const found = membersOf({ objects, log: more }, JSON.stringify(scope))[which];
  return objects.filter((one) => found.has(one.id)).map(({ type, name }) => `${type}/${name}`);
}

test("what refers to a named object, and what that refers to", () => {
  const quay = ["organization/harbor", "vocabulary/wet", "tag/water", "package/quay"];
  expect(inside({ organizations: ["harbor"] })).toEqual(quay);
  expect(inside({ organizations: [id("organization/harbor")] })).toEqual(quay);
  expect(inside({ organizations: ["harbor"], tags: ["road"] })).toEqual([]);
  expect(inside({ organizations: ["harbor", "rail"], tags: ["road"] })).toContain("package/lane");
  expect(inside({ types: ["tag"] })).toEqual(["vocabulary/wet", "tag/water", "tag/road"]);
});

test("private and draft packages and roles only where they are asked for", () => {
  const hidden = ["package/plan", "package/idea", "role/r"];
  expect(inside({}).filter((one) => hidden.includes(one))).toEqual([]);
  expect(inside({})).toHaveLength(objects.length - 3);
  expect(inside({ private: true, roles: true })).toHaveLength(objects.length);
  expect(inside({ tags: ["water"], roles: true })).toContain("role/r");
  expect(inside({ tags: ["water"], roles: true })).toContain("user/ann");
  expect(inside({ tags: ["road"], roles: true })).not.toContain("role/r");
});

test("a name that two had may stand for either", () => {
  const renamed = [...log, ...logOf([["organization/rail", "harbor"]])];
  expect(inside({ organizations: ["harbor"] }, "sure", renamed)).toEqual([]);
  const possible = inside({ organizations: ["harbor"] }, "possible", renamed);
  expect(possible).toEqual(expect.arrayContaining(["package/quay", "package/lane"]));
});
