/**
 * Random lives of a few objects whose names get into each other's way: few names, ids with the same
 * first digits, names that look derived, long names that differ only where a stem is cut.
 */
import fc from "fast-check";
import type { InstanceId, ObjectId, RevisionId } from "../../src/base/ids.ts";
import { DEFAULT_POLICY, type Policy, type Strategy } from "../../src/merge/policy.ts";
import { type Claim, nameSpace } from "../../src/names/claim.ts";
import { wishesOf } from "./oracle.ts";

/** The first three agree in 31 or 30 of 32 digits, the next ones in 7 or 6 with those. */
const OBJECTS: readonly ObjectId[] = [
  "abcdef00-0000-4000-8000-000000000001",
  "abcdef00-0000-4000-8000-000000000002",
  "abcdef00-0000-4000-8000-000000000012",
  "abcdef01-0000-4000-8000-000000000001",
  "abcdef11-0000-4000-8000-000000000001",
  "20190101-0000-4000-8000-000000000001",
  "20190102-0000-4000-8000-000000000001",
  "fedcba98-0000-4000-8000-000000000001",
] as ObjectId[];

const INSTANCES: readonly InstanceId[] = [1, 2, 3].map(
  (digit) => `${digit}`.repeat(8).concat("-0000-4000-8000-000000000000") as InstanceId,
);

const REVISIONS: readonly RevisionId[] = [1, 2, 3, 4].map(
  (digit) => `0190000${digit}-0000-7000-8000-000000000000` as RevisionId,
);

const firstName = fc.oneof(
  fc.constantFrom("a", "b", "\u00e9", "e\u0301", "constructor", "a-", "-", "a\nb"),
  fc
    .tuple(
      fc.constantFrom("x", "😀", "\u00e9", "e\u0301"),
      fc.constantFrom(46, 47, 48, 49, 65, 66, 67, 68, 90, 91, 92, 93, 97, 98, 99, 100, 101, 120),
    )
    .map(([unit, count]) => unit.repeat(count)),
);

/** How one name is made from another: by deriving, prolonging or cutting it. */
const change: fc.Arbitrary<(name: string) => string> = fc.oneof(
  fc.tuple(fc.constantFrom(...OBJECTS), fc.constantFrom(0, 0, 0, 1, 2, 25, 26, 27, 28)).map(
    ([object, at]) =>
      (name: string) =>
        wishesOf(name.normalize("NFC"), object, 40)[at] as string,
  ),
  fc
    .constantFrom("y", "-", "😀y", "\u0301", "z".repeat(40))
    .map((tail) => (name: string) => name + tail),
  fc
    .constantFrom(47, 48, 66, 67, 92, 93, 99, 100)
    .map((count) => (name: string) => [...name].slice(0, count).join("")),
);

/** A few names, most of which stand in each other's way. */
const fewNames: fc.Arbitrary<string[]> = fc
  .tuple(firstName, fc.array(fc.tuple(fc.nat(9), change), { maxLength: 5 }))
  .map(([name, changes]) => {
    const names = [name];
    for (const [at, changed] of changes) names.push(changed(names[at % names.length] as string));
    return names;
  });

const priority = fc.shuffledSubarray([...INSTANCES]).map((list) => ({ priority: list }));
const nameRule = fc.constantFrom("suffix" as const, "alias" as const);
const strategies = fc.record(
  {
    "/name": fc.oneof(priority, fc.constantFrom<Strategy[]>("newest", "text")),
    "/*": fc.oneof(priority, fc.constant<Strategy>("newest")),
    "/title": priority,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, Strategy>>;
const types = ["package", "tag", "group", "organization", "user"];

export const anyPolicy: fc.Arbitrary<Policy> = fc.oneof(
  fc.constant(DEFAULT_POLICY),
  fc.record({
    default: fc.oneof(fc.constant("newest" as const), priority),
    deletes: fc.constant("edit-wins" as const),
    names: fc.dictionary(fc.constantFrom(...types), nameRule),
    types: fc.dictionary(fc.constantFrom(...types), strategies),
  }),
);

/** One step in the life of one object: it claims a name, or stops claiming any. */
export type Step = readonly [ObjectId, Claim | undefined];

const anyTypes = fc
  .constantFrom(["package"], ["tag"], ["group", "organization"], ["user"], ["vocabulary", ...types])
  .chain((some) => fc.array(fc.constantFrom(...some), { minLength: 8, maxLength: 8 }));

/** Batches of steps, each object at most once in a batch; an object keeps its type. */
export const anyLives: fc.Arbitrary<Step[][]> = fc
  .tuple(anyTypes, fewNames, fc.nat(3))
  .chain(([types, names, one]) => {
    const steps = OBJECTS.map((object, at) => stepOf(object, types[at] as string, names));
    const crowd = one === 0 ? crowdAround(types[0] as string, names[0] as string) : [];
    const anyStep = fc.oneof(
      ...steps.map((arbitrary) => ({ weight: 10, arbitrary })),
      ...crowd.map((arbitrary) => ({ weight: 1, arbitrary })),
    );
    const batch = fc.uniqueArray(anyStep, {
      minLength: 1,
      maxLength: 5,
      selector: ([object]) => object,
    });
    return fc
      .tuple(fc.tuple(...crowd), fc.array(batch, { minLength: 1, maxLength: 12 }))
      .map(([start, batches]) => [start, ...batches]);
  });

function stepOf(object: ObjectId, type: string, names: readonly string[]): fc.Arbitrary<Step> {
  const claim = fc.record({
    object: fc.constant(object),
    type: fc.constant(type),
    space: fc.constantFrom(undefined, undefined, "v").map((of) => nameSpace(type, of)),
    name: fc.constantFrom(...names),
    instance: fc.constantFrom(...INSTANCES),
    hlc: fc.integer({ min: 1, max: 3 }),
    revision: fc.constantFrom(...REVISIONS),
  });
  return fc.option(claim, { nil: undefined, freq: 4 }).map((after) => [object, after]);
}

/** Objects that hold, most of the time, the names that the first object would take one by one. */
function crowdAround(type: string, name: string): fc.Arbitrary<Step>[] {
  const wishes = wishesOf(name.normalize("NFC"), OBJECTS[0] as ObjectId, 30);
  return wishes.map((wish, at) => {
    const object = `c0000000-0000-4000-8000-${String(at).padStart(12, "0")}` as ObjectId;
    const claim: Claim = {
      ...{ object, type, space: nameSpace(type), name: wish },
      ...{ instance: INSTANCES[0] as InstanceId, hlc: 2, revision: REVISIONS[3] as RevisionId },
    };
    const mostly = fc.option(fc.constant(claim), { nil: undefined, freq: 40 });
    return mostly.map((after) => [object, after]);
  });
}
