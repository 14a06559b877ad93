/** The cases that broke earlier drafts of the merge rules, by their numbers, and some more. */

import type { OraclePolicy } from "../../src/oracle/types.ts";
import { DELETE_WINS, EDIT_WINS, POLICIES, TYPE } from "../merge/policies.ts";
import { Tale } from "./tale.ts";
import { TEXT_CASES } from "./text-cases.ts";

const ROOT = { "": { title: "a", resources: { r1: { name: "one", url: "u" } } } };
const R1_FLAG = "/resources/r1/@deleted";
const FLAG = "/@deleted";

/** Texts are not merged but chosen here. */
const PRIORITY: OraclePolicy = {
  default: {
    priority: [
      "22222222-0000-4000-8000-000000000000",
      "11111111-0000-4000-8000-000000000000",
      "33333333-0000-4000-8000-000000000000",
    ],
  },
  deletes: "edit-wins",
  types: { [TYPE]: {} },
};

const start = (title: string) => new Tale(title).save("o", { set: ROOT });

const editAgainstDelete = start("1 an edit against the deletion of the object")
  .save("a", { over: "o", set: { "/title": 1 } })
  .save("b", { over: "o", set: { [FLAG]: true } })
  .expect("ab", EDIT_WINS, { "/title": 1, [FLAG]: undefined }, ["delete", FLAG, "ab"])
  .expect("ab", DELETE_WINS, { "/title": 1, [FLAG]: true }, ["delete", FLAG, "ab"]);

const mapAgainstScalar = start("2 a map against a scalar")
  .save("a", { over: "o", set: { "/x/q": 1 } })
  .save("b", { over: "o", set: { "/x": 1 } })
  .expect("ab", EDIT_WINS, { "/x/q": 1, "/x": undefined }, ["structure", "/x", "ab"])
  .expect("ab", DELETE_WINS, { "/x/q": 1, "/x": undefined }, ["structure", "/x", "ab"]);

const resourceRemoved = start("3 an edit in a resource against its deletion, and a save over both")
  .save("a", { over: "o", set: { "/resources/r1/url": "a" } })
  .save("b", { over: "o", set: { [R1_FLAG]: true } })
  .save("c", { over: "ab", set: { "/title": "c" } })
  .save("d", { over: "c", set: { "/version": 1 } })
  .save("e", { over: "c", set: { "/resources/r1/name": "e" } })
  .expect("ab", DELETE_WINS, { [R1_FLAG]: true }, ["delete", R1_FLAG, "ab"])
  .expect("c", DELETE_WINS, { [R1_FLAG]: undefined, "/resources/r1/url": "a" })
  .expect("de", DELETE_WINS, { [R1_FLAG]: undefined, "/resources/r1/url": "a", "/version": 1 });

const leavesRemoved = start("3 the same with the member removed leaf by leaf")
  .save("a", { over: "o", set: { "/resources/r1/url": "a" } })
  .save("b", { over: "o", set: { "/resources/r1": undefined } })
  .save("c", { over: "ab", set: { "/title": "c" } })
  .save("d", { over: "c", set: { "/version": 1 } })
  .save("e", { over: "c", set: { "/saved": 1 } })
  .expect("ab", DELETE_WINS, { "/resources/r1/url": undefined }, [
    "delete",
    "/resources/r1/url",
    "ab",
  ])
  .expect("de", DELETE_WINS, { "/resources/r1/url": "a", "/resources/r1/name": undefined });

const decision = start("4 a decision against a concurrent restatement")
  .save("a", { over: "o", set: { "/title": "b" } })
  .save("b", { over: "o", set: { [FLAG]: true } })
  .save("d", { over: "ab", policy: DELETE_WINS })
  .save("c", { over: "ab", set: { [FLAG]: undefined }, resolve: [FLAG], policy: DELETE_WINS })
  .expect("d", EDIT_WINS, { [FLAG]: true })
  .expect("cd", EDIT_WINS, { [FLAG]: undefined })
  .expect("cd", DELETE_WINS, { [FLAG]: undefined });

const decisionForShown = start("4 a decision for the shown value against a restatement of another")
  .save("a", { over: "o", set: { "/title": "b" } })
  .save("b", { over: "o", set: { "/title": "c" } })
  .save("d", { over: "ab", policy: POLICIES[4] as OraclePolicy, hlc: 900 })
  .save("c", { over: "ab", resolve: ["/title"] })
  .expect("cd", EDIT_WINS, { "/title": "c" })
  .expect("cd", PRIORITY, { "/title": "c" });

const bystander = start("5 the bystander")
  .save("d", { over: "o", set: { "/title": "d" }, by: 3 })
  .save("a", { over: "o", set: { "/title": "a2" }, by: 1 })
  .save("b", { over: "o", set: { "/title": "b2" }, by: 2 })
  .save("c", { over: "ab", set: { "/version": 1 }, by: 3 })
  .expect("abd", EDIT_WINS, { "/title": "b2" }, ["value", "/title", "abd"])
  .expect("cd", EDIT_WINS, { "/title": "b2" }, ["value", "/title", "bd"])
  .expect("abd", PRIORITY, { "/title": "b2" }, ["value", "/title", "abd"])
  .expect("cd", PRIORITY, { "/title": "b2" }, ["value", "/title", "bd"]);

const replacedMap = new Tale("6 a replaced map forgets the leaves it takes away")
  .save("o", { set: { "": { x: { q: 1, s: 2 } } } })
  .save("a", { over: "o", set: { "/x": { q: 5 } } })
  .save("b", { over: "o", set: { "/x/s": 3 } })
  .expect("a", EDIT_WINS, { "/x/q": 5, "/x/s": undefined })
  .expect("ab", EDIT_WINS, { "/x/q": 5, "/x/s": 3 }, ["delete", "/x/s", "ab"])
  .expect("ab", DELETE_WINS, { "/x/q": 5, "/x/s": undefined }, ["delete", "/x/s", "ab"]);

const replacedHidden = start("6 a replaced map takes away hidden leaves too")
  .save("a", { over: "o", set: { [R1_FLAG]: true } })
  .save("b", { over: "a", set: { "/resources/r1": { url: "b" } } })
  .expect("b", EDIT_WINS, {
    "/resources/r1/url": "b",
    "/resources/r1/name": undefined,
    [R1_FLAG]: undefined,
  });

/** Texts without two changes at one place, so that their merge is easy to tell. */
const TEXT = { o: "b d f", a: "a b d f", b: "b c d f", d: "b d e f" };

const threeTexts = (title: string) =>
  new Tale(title)
    .save("o", { set: { "": { notes: TEXT.o } } })
    .save("a", { over: "o", set: { "/notes": TEXT.a } })
    .save("b", { over: "o", set: { "/notes": TEXT.b } })
    .save("d", { over: "o", set: { "/notes": TEXT.d } });

const pinOfPin = threeTexts("7 a pin of a merged text names edits, never a pin")
  .save("c", { over: "ab", set: { "/title": 1 } })
  .save("e", { over: "cd", set: { "/version": 1 } })
  .expect("ab", EDIT_WINS, { "/notes": "a b c d f" }, ["text", "/notes", "ab"])
  .expect("cd", EDIT_WINS, { "/notes": "a b c d e f" }, ["text", "/notes", "cd"])
  .expect("e", PRIORITY, { "/notes": "a b c d e f" });

const invisibleClash = new Tale("8 a clash that its author's policy does not show")
  .save("o", { set: { "": { x: { q: 0 } } } })
  .save("a", { over: "o", set: { "/x/q": 1 } })
  .save("b", { over: "o", set: { "/x": 1 } })
  .save("c", { over: "ab", set: { "/title": 1 }, policy: DELETE_WINS })
  .expect(
    "ab",
    DELETE_WINS,
    { "/x": 1, "/x/q": undefined },
    ["structure", "/x", "ab"],
    ["delete", "/x/q", "ab"],
  )
  .expect(
    "ab",
    EDIT_WINS,
    { "/x": undefined, "/x/q": 1 },
    ["structure", "/x", "ab"],
    ["delete", "/x/q", "ab"],
  )
  .expect("c", EDIT_WINS, { "/x": 1, "/x/q": undefined });

const overlappingPins = threeTexts("9 two pins of merged texts over overlapping origins")
  .save("c", { over: "ab", set: { "/title": 1 } })
  .save("e", { over: "bd", set: { "/version": 1 } })
  .expect("ce", EDIT_WINS, { "/notes": "a b c d e f" }, ["text", "/notes", "ce"]);

const deletedTwice = start("10 the same deletion twice, and an edit inside that names one")
  .save("a", { over: "o", set: { [FLAG]: true } })
  .save("b", { over: "o", set: { [FLAG]: true } })
  .save("c", { over: "ab", set: { "/title": "c" } })
  .save("d", { over: "b", set: { [FLAG]: undefined } })
  .expect("ab", EDIT_WINS, { [FLAG]: true })
  .expect("c", EDIT_WINS, { [FLAG]: true, "/title": "c" })
  .expect("cd", EDIT_WINS, { [FLAG]: undefined, "/title": "c" }, ["delete", FLAG, "ad"])
  .expect("cd", DELETE_WINS, { [FLAG]: true, "/title": "c" }, ["delete", FLAG, "ad"]);

const pinnedFlag = start("11 a pin at a flag and an edit inside the unit")
  .save("a", { over: "o", set: { "/resources/r1/url": "a" } })
  .save("b", { over: "o", set: { [R1_FLAG]: true } })
  .save("c", { over: "ab", set: { "/resources/r1/url": "c" }, policy: DELETE_WINS })
  .save("d", { over: "a", set: { "/resources/r1/name": "d" } })
  .expect("c", EDIT_WINS, { [R1_FLAG]: true, "/resources/r1/url": "c" })
  .expect("cd", EDIT_WINS, { [R1_FLAG]: undefined, "/resources/r1/url": "c" }, [
    "delete",
    R1_FLAG,
    "bd",
  ])
  .expect("cd", DELETE_WINS, { [R1_FLAG]: true }, ["delete", R1_FLAG, "bd"]);

const insideDeleted = start("12 an edit inside a deleted object revives it for nobody")
  .save("a", { over: "o", set: { [FLAG]: true } })
  .save("b", { over: "a", set: { "/title": "b" } })
  .save("c", { over: "a", set: { "/resources/r1/url": "c" } })
  .expect("b", EDIT_WINS, { [FLAG]: true, "/title": "b" })
  .expect("bc", EDIT_WINS, { [FLAG]: true, "/title": "b", "/resources/r1/url": "c" });

const pinsNeeded = start("13 without pins a save over an open merge has no content of its own")
  .save("a", { over: "o", set: { "/title": "a2" } })
  .save("b", { over: "o", set: { "/title": "b" } })
  .save("e", { over: "o", set: { "/title": undefined } })
  .save("c", { over: "abe", set: { "/version": 1 } })
  .expect("c", DELETE_WINS, { "/title": "b" })
  .expect("c", PRIORITY, { "/title": "b" });

const flagAndScalar = start("14 a unit's flag does not clash with a scalar at the unit's path")
  .save("a", { over: "o", set: { [R1_FLAG]: true } })
  .save("b", { over: "o", set: { "/resources/r1": 5 } })
  .expect("ab", EDIT_WINS, { [R1_FLAG]: true, "/resources/r1": 5 })
  .expect("ab", DELETE_WINS, { [R1_FLAG]: true, "/resources/r1": 5 });

const intersection = start("15 the intersection of the histories is no base")
  .save("u", { over: "o", set: { "/title": "u" } })
  .save("i", { over: "o", set: { "/title": "i" } })
  .save("h", { over: "iu", set: { "/version": 1 } })
  .save("k", { over: "i", set: { "/saved": 1 } })
  .expect("hk", EDIT_WINS, { "/title": "i", "/version": 1, "/saved": 1 });

const inherited = start("15 a head that inherited a value does not beat who overwrote it")
  .save("a", { over: "o", set: { "/title": "old" } })
  .save("b", { over: "a", set: { "/title": "new" } })
  .save("d", { over: "o", set: { "/saved": 1 } })
  .save("c", { over: "a", set: { "/version": 1 } })
  .expect("bcd", EDIT_WINS, { "/title": "new", "/version": 1, "/saved": 1 });

const innerRemoval = start("an inner removal or an inner delete does not keep the unit alive")
  .save("a", { over: "o", set: { "/title": undefined } })
  .save("b", { over: "o", set: { [R1_FLAG]: true } })
  .save("c", { over: "o", set: { [FLAG]: true } })
  .save("d", { over: "b", set: { [R1_FLAG]: undefined } })
  .expect("abc", EDIT_WINS, { [FLAG]: true, [R1_FLAG]: true, "/title": undefined })
  .expect("cd", EDIT_WINS, { [FLAG]: undefined, [R1_FLAG]: undefined }, ["delete", FLAG, "cd"]);

const opposedPins = start("pins that pass over each other's choices leave all edits standing")
  .save("a", { over: "o", set: { "/title": "a2" }, by: 2 })
  .save("b", { over: "o", set: { "/title": "b" }, by: 3 })
  .save("c", { over: "ab", set: { "/version": 1 }, policy: PRIORITY })
  .save("d", { over: "ab", set: { "/saved": 1 } })
  .expect("cd", EDIT_WINS, { "/title": "b" }, ["value", "/title", "ab"])
  .expect("cd", PRIORITY, { "/title": "a2" }, ["value", "/title", "ab"]);

const fallenPin = new Tale("a pin falls away when somebody overrides one of the edits behind it")
  .save("o", { set: { "": { notes: TEXT.o } } })
  .save("a", { over: "o", set: { "/notes": TEXT.a } })
  .save("b", { over: "o", set: { "/notes": TEXT.b } })
  .save("e", { over: "o", set: { "/notes": undefined } })
  .save("c", { over: "abe", set: { "/version": 1 } })
  .save("d", { over: "a", set: { "/notes": "d" } })
  .expect("cd", PRIORITY, { "/notes": "d" }, ["delete", "/notes", "bde"]);

const keptAlive = start("an edit over an open merge keeps alive what a later delete does not know")
  .save("a", { over: "o", set: { "/resources/r1/url": "a" } })
  .save("b", { over: "o", set: { [R1_FLAG]: true } })
  .save("c", { over: "ab", set: { "/resources/r1/url": "c" } })
  .save("d", { over: "a", set: { [R1_FLAG]: true } })
  .expect("cd", EDIT_WINS, { [R1_FLAG]: undefined }, ["delete", R1_FLAG, "cd"])
  .expect("cd", DELETE_WINS, { [R1_FLAG]: true }, ["delete", R1_FLAG, "cd"]);

/** What the page's wording gives for clashes, which schemas make unreachable: a bystander counts. */
const hiddenValue = start("a hidden value does not come back once somebody saved over its clash")
  .save("a", { over: "o", set: { "/x/q": 1 } })
  .save("b", { over: "o", set: { "/x": 1 } })
  .save("e", { over: "ab", set: { "/version": 1 } })
  .save("d", { over: "a", set: { "/x/q": undefined } })
  .expect("bd", EDIT_WINS, { "/x": 1, "/x/q": undefined })
  .expect("de", EDIT_WINS, { "/x": undefined, "/x/q": undefined });

const addBeatsRemove = new Tale("adding beats removing in a set, whatever the policy says")
  .save("o", { set: { "": { title: "a", tags: { t1: true } } } })
  .save("a", { over: "o", set: { "/tags/t1": undefined } })
  .save("b", { over: "a", set: { "/tags/t1": true } })
  .save("c", { over: "a", resolve: ["/tags/t1"] })
  .expect("bc", EDIT_WINS, { "/tags/t1": true }, ["delete", "/tags/t1", "bc"])
  .expect("bc", DELETE_WINS, { "/tags/t1": true }, ["delete", "/tags/t1", "bc"]);

const laterPin = start("of two pins one of which saw the other the later one counts")
  .save("a", { over: "o", set: { "/title": "a2" }, by: 2 })
  .save("b", { over: "o", set: { "/title": "b" }, by: 3 })
  .save("c", { over: "ab", set: { "/version": 1 }, policy: PRIORITY })
  .save("d", { over: "ab", set: { "/saved": 1 } })
  .save("e", { over: "cd", set: { "/version": 2 } })
  .save("f", { over: "d", set: { "/saved": 2 } })
  .expect("e", PRIORITY, { "/title": "b" })
  .expect("ef", PRIORITY, { "/title": "b" });

const severalBelow = start("one of several deeper values is enough to hide a value")
  .save("a", { over: "o", set: { "/x": { q: 1, s: 1 } } })
  .save("b", { over: "o", set: { "/x": 1 } })
  .save("d", { over: "a", resolve: ["/x/t"], set: { "/x/q": undefined } })
  .save("e", { over: "a", set: { "/x/q": 2 } })
  .expect(
    "bde",
    DELETE_WINS,
    { "/x": undefined, "/x/q": undefined, "/x/s": 1 },
    ["structure", "/x", "abe"],
    ["delete", "/x/q", "de"],
  );

const removalInside = start("a removal inside a unit that an edit keeps alive pins its flag")
  .save("a", { over: "o", set: { "/resources/r1/url": "a" } })
  .save("b", { over: "o", set: { [R1_FLAG]: true } })
  .save("c", { over: "ab", set: { "/resources/r1/name": undefined } })
  .expect("c", DELETE_WINS, { [R1_FLAG]: undefined });

/** The page's numbered cases first, then what else its wording decides. */
export const NAMED_CASES: readonly Tale[] = [
  editAgainstDelete,
  mapAgainstScalar,
  resourceRemoved,
  leavesRemoved,
  decision,
  decisionForShown,
  bystander,
  replacedMap,
  replacedHidden,
  pinOfPin,
  invisibleClash,
  overlappingPins,
  deletedTwice,
  pinnedFlag,
  insideDeleted,
  pinsNeeded,
  flagAndScalar,
  intersection,
  inherited,
  innerRemoval,
  opposedPins,
  fallenPin,
  keptAlive,
  hiddenValue,
  addBeatsRemove,
  laterPin,
  severalBelow,
  removalInside,
  ...TEXT_CASES,
];
