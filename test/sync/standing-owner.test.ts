// Proves which owner a mapping gives a package, from its history alone, and the rules behind it.
import { describe, expect, test } from "vitest";
import type { ObjectId, RevisionId } from "../../src/base/ids.ts";
import type { LinkOrganizations } from "../../src/store/rows.ts";
import { doorOf, targetOf } from "../../src/sync/organizations/rules.ts";
import { type OwnerEdit, ownerToMap } from "../../src/sync/organizations/standing-owner.ts";
import { uuidFor } from "./world.ts";

const [board, rail, port, other] = ["board", "rail", "port", "other"].map(
  (name) => uuidFor(name) as ObjectId,
) as [ObjectId, ObjectId, ObjectId, ObjectId];
const rules: LinkOrganizations = {
  map: [
    { theirs: "board", id: board, ours: port },
    { theirs: "rail", id: rail, ours: other },
  ],
  unmapped: "create",
  mappedTo: 0,
};

/** An edit named by a letter, after others. */
function edit(
  id: string,
  parents: string,
  by: OwnerEdit["by"],
  owner?: OwnerEdit["owner"],
): OwnerEdit {
  const hlc = id.charCodeAt(0);
  return { id: id as RevisionId, parents: parents.split("") as RevisionId[], hlc, owner, by };
}

const mapped = (standing: OwnerEdit["owner"], ...history: OwnerEdit[]) =>
  ownerToMap(history, standing, (owner) => targetOf(rules, owner));

describe("a package that came over the link", () => {
  const created = edit("a", "", "link", board);
  const mapping = edit("c", "a", "mapping", port);

  test("gets the organization here, and keeps it", () => {
    expect(mapped(board, created)).toBe(port);
    expect(mapped(board, created, edit("b", "a", "link"))).toBe(port);
    expect(mapped(port, created, mapping)).toBeUndefined();
    expect(mapped(port, created, mapping, edit("d", "a", "link"))).toBeUndefined();
  });

  test("follows a later organization of the peer's, also one with an earlier time", () => {
    expect(mapped(rail, created, mapping, edit("d", "a", "link", rail))).toBe(other);
    expect(mapped(port, created, mapping, edit("b", "a", "link", rail))).toBe(other);
    const again = edit("e", "cd", "mapping", other);
    expect(mapped(other, created, mapping, edit("d", "a", "link", rail), again)).toBeUndefined();
  });

  test("stays as somebody here decided", () => {
    expect(mapped(board, created, mapping, edit("d", "c", "other", board))).toBeUndefined();
    expect(mapped(null, created, edit("b", "a", "other", null))).toBeUndefined();
  });

  test("goes by who won where somebody here edited at the same time", () => {
    const here = edit("b", "a", "other", port);
    const there = edit("c", "a", "link", rail);
    expect(mapped(rail, created, here, there)).toBe(other);
    expect(mapped(port, created, here, there)).toBeUndefined();
  });

  test("of the newest of the peer's edits that compete", () => {
    const two = [edit("b", "a", "link", rail), edit("c", "a", "link", board)];
    expect(mapped(board, created, ...two)).toBe(port);
    expect(mapped(board, created, ...[...two].reverse())).toBe(port);
  });

  test("without an organization, or with one of another peer's, is left alone", () => {
    expect(mapped(undefined, edit("a", "", "link"))).toBeUndefined();
    expect(mapped(null, edit("a", "", "link", null))).toBeUndefined();
    expect(mapped(board, edit("a", "", "other", board))).toBeUndefined();
    expect(mapped(null, created, mapping, edit("d", "a", "link", null))).toBeUndefined();
  });
});

describe("the rules", () => {
  test("send others to a default, but for the organizations here", () => {
    const whole: LinkOrganizations = { ...rules, unmapped: `default:${other}` };
    const stranger = uuidFor("stranger");
    expect(targetOf(whole, stranger)).toBe(other);
    expect(targetOf(whole, board)).toBe(port);
    for (const owner of [port, other, rail]) {
      expect(targetOf(whole, owner)).toBe(owner === rail ? other : undefined);
    }
    for (const owner of [null, undefined, "", "board", 7]) {
      expect(targetOf(whole, owner)).toBeUndefined();
    }
    expect(targetOf(rules, stranger)).toBeUndefined();
  });

  test("let in at the door what is mapped, by name until the id is known, and what is here", () => {
    expect(doorOf(rules)).toBeUndefined();
    const [, pair] = rules.map;
    const map = [{ theirs: "board", id: null, ours: port }, ...(pair ? [pair] : [])];
    const door = doorOf({ ...rules, map, unmapped: "refuse" });
    expect([...(door ?? [])].sort()).toEqual(["board", rail, port, other].sort());
  });

  test("may map an organization to itself, where both sides have it", () => {
    const same = { ...rules, map: [{ theirs: board, id: board, ours: board }] };
    expect(targetOf(same, board)).toBeUndefined();
    expect(doorOf({ ...same, unmapped: "refuse" })?.has(board)).toBe(true);
  });
});
