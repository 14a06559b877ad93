// Proves of each checker that it is content with a sound world, and that it can fail.
import { describe, expect, test } from "vitest";
import {
  type ActorId,
  actorId,
  derivedId,
  type InstanceId,
  type ObjectId,
  type RevisionId,
} from "../../src/base/ids.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/merge/policy.ts";
import type { Write } from "../../src/model/record.ts";
import { CHECKERS as CHEAP_CHECKERS, DEEP_CHECKERS } from "../../src/scenario/checkers/all.ts";
import type {
  Checker,
  InstanceState,
  LoggedEntry,
  WorldState,
} from "../../src/scenario/checkers/world-state.ts";
import type { ConflictRow, ObjectRow } from "../../src/store/rows.ts";

import {
  A,
  authored,
  id,
  logged,
  object,
  received,
  refused,
  scope,
  shown,
  source,
  takesAll,
  target,
  world,
} from "./sound-world.ts";

const CHECKERS: Readonly<Record<string, Checker>> = {
  ...CHEAP_CHECKERS,
  ...DEEP_CHECKERS,
};
function named(name: string, effectiveName: string): ObjectRow {
  const other = name as ObjectId;
  return shown({ id: other, name, effectiveName, canonical: other });
}

const heads = [id("one"), id("other")];

/** What is shown of two titles where the earlier edit won. */
const merged = shown({ heads, revision: mergeOf("p"), text: '{"title":"one"}' });

/** The id of the merge of both under a policy. */
function mergeOf(policy: string): RevisionId {
  return id(derivedId(["syncline/merge", 1, policy, object, heads]));
}

/** The same two, merged as they are to be, but for what is said otherwise. */
function decided(
  row: Partial<ObjectRow> = {},
  other: Partial<ConflictRow> = {},
  ...more: ConflictRow[]
): Partial<InstanceState> {
  const right = { ...merged, text: '{"title":"other"}' };
  const chosen = { revision: id("other"), value: "other" };
  const known = derivedId(["syncline/conflict/1", object, "/title", "value", heads]);
  const found = { ...conflict(heads), id: known, chosen, ...other };
  return { ...rewritten([]), objects: [{ ...right, ...row }], conflicts: [found, ...more] };
}

/** Two concurrent edits of a title, of which one stands; with the conflicts that name them. */
function rewritten(conflicts: readonly (readonly string[])[]): Partial<InstanceState> {
  const edit = (lsn: number, name: string, parents: RevisionId[], patch: Write[]): LoggedEntry => {
    const made = logged(lsn, name, { parents, patch });
    return { ...made, text: JSON.stringify({ ...made, type: "package" }) };
  };
  const titled = (lsn: number, value: string): LoggedEntry =>
    edit(lsn, value, [id("r1")], [{ op: "replace", path: "/title", value }]);
  return {
    log: [edit(1, "r1", [], []), titled(2, "one"), titled(3, "other")],
    objects: [shown({ text: '{"title":"one"}' })],
    conflicts: conflicts.map((revisions) => conflict(revisions)),
  };
}

function conflict(revisions: readonly string[]): ConflictRow {
  const candidates = revisions.map((one) => ({ revision: id(one), value: one, merged: false }));
  const what = { id: "c", object, type: "package", path: "/title", kind: "value" } as const;
  const chosen = { revision: null, value: undefined };
  const how = {
    base: undefined,
    chosen,
    rule: "newest",
    status: "open",
    resolvedBy: null,
  } as const;
  return { ...what, ...how, candidates };
}

const chosenOne = { revision: id("one"), value: "one" };
const finding = { code: "STORE_CORRUPT", where: "rev lsn=2", message: "bad" } as const;
const behind = new Map([["A", { epoch: "e", lsn: 2, chain: "c2" }]]);
const otherChain = new Map([["A", { epoch: "e", lsn: 3, chain: "x3" }]]);

/** A passed on what C made, from whom no way leads to B. */
const fromC: WorldState = (() => {
  const id = "C/1" as InstanceId;
  const C = { ...source, name: "C", id, ids: new Set([id]), log: [] };
  const passed = { log: [logged(1, "c1", { actor: "C/1" as ActorId, source: A })] };
  const { instances, ...others } = world({}, passed);
  return { ...others, instances: new Map([...instances, ["C", C]]) };
})();

/** B has a package of A's over a link that carries tags. */
const outOfScope: WorldState = {
  ...world({ objects: [shown({})] }, { objects: [shown({})] }),
  flows: [{ source: "A", target: "B", scope: '{"types":["tag"]}', ...takesAll }],
};

/** It left, B says so, and keeps it though the link drops what leaves. */
const notDropped: WorldState = (() => {
  const departures = [{ object, peer: A, scope: "tags" }];
  const shownOnBoth = world({ objects: [shown({})] }, { objects: [shown({})], departures });
  return { ...shownOnBoth, flows: outOfScope.flows.map((flow) => ({ ...flow, drops: true })) };
})();

const pair = { theirs: "o", id: "o" as ObjectId, ours: "p" as ObjectId };
const rules = { map: [pair], unmapped: "create", mappedTo: 0 } as const;
const unmapped = {
  mappings: [{ link: "hq", peer: A, since: 0, rules }],
  objects: [shown({ text: '{"owner_org":"o"}' })],
};

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
  ["only-over-flows", "what came against a one-way link", { ...world(), flows: [] }],
  ["only-over-flows", "what no way leads to", fromC],
  ["left-is-kept", "what left, and is not marked", outOfScope],
  ["left-is-dropped", "what left, and is still there", notDropped],
  ["mapped", "an organization that is mapped", world({}, unmapped)],
  ["acknowledged-kept", "a loss", world({ acknowledged: [{ id: id("r9"), object }] })],
  [
    "restored",
    "what nobody had lost",
    world({ wasSetBack: true, acknowledged: [{ id: id("r9"), object }] }),
  ],
  [
    "restored",
    "what a neighbor has",
    world({ wasSetBack: true, id: "A/1" as InstanceId }, { log: [logged(4, "r9")] }),
  ],
  ["equal-states", "another digest", world({}, { digest: "x" })],
  ["gone-for-good", "what was purged", world({}, { gone: new Set([object]) })],
  ["no-lost-edit", "a value that nobody knows of", world({}, rewritten([]))],
  ["as-the-oracle", "the other of two edits", world({}, decided(merged))],
  ["as-the-oracle", "a merge by another id", world({}, decided({ revision: mergeOf("q") }))],
  ["as-the-oracle", "no conflict", world({}, { ...decided(), conflicts: [] })],
  ["as-the-oracle", "one more conflict", world({}, decided({}, {}, conflict(["one", "other"])))],
  ["as-the-oracle", "another value chosen", world({}, decided({}, { chosen: chosenOne }))],
  ["as-the-oracle", "chosen by another rule", world({}, decided({}, { rule: "priority" }))],
  ["as-the-oracle", "another base", world({}, decided({}, { base: null }))],
  ["as-the-oracle", "a decision that nobody made", world({}, decided({}, { status: "resolved" }))],
  ["one-policy", "a policy that did not come along", world({ policy: "x", policies: ["x"] })],
  ["replays", "a digest that the records do not come to", world({ digest: "x" }, { digest: "x" })],
  ["unique-names", "a name twice", world({}, { objects: [named("1", "a"), named("2", "a")] })],
  ["stores-verify", "damage", world({}, { findings: [finding] })],
  ["nothing-refused", "a refusal", world({}, { quarantined: [refused] })],
  ["quiet", "a batch too many", { ...world(), batchesSinceQuiet: 1 }],
];

describe("the checkers of a quiet world", () => {
  test.each(Object.entries(CHECKERS))("%s is content with a sound one", async (_name, checker) => {
    expect(await checker(world())).toEqual([]);
  });

  test.each(broken)("%s finds %s", async (invariant, _how, state) => {
    expect(await CHECKERS[invariant]?.(state)).not.toEqual([]);
  });

  test("each of them can fail", () => {
    expect(new Set(broken.map(([invariant]) => invariant))).toEqual(new Set(Object.keys(CHECKERS)));
  });

  test("no-lost-edit is content with a conflict that names the edit, and with no other", async () => {
    const check = async (conflicts: string[][]): Promise<unknown> =>
      await CHECKERS["no-lost-edit"]?.(world({}, rewritten(conflicts)));
    expect(await check([["one", "other"]])).toEqual([]);
    expect(await check([["one", "r1"]])).not.toEqual([]);
  });

  test("no-lost-edit finds an edit that a deletion hides from everybody", async () => {
    const flag = { op: "add", path: "/@deleted", value: true } as const;
    const deleted = logged(4, "d", { parents: [id("r1")], patch: [flag] });
    const { log = [], conflicts } = rewritten([["one", "other"]]);
    const objects = [shown({ text: '{"title":"one","@deleted":true}', deleted: true })];
    const state = { log: [...log, deleted], objects, ...(conflicts && { conflicts }) };
    expect(await CHECKERS["no-lost-edit"]?.(world({}, state))).toHaveLength(2);
  });

  test("as-the-oracle is content with a right merge, whatever names clash beside it", () => {
    const name: ConflictRow = { ...conflict(["one", "other"]), path: "/name", kind: "name" };
    expect(CHECKERS["as-the-oracle"]?.(world({}, decided({}, {}, name)))).toEqual([]);
  });

  test("as-the-oracle looks at equal objects under each policy", () => {
    const check = (law: Policy): unknown => {
      const other = { ...decided({ revision: mergeOf("q") }), policy: "q", law };
      return CHECKERS["as-the-oracle"]?.(world(decided(), other));
    };
    expect(check(DEFAULT_POLICY)).toEqual([]);
    expect(check({ ...DEFAULT_POLICY, default: { priority: [A] } })).toHaveLength(1);
  });

  test("one-policy lets a target keep its own, but not over a link both ways", async () => {
    const apart = world({ policy: "x", policies: ["x"] }, { policy: "y", policies: ["y"] });
    expect(await CHECKERS["one-policy"]?.(apart)).toEqual([]);
    const back = { source: "B", target: "A", scope, ...takesAll };
    const both = { ...apart, flows: [...apart.flows, back] };
    expect(await CHECKERS["one-policy"]?.(both)).toHaveLength(2);
  });

  test("acknowledged-kept lets an author drop what somebody else has", () => {
    const r3 = { id: id("r3"), object };
    const check = (b: Partial<InstanceState>): unknown => {
      const dropped = { log: authored.slice(0, 2), acknowledged: [r3], dropped: new Set([r3.id]) };
      return CHECKERS["acknowledged-kept"]?.(world(dropped, b));
    };
    expect(check({})).toEqual([]);
    expect(check({ log: received.slice(0, 2) })).toHaveLength(1);
  });

  test("unique-names lets aliases share a name", async () => {
    const alias = { ...named("1", "a"), canonical: "2" as ObjectId };
    const objects = [alias, named("2", "a")];
    expect(await CHECKERS["unique-names"]?.(world({}, { objects }))).toEqual([]);
  });

  test("dense-sequences and stamps-rise let out what was refused first or comes early, and nothing else", async () => {
    const late = { hlc: 20, actor: "A/1" as ActorId };
    const log = [
      logged(1, "r1"),
      logged(2, "r3", { seq: 3 }),
      logged(3, "r2", { ...late, seq: 2 }),
    ];
    const check = async (invariant: string, ...refused: string[]): Promise<unknown> =>
      await CHECKERS[invariant]?.(world({}, { log, refused: new Set(refused.map(id)) }));
    const checkEarly = async (invariant: string, early: string): Promise<unknown> => {
      const { authored: all, ...others } = world({}, { log });
      const comesEarly = (one: RevisionId): boolean => one === early;
      return await CHECKERS[invariant]?.({ ...others, authored: { ...all, comesEarly } });
    };
    for (const invariant of ["dense-sequences", "stamps-rise"]) {
      expect(await check(invariant, "r2")).toEqual([]);
      expect(await check(invariant, "r1")).not.toEqual([]);
      expect(await checkEarly(invariant, "r3")).toEqual([]);
      expect(await checkEarly(invariant, "r1")).not.toEqual([]);
    }
  });

  test("nothing-refused lets a copy wait for what comes over links that it has not", async () => {
    const waiting = { ...refused, code: "PARENT_MISSING", waitsFor: "r1" };
    const copy = { copiedFrom: "B", quarantined: [waiting] };
    const check = async (flows: WorldState["flows"]): Promise<unknown> => {
      const { instances, ...others } = world();
      const C = { ...target, ...copy, name: "C" };
      const state = { ...others, instances: new Map([...instances, ["C", C]]), flows };
      return await CHECKERS["nothing-refused"]?.(state);
    };
    const { flows } = world();
    expect(await check(flows)).toEqual([]);
    expect(await check([...flows, { source: "A", target: "C", scope, ...takesAll }])).toHaveLength(
      1,
    );
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

  test("dense-sequences and stamps-rise let out what comes back in part", () => {
    const late = { actor: "A/1" as ActorId, hlc: 9, seq: 2 };
    const log = [logged(1, "r1"), logged(2, "r3", { seq: 3 }), logged(3, "r2", late)];
    const check = (invariant: string, who: string): unknown => {
      const { authored: all, ...others } = world({}, { log });
      const comesInPart = (actor: ActorId): boolean => actor === who;
      return CHECKERS[invariant]?.({ ...others, authored: { ...all, comesInPart } });
    };
    for (const invariant of ["dense-sequences", "stamps-rise"]) {
      expect(check(invariant, "A/1")).toEqual([]);
      expect(check(invariant, "B/1")).not.toEqual([]);
    }
  });

  test("what comes back with the own of who was set back may come over any link", () => {
    const B = derivedId("B") as InstanceId;
    const own = logged(4, "r4", { actor: actorId(B, "1"), seq: 1 });
    const check = (state: WorldState, invariant: string, b: Partial<InstanceState>): unknown => {
      const there = { ...target, id: B, ids: new Set([B]), objects: [shown({})], ...b };
      const instances = new Map([...state.instances, ["B", there]]);
      return CHECKERS[invariant]?.({ ...state, instances });
    };
    const back = { log: [...received, own], wasSetBack: true };
    const states = { "only-over-flows": { ...world(), flows: [] }, "left-is-kept": outOfScope };
    for (const [invariant, state] of Object.entries(states)) {
      expect(check(state, invariant, back)).toEqual([]);
      expect(check(state, invariant, { ...back, wasSetBack: false })).not.toEqual([]);
      expect(check(state, invariant, { ...back, log: received })).not.toEqual([]);
    }
  });

  test("left-is-kept lets out what came otherwise than over the links that are there", () => {
    const check = (b: Partial<InstanceState>, more: Partial<InstanceState>[] = []): unknown => {
      const { instances, flows } = outOfScope;
      const there = { ...target, objects: [shown({})], ...b };
      const others = more.map((one, index) => ({ ...target, ...one, name: `C${index}` }));
      const all = [...instances.values(), there, ...others].map((one) => [one.name, one] as const);
      const toOriginal = { source: "A", target: "C0", scope, ...takesAll };
      const fromCopy = { source: "C0", target: "B", scope, ...takesAll };
      const linked = more.length === 0 ? flows : [...flows, b.copiedFrom ? toOriginal : fromCopy];
      return CHECKERS["left-is-kept"]?.({ ...outOfScope, instances: new Map(all), flows: linked });
    };
    const B = derivedId("B") as InstanceId;
    const own = received.map((entry) => ({ ...entry, actor: actorId(B, "1") }));
    expect(check({ id: B, log: own })).toEqual([]);
    expect(check({ id: B, log: [...own, logged(4, "r4", { source: A })] })).toHaveLength(1);
    expect(check({ copiedFrom: "C0" }, [{}])).toEqual([]);
    const later = [...received, logged(4, "r4", { source: A })];
    expect(check({ copiedFrom: "C0", log: later }, [{}])).toHaveLength(1);
    expect(check({}, [{ ids: new Set([A]) }])).toEqual([]);
    expect(check({}, [{ ids: new Set() }])).toHaveLength(1);
  });
});
