// Proves that what a target says of how much it holds is believed only as far as it holds it.
import { expect, test } from "vitest";
import type { ObjectId, RevisionId } from "../../src/base/ids.ts";
import { Claims } from "../../src/scenario/checkers/claims.ts";

const object = "object" as ObjectId;
const entries = ["r1", "r2", "r3"].map((id) => ({ id: id as RevisionId, object }));
const log = { length: entries.length, entryAt: (lsn: number) => entries[lsn - 1] };
const claims = (held: readonly string[]): Claims => new Claims(log, (one) => held.includes(one.id));

test("claims that are true pass", () => {
  const some = claims(["r1", "r2"]);
  expect([some.check("a cursor", 1), some.check("an ACK", 2)]).toEqual([undefined, undefined]);
});

test("claims ahead of what is held are found", () => {
  expect(claims(["r1", "r3"]).check("a cursor", 3)).toMatch(/entry 2, r2, is not held/);
});

test("claims ahead of the source's log are found", () => {
  expect(claims(["r1", "r2", "r3"]).check("a cursor", 4)).toMatch(/has 3/);
});
