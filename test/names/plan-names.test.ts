// Proves each rule on names by an example: who keeps the plain name, what the others get, which
// objects share one, what is recorded, and how often the stored claims are asked.
import { describe, expect, test } from "vitest";
import type { InstanceId, ObjectId, RevisionId } from "../../src/base/ids.ts";
import { conflictId } from "../../src/merge/conflict.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/merge/policy.ts";
import { type Claim, nameKey, nameSpace } from "../../src/names/claim.ts";
import { nameAll, planNames } from "../../src/names/plan-names.ts";
import type { ClaimChange } from "../../src/names/space-claims.ts";
import { ClaimTable } from "./claim-table.ts";
import { wishesOf } from "./oracle.ts";

const id = <Id extends string>(start: string, end = ""): Id =>
  (start + "00000000-0000-4000-8000-000000000000".slice(start.length, 36 - end.length) + end) as Id;
const [here, there] = [id<InstanceId>("1"), id<InstanceId>("2")];

function claim(object: string, name: string, more: Partial<Claim> & { at?: number } = {}): Claim {
  const { at = 1, type = "package", space = nameSpace(type), instance = here, ...rest } = more;
  const revision = id<RevisionId>("0190", object.slice(0, 6));
  return { object: id(object), type, space, name, instance, hlc: at, revision, ...rest };
}

/** The effective names of objects by the first characters of their ids, under a policy. */
function names(claims: readonly Claim[], policy: Policy = DEFAULT_POLICY): Record<string, string> {
  return Object.fromEntries(
    nameAll(policy, claims).map(({ object, effectiveName }) => [
      object.slice(0, 6),
      effectiveName as string,
    ]),
  );
}

const withNames = (rules: Policy["names"]): Policy => ({ ...DEFAULT_POLICY, names: rules });

describe("a name space", () => {
  test.each([
    ["package", undefined, "package"],
    ["group", undefined, "group"],
    ["organization", undefined, "group"],
    ["user", undefined, "user"],
    ["vocabulary", undefined, "vocabulary"],
    ["showcase", undefined, "showcase"],
    ["tag", undefined, "tag"],
    ["tag", "d1", "tag/d1"],
    ["package", "d1", "package"],
  ])("of type %s in vocabulary %s is %s", (type, vocabulary, space) => {
    expect(nameSpace(type, vocabulary)).toBe(space);
  });

  test("keeps equal names of other spaces apart", () => {
    const tag = { type: "tag" };
    const claims = [
      claim("aaaaaa", "water"),
      claim("bbbbbb", "water", tag),
      claim("cccccc", "water", { ...tag, space: nameSpace("tag", "v") }),
    ];
    expect(new Set(Object.values(names(claims)))).toEqual(new Set(["water"]));
  });

  test("an object that moves to another is named there alone", () => {
    const before = claim("aaaaaa", "water", { type: "tag" });
    const after = { ...before, space: nameSpace("tag", "v") };
    const table = new ClaimTable();
    table.apply([{ before: undefined, after: before }]);
    expect(planNames(table, DEFAULT_POLICY, [{ before, after }])).toEqual([
      { object: after.object, effectiveName: "water", canonical: after.object, conflict: null },
    ]);
  });
});

describe("the plain name goes to", () => {
  const [first, second] = [claim("bbbbbb", "a", { at: 1 }), claim("aaaaaa", "a", { at: 2 })];

  test("the earliest edit", () => {
    expect(names([second, first])).toEqual({ bbbbbb: "a", aaaaaa: "a--aaaaaa" });
  });

  test("the smaller revision id of one time, then the smaller object id", () => {
    const claims = [{ ...first, hlc: 2, revision: id<RevisionId>("0189") }, second];
    expect(names(claims)).toEqual({ bbbbbb: "a", aaaaaa: "a--aaaaaa" });
    const equal = claims.map((one) => ({ ...one, revision: second.revision }));
    expect(names(equal)).toEqual({ aaaaaa: "a", bbbbbb: "a--bbbbbb" });
  });

  test("the instance that names are decided by, unlisted ones last", () => {
    const policy: Policy = {
      ...DEFAULT_POLICY,
      types: { package: { "/name": { priority: [there] } } },
    };
    const listed = { ...second, instance: there };
    expect(names([first, listed], policy)).toEqual({ aaaaaa: "a", bbbbbb: "a--bbbbbb" });
    expect(names([first, second], policy)).toEqual({ bbbbbb: "a", aaaaaa: "a--aaaaaa" });
  });

  test("the type with a list, where two types share a space and one has none", () => {
    const policy: Policy = {
      ...DEFAULT_POLICY,
      types: { group: { "/name": { priority: [here] } } },
    };
    const group = claim("aaaaaa", "a", { type: "group", at: 2 });
    const organization = claim("bbbbbb", "a", { type: "organization" });
    expect(names([organization, group], policy)).toEqual({ aaaaaa: "a", bbbbbb: "a--bbbbbb" });
  });

  test("the next one, once its holder is deleted", () => {
    const table = new ClaimTable();
    table.apply([first, second].map((after) => ({ before: undefined, after })));
    const plan = planNames(table, DEFAULT_POLICY, [{ before: first, after: undefined }]);
    expect(plan).toEqual([
      { object: first.object, effectiveName: null, canonical: first.object, conflict: null },
      { object: second.object, effectiveName: "a", canonical: second.object, conflict: null },
    ]);
  });
});

describe("a plain name", () => {
  test("is compared in normal form C and in its own case, and shown as authored", () => {
    expect(nameKey("e\u0301")).toBe("\u00e9");
    const claims = [claim("aaaaaa", "e\u0301"), claim("bbbbbb", "\u00e9", { at: 2 })];
    expect(names(claims)).toEqual({ aaaaaa: "e\u0301", bbbbbb: "\u00e9--bbbbbb" });
    expect(names([claim("aaaaaa", "Water"), claim("bbbbbb", "water")])).toEqual({
      aaaaaa: "Water",
      bbbbbb: "water",
    });
  });

  test("may be longer than derived ones", () => {
    const name = "x".repeat(500);
    expect(names([claim("aaaaaa", name)])).toEqual({ aaaaaa: name });
  });
});

describe("a derived name", () => {
  const winner = claim("aaaaaa", "a");
  const authored = (list: readonly string[]): Claim[] =>
    list.map((name, at) => ({ ...claim("c", name), object: id<ObjectId>("c", `${at + 10}`) }));

  test("takes more digits where another loser has taken fewer", () => {
    const claims = [
      winner,
      claim("bbbbbb1", "a", { at: 2 }),
      claim("bbbbbb2", "a", { at: 3 }),
      claim("bbbbbb22", "a", { at: 4 }),
    ];
    const named = nameAll(DEFAULT_POLICY, claims).map(({ effectiveName }) => effectiveName);
    expect(named).toEqual(["a", "a--bbbbbb", "a--bbbbbb2", "a--bbbbbb22"]);
  });

  test.each([
    ["its first", "a", 0],
    ["its last with digits alone", "a", 26],
    ["one with a number", "a", 27],
    ["its first, of two lines", "a\nb", 0],
    ["its first, cut", "x".repeat(100), 0],
    ["its first, cut, of 192 units of text", "😀".repeat(100), 0],
    ["one with a number, cut", "x".repeat(100), 27],
  ])("gives way to an authored one, and comes back when that goes: %s", (_which, name, at) => {
    const [holder, loser] = [claim("aaaaaa", name), claim("bbbbbb", name, { at: 2 })];
    const wishes = wishesOf(name, loser.object, 40);
    const rival = claim("dddddd", wishes[at] as string, { at: 9 });
    const table = new ClaimTable();
    const start = [holder, loser, ...authored(wishes.slice(0, at))];
    table.apply(start.map((after) => ({ before: undefined, after })));
    const losersName = (change: ClaimChange) =>
      planNames(table, DEFAULT_POLICY, [change]).find(({ object }) => object === loser.object)
        ?.effectiveName;
    expect(losersName({ before: undefined, after: rival })).toBe(wishes[at + 1]);
    table.apply([{ before: undefined, after: rival }]);
    expect(losersName({ before: rival, after: undefined })).toBe(wishes[at]);
  });

  test("ends in a number once all digits are taken", () => {
    const loser = claim("bbbbbb", "a", { at: 2 });
    const hex = loser.object.replaceAll("-", "");
    const whole = wishesOf("a", loser.object, 27);
    expect(whole.at(-1)).toBe(`a--${hex}`);
    expect(names([winner, loser, ...authored(whole)]).bbbbbb).toBe(`a--${hex}-2`);
    expect(names([winner, loser, ...authored([...whole, `a--${hex}-2`])]).bbbbbb).toBe(
      `a--${hex}-3`,
    );
  });

  test.each([
    ["x", "x".repeat(92), "x".repeat(92)],
    ["x", "x".repeat(100), "x".repeat(92)],
    ["😀", "😀".repeat(93), "😀".repeat(92)],
    ["x and 😀", `${"x".repeat(91)}😀x`, `${"x".repeat(91)}😀`],
    ["e\u0301", "e\u0301".repeat(100), "\u00e9".repeat(92)],
  ])("is cut to 100 code points: of %s", (_unit, name, stem) => {
    const claims = [claim("aaaaaa", name), claim("bbbbbb", name, { at: 2 })];
    expect(names(claims).bbbbbb).toBe(`${stem}--bbbbbb`);
  });

  test("of one long name goes to that of another when it becomes free", () => {
    const [one, two] = ["x".repeat(100), "x".repeat(99)];
    const losers = [claim("bbbbbb1", one, { at: 2 }), claim("bbbbbb2", two, { at: 3 })];
    const table = new ClaimTable();
    const all = [claim("aaaaaa", one), claim("cccccc", two), ...losers];
    table.apply(all.map((after) => ({ before: undefined, after })));
    const stem = (count: number): string => "x".repeat(count);
    const taken = nameAll(DEFAULT_POLICY, all).map(({ effectiveName }) => effectiveName);
    expect(taken).toEqual([one, two, `${stem(92)}--bbbbbb`, `${stem(91)}--bbbbbb2`]);
    const plan = planNames(table, DEFAULT_POLICY, [{ before: losers[0], after: undefined }]);
    expect(plan.map(({ effectiveName }) => effectiveName)).toEqual([
      ...[null, one, two],
      `${stem(92)}--bbbbbb`,
    ]);
  });
});

describe("aliases", () => {
  const group = { type: "group" };

  test("share the name of the first in rank, and each other one is a clash", () => {
    const tags = [1, 2, 3].map((at) => claim(`${at}aaaaa`, "water", { type: "tag", at }));
    const [first, second, third] = nameAll(DEFAULT_POLICY, tags.toReversed());
    const canonical = tags[0]?.object;
    expect([first, second, third].map((one) => one?.effectiveName)).toEqual(Array(3).fill("water"));
    expect([first, second, third].map((one) => one?.canonical)).toEqual(Array(3).fill(canonical));
    expect([first, second, third].map((one) => one?.conflict?.rule)).toEqual([
      undefined,
      "alias",
      "alias",
    ]);
  });

  test("claim as one, and lose as one, under the id of their canonical object", () => {
    const claims = [
      claim("aaaaaa", "water", { type: "organization" }),
      claim("bbbbbb", "water", { ...group, at: 2 }),
      claim("cccccc", "water", { type: "organization", at: 3 }),
      claim("dddddd", "water", { ...group, at: 4 }),
    ];
    expect(names(claims)).toEqual({
      aaaaaa: "water",
      bbbbbb: "water--bbbbbb",
      cccccc: "water--cccccc",
      dddddd: "water--bbbbbb",
    });
    const rules = nameAll(DEFAULT_POLICY, claims).map(({ object, conflict }) => [
      object.slice(0, 6),
      conflict?.rule,
      conflict?.chosen.revision?.slice(-6),
    ]);
    expect(rules.toSorted()).toEqual([
      ["aaaaaa", undefined, undefined],
      ["bbbbbb", "suffix", "aaaaaa"],
      ["cccccc", "suffix", "aaaaaa"],
      ["dddddd", "alias", "bbbbbb"],
    ]);
  });

  test.each([
    ["package", "alias", "a"],
    ["tag", "suffix", "a--bbbbbb"],
    ["user", "alias", "a--bbbbbb"],
  ] as const)("are what the policy says, but never users: %s %s", (type, rule, name) => {
    const claims = [claim("aaaaaa", "a", { type }), claim("bbbbbb", "a", { type, at: 2 })];
    expect(names(claims, withNames({ [type]: rule })).bbbbbb).toBe(name);
  });

  test("form in no type that the policy does not list", () => {
    for (const type of ["showcase", "constructor"]) {
      const claims = [claim("aaaaaa", "a", { type }), claim("bbbbbb", "a", { type, at: 2 })];
      expect(names(claims).bbbbbb).toBe("a--bbbbbb");
    }
  });
});

describe("a clash", () => {
  test("is a conflict of the object that lost, between both edits of the names", () => {
    const [winner, loser] = [claim("bbbbbb", "e\u0301"), claim("aaaaaa", "\u00e9", { at: 2 })];
    const [, lost] = nameAll(DEFAULT_POLICY, [winner, loser]);
    expect(lost?.conflict).toStrictEqual({
      id: conflictId(loser.object, "/name", "name", [loser.revision, winner.revision]),
      object: loser.object,
      path: "/name",
      kind: "name",
      base: undefined,
      candidates: [
        { revision: loser.revision, value: "\u00e9", merged: false },
        { revision: winner.revision, value: "e\u0301", merged: false },
      ],
      chosen: { revision: winner.revision, value: "\u00e9--aaaaaa" },
      rule: "suffix",
    });
  });
});

describe("the stored claims are asked", () => {
  /** How often, for one more change after others. */
  function lookUps(start: readonly Claim[], before: Claim | undefined, after: Claim): number {
    const table = new ClaimTable();
    table.apply(start.map((one) => ({ before: undefined, after: one })));
    planNames(table, DEFAULT_POLICY, [{ before, after }]);
    return table.lookUps;
  }
  const own = claim("aaaaaa", "a");

  test("once for a new name, also a long one", () => {
    expect(lookUps([], undefined, own)).toBe(1);
    expect(lookUps([], undefined, claim("aaaaaa", "x".repeat(100)))).toBe(1);
  });

  test("once for a name written again, twice for another name", () => {
    expect(lookUps([own], own, { ...own, hlc: 2 })).toBe(1);
    expect(lookUps([own], own, { ...own, name: "b" })).toBe(2);
  });

  test("twice for a new name that looks derived", () => {
    expect(lookUps([own], undefined, claim("bbbbbb", "a--20190101"))).toBe(2);
    expect(lookUps([own], undefined, claim("bbbbbb", "a--2019"))).toBe(1);
  });

  test("twice and once per name tried for a clash", () => {
    expect(lookUps([own], undefined, claim("bbbbbb", "a"))).toBe(3);
  });
});
