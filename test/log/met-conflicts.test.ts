// Proves what is remembered of the conflicts that joining revisions met: each is found out once for a
// policy, nothing stays of an object that is gone, and the memory has an end.
import { expect, test } from "vitest";
import type { ObjectId, RevisionId } from "../../src/base/ids.ts";
import { MET_CONFLICTS_MAX } from "../../src/base/limits.ts";
import { MetConflicts } from "../../src/log/met-conflicts.ts";
import type { Conflict } from "../../src/merge/conflict.ts";

const at = (object: string, id: string) => ({ object: object as ObjectId, id: id as RevisionId });

function counting(conflicts: number): { readonly times: () => number; find(): Conflict[] } {
  let times = 0;
  return {
    times: () => times,
    find() {
      times += 1;
      return Array.from({ length: conflicts }, () => ({}) as Conflict);
    },
  };
}

test("what a revision met is found out once, until the policy is another", () => {
  const [met, found] = [new MetConflicts(), counting(1)];
  for (const policy of ["p", "p", "q", "p"]) {
    expect(met.of(at("o", "r"), policy, found.find)).toHaveLength(1);
  }
  expect(found.times()).toBe(3);
});

test("of an object that is gone nothing is remembered, of others it is", () => {
  const [met, found] = [new MetConflicts(), counting(1)];
  for (const object of ["gone", "there"]) met.of(at(object, "r"), "p", found.find);
  met.forget("gone" as ObjectId);
  for (const object of ["gone", "there"]) met.of(at(object, "r"), "p", found.find);
  expect(found.times()).toBe(3);
});

test("the memory has an end, and begins anew there", () => {
  const [met, many] = [new MetConflicts(), counting(MET_CONFLICTS_MAX)];
  met.of(at("o", "many"), "p", many.find);
  met.of(at("o", "one"), "p", counting(1).find);
  met.of(at("o", "many"), "p", many.find);
  expect(many.times()).toBe(2);
});
