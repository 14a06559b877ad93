// Proves of each checker that it is content with a sound world, and that it can fail.
import { describe, expect, test } from "vitest";
import type { ActorId, InstanceId, ObjectId, RevisionId } from "../../src/base/ids.ts";
import { CHECKERS } from "./checkers/all.ts";
import { Claims } from "./checkers/claims.ts";
import type { InstanceState, LoggedEntry, WorldState } from "./checkers/world-state.ts";

const id = (name: string): RevisionId => name as RevisionId;
const object = "object" as ObjectId;
const A = "instance A" as InstanceId;

function logged(lsn: number, name: string, more: Partial<LoggedEntry> = {}): LoggedEntry {
  const actor = "A/1" as ActorId;
  const parents = lsn === 1 ? [] : [id(`r${lsn - 1}`)];
  const entry = { lsn, id: id(name), object, parents, actor, seq: lsn, hlc: lsn * 10 };
  return { ...entry, kind: "revision", source: null, hash: name, ...more };
}

const authored = [logged(1, "r1"), logged(2, "r2"), logged(3, "r3")];
const received: LoggedEntry[] = authored.map((entry) => ({ ...entry, source: A }));

const source: InstanceState = {
  name: "A",
  id: A,
  log: authored,
  head: 3,
  chain: "c3",
  gone: new Set(),
  policy: "p",
  cursors: new Map(),
  digest: "d",
  conflicts: [],
  objects: [],
  authoredDigest: "d",
  findings: [],
  quarantined: [],
  acknowledged: [
    { id: id("r1"), object },
    { id: id("r3"), object },
  ],
  receivedCount: 0,
  appliedCount: 0,
  recordedCount: 0,
};
const target: InstanceState = {
  ...source,
  name: "B",
  id: "instance B" as InstanceId,
  log: received,
  cursors: new Map([["A", { epoch: "e", lsn: 3, chain: "c3" }]]),
  authoredDigest: null,
  acknowledged: [],
  receivedCount: 3,
  appliedCount: 3,
  recordedCount: 2,
};

function world(a: Partial<InstanceState> = {}, b: Partial<InstanceState> = {}): WorldState {
  return {
    instances: new Map([
      ["A", { ...source, ...a }],
      ["B", { ...target, ...b }],
    ]),
    flows: [{ source: "A", target: "B" }],
    authored: {
      objectOf: (_actor, seq) => (seq <= 3 ? object : undefined),
      isGone: (one) => a.gone?.has(one) === true || b.gone?.has(one) === true,
    },
    batchesSinceQuiet: 0,
  };
}

const finding = { code: "STORE_CORRUPT", where: "rev lsn=2", message: "bad" } as const;
const behind = new Map([["A", { epoch: "e", lsn: 2, chain: "c2" }]]);
const otherChain = new Map([["A", { epoch: "e", lsn: 3, chain: "x3" }]]);

const broken: [invariant: string, how: string, broken: WorldState][] = [
  ["logged-once", "a revision twice", world({}, { log: [...received, logged(4, "r2")] })],
  ["logged-once", "a step back", world({}, { log: received.toReversed() })],
  [
    "parents-first",
    "a child first",
    world({}, { log: [logged(1, "r2", { parents: [id("r1")] })] }),
  ],
  ["dense-sequences", "a gap", world({}, { log: [logged(1, "r1"), logged(2, "r3", { seq: 3 })] })],
  [
    "stamps-rise",
    "a stamp of before",
    world({}, { log: [logged(1, "r1"), logged(2, "r2", { hlc: 9 })] }),
  ],
  ["counted-once", "a batch counted twice", world({}, { appliedCount: 6 })],
  ["counted-once", "a run that counts too much", world({}, { recordedCount: 4 })],
  ["everything-arrived", "a loss", world({}, { log: received.slice(0, 2) })],
  [
    "everything-arrived",
    "other bytes",
    world({}, { log: received.with(0, logged(1, "r1", { hash: "x" })) }),
  ],
  ["cursors-at-end", "a cursor behind", world({}, { cursors: behind })],
  ["cursors-at-end", "another chain", world({}, { cursors: otherChain })],
  ["cursors-at-end", "no cursor", world({}, { cursors: new Map() })],
  ["sources-unchanged", "another digest", world({ digest: "x" })],
  ["sources-unchanged", "something received", world({ log: received })],
  ["acknowledged-kept", "a loss", world({ acknowledged: [{ id: id("r9"), object }] })],
  ["equal-states", "another digest", world({}, { digest: "x" })],
  ["gone-for-good", "what was purged", world({}, { gone: new Set([object]) })],
  ["stores-verify", "damage", world({}, { findings: [finding] })],
  ["nothing-refused", "a refusal", world({}, { quarantined: ["r2: BODY_HASH_MISMATCH"] })],
  ["quiet", "a batch too many", { ...world(), batchesSinceQuiet: 1 }],
];

describe("the checkers of a quiet world", () => {
  test.each(Object.entries(CHECKERS))("%s is content with a sound one", (_name, checker) => {
    expect(checker(world())).toEqual([]);
  });

  test.each(broken)("%s finds %s", (invariant, _how, state) => {
    expect(CHECKERS[invariant]?.(state)).not.toEqual([]);
  });

  test("each of them can fail", () => {
    expect(new Set(broken.map(([invariant]) => invariant))).toEqual(new Set(Object.keys(CHECKERS)));
  });

  test("dense-sequences lets out what is gone somewhere", () => {
    const other = "other object" as ObjectId;
    const log = [logged(1, "r1", { object: other }), logged(2, "r3", { object: other, seq: 3 })];
    expect(CHECKERS["dense-sequences"]?.(world({ gone: new Set([object]) }, { log }))).toEqual([]);
    expect(CHECKERS["dense-sequences"]?.(world({}, { log }))).not.toEqual([]);
  });

  test("stamps-rise lets a parent raise a stamp, and only that one", () => {
    const raised = logged(2, "r2", { hlc: 101, parents: [id("b")] });
    const foreign = logged(1, "b", { hlc: 100, actor: "B/1" as ActorId });
    const log = [logged(1, "r1"), foreign, raised, logged(3, "r3", { hlc: 50 })];
    expect(CHECKERS["stamps-rise"]?.(world({}, { log }))).toEqual([]);
  });
});

describe("claims", () => {
  const log = { length: 3, entryAt: (lsn: number) => authored[lsn - 1] };
  const claims = (held: readonly string[]): Claims =>
    new Claims(log, (one) => held.includes(one.id));

  test("that are true pass", () => {
    const some = claims(["r1", "r2"]);
    expect([some.check("a cursor", 1), some.check("an ACK", 2)]).toEqual([undefined, undefined]);
  });

  test("ahead of what is held are found", () => {
    expect(claims(["r1", "r3"]).check("a cursor", 3)).toMatch(/entry 2, r2, is not held/);
  });

  test("ahead of the source's log are found", () => {
    expect(claims(["r1", "r2", "r3"]).check("a cursor", 4)).toMatch(/has 3/);
  });
});
