/**
 * Random lives of a few objects whose names get into each other's way: few names, ids with the same
 * first digits, names that look derived, long names that differ only where a stem is cut.
 */
import fc from "fast-check";
import type { InstanceId, ObjectId, RevisionId } from "../../src/base/ids.ts";
import { DEFAULT_POLICY, type Policy, type Strategy } from "../../src/merge/policy.ts";
import { type Claim, nameSpace } from "../../src/names/claim.ts";
import { wishesOf } from "./oracle.ts";

/** The first three agree in 31 or 30 of 32 digits, the next ones in 6 or 7. */
export const OBJECTS: readonly ObjectId[] = [
  "abcdef00-0000-4000-8000-000000000001",
  "abcdef00-0000-4000-8000-000000000002",
  "abcdef00-0000-4000-8000-000000000012",
  "abcdef01-0000-4000-8000-000000000001",
  "abcdef11-0000-4000-8000-000000000001",
  "20190101-0000-4000-8000-000000000001",
  "20190102-0000-4000-8000-000000000001",
  "fedcba98-0000-4000-8000-000000000001",
] as ObjectId[];

export const INSTANCES: readonly InstanceId[] = [1, 2, 3].map(
  (digit) => `${digit}`.repeat(8).concat("-0000-4000-8000-000000000000") as InstanceId,
);

export const REVISIONS: readonly RevisionId[] = [1, 2, 3, 4].map(
  (digit) => `0190000${digit}-0000-7000-8000-000000000000` as RevisionId,
);

const shortNames = ["a", "b", "\u00e9", "e\u0301", "constructor", "a-", "-"];
const lengths = [46, 47, 48, 49, 65, 66, 67, 68, 90, 91, 92, 93, 97, 98, 99, 100, 101, 120];
const longName = fc
  .tuple(
    fc.constantFrom("x", "😀", "\u00e9", "e\u0301"),
    fc.constantFrom(...lengths),
    fc.constantFrom("", "y", "-", "😀y", "\u0301"),
  )
  .map(([unit, length, tail]) => unit.repeat(length) + tail);
const plainName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "a", "b") },
  { weight: 1, arbitrary: fc.constantFrom(...shortNames) },
  { weight: 2, arbitrary: longName },
  { weight: 2, arbitrary: fc.constantFrom("x".repeat(100), "x".repeat(99), "x".repeat(120)) },
);
const wish = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 2) },
  { weight: 2, arbitrary: fc.constantFrom(24, 25, 26, 27, 28) },
  { weight: 1, arbitrary: fc.nat(39) },
);
const derived = fc
  .tuple(plainName, fc.constantFrom(...OBJECTS), wish)
  .map(([name, object, at]) => wishesOf(name.normalize("NFC"), object, 40)[at] as string);
const derivedTwice = fc
  .tuple(derived, fc.constantFrom(...OBJECTS), wish)
  .map(([name, object, at]) => wishesOf(name, object, 40)[at] as string);

export const anyName: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: plainName },
  { weight: 3, arbitrary: derived },
  { weight: 1, arbitrary: derivedTwice },
);

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

export const anyPolicy: fc.Arbitrary<Policy> = fc.oneof(
  fc.constant(DEFAULT_POLICY),
  fc.record({
    default: fc.oneof(fc.constant("newest" as const), priority),
    deletes: fc.constant("edit-wins" as const),
    names: fc.dictionary(
      fc.constantFrom("package", "tag", "group", "organization", "user"),
      nameRule,
    ),
    types: fc.dictionary(fc.constantFrom("package", "tag", "group", "organization"), strategies),
  }),
);

/** One step in the life of one object: it claims a name, or stops claiming any. */
export type Step = readonly [ObjectId, Claim | undefined];

const typesOfWorlds = [
  ["package"],
  ["tag"],
  ["group", "organization"],
  ["user"],
  ["package", "vocabulary", "tag", "group", "organization", "user"],
];

/** Batches of steps, each object at most once in a batch; an object keeps its type. */
export const anyLives: fc.Arbitrary<Step[][]> = fc
  .constantFrom(...typesOfWorlds)
  .chain((types) => fc.array(fc.constantFrom(...types), { minLength: 8, maxLength: 8 }))
  .chain((types) => {
    const step = fc.nat(OBJECTS.length - 1).chain((at) => {
      const [object, type] = [OBJECTS[at] as ObjectId, types[at] as string];
      return claimOf(object, type).map((claim): Step => [object, claim]);
    });
    const batch = fc.uniqueArray(step, {
      minLength: 1,
      maxLength: 5,
      selector: ([object]) => object,
    });
    return fc.array(batch, { minLength: 1, maxLength: 12 });
  });

function claimOf(object: ObjectId, type: string): fc.Arbitrary<Claim | undefined> {
  const claim = fc.record({
    object: fc.constant(object),
    type: fc.constant(type),
    space: fc.constantFrom(undefined, undefined, "v").map((of) => nameSpace(type, of)),
    name: anyName,
    instance: fc.constantFrom(...INSTANCES),
    hlc: fc.integer({ min: 1, max: 3 }),
    revision: fc.constantFrom(...REVISIONS),
  });
  return fc.oneof(
    { weight: 4, arbitrary: claim },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}
