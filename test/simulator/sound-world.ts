import type { ActorId, InstanceId, ObjectId, RevisionId } from "../../src/base/ids.ts";
import { THIS_EDITION } from "../../src/log/edition.ts";
import { DEFAULT_POLICY } from "../../src/merge/policy.ts";
import {
  cursorKey,
  type Flow,
  type InstanceState,
  type LoggedEntry,
  type Refused,
  type WorldState,
} from "../../src/scenario/checkers/world-state.ts";
import { TAKES_ALL } from "../../src/scenario/world/scopes.ts";
import { stateDigest } from "../../src/store/digest.ts";
import type { ObjectRow } from "../../src/store/rows.ts";

export const id = (name: string): RevisionId => name as RevisionId;
export const object = "object" as ObjectId;
export const A = "instance A" as InstanceId;

export function logged(lsn: number, name: string, more: Partial<LoggedEntry> = {}): LoggedEntry {
  const actor = "A/1" as ActorId;
  const parents = lsn === 1 ? [] : [id(`r${lsn - 1}`)];
  const entry = { lsn, id: id(name), object, parents, actor, seq: lsn, hlc: lsn * 10 };
  const record = { hash: name, text: "", changeset: null, patch: [], pins: [] };
  return { ...entry, kind: "revision", source: null, ...record, ...more };
}

export const authored: readonly LoggedEntry[] = [logged(1, "r1"), logged(2, "r2"), logged(3, "r3")];
export const received: LoggedEntry[] = authored.map((entry) => ({ ...entry, source: A }));

export const nothing: string = stateDigest([], []);
export const scope: string = TAKES_ALL.text;
export const takesAll: Pick<Flow, "refusesPurges" | "refusesUnmapped" | "drops"> = {
  refusesPurges: false,
  refusesUnmapped: false,
  drops: false,
};
export const refused: Refused = {
  id: "r2",
  code: "BODY_HASH_MISMATCH",
  message: "no",
  waitsFor: null,
};

export const source: InstanceState = {
  name: "A",
  version: "old",
  edition: THIS_EDITION,
  id: A,
  ids: new Set([A]),
  log: authored,
  head: 3,
  chain: "c3",
  gone: new Set(),
  policy: "p",
  policies: [],
  law: DEFAULT_POLICY,
  cursors: new Map(),
  digest: nothing,
  conflicts: [],
  objects: [],
  authoredDigest: nothing,
  findings: [],
  quarantined: [],
  refused: new Set(),
  dropped: new Set(),
  departures: [],
  mappings: [],
  receivesAll: true,
  acknowledged: [
    { id: id("r1"), object },
    { id: id("r3"), object },
  ],
  receivedCount: 0,
  appliedCount: 0,
  recordedCount: 0,
  onlySends: true,
  copiedFrom: "A",
  wasSetBack: false,
  isUnaware: false,
};
export const target: InstanceState = {
  ...source,
  name: "B",
  id: "instance B" as InstanceId,
  log: received,
  cursors: new Map([[cursorKey({ source: "A", scope }), { epoch: "e", lsn: 3, chain: "c3" }]]),
  authoredDigest: null,
  onlySends: false,
  copiedFrom: "B",
  acknowledged: [],
  receivedCount: 3,
  appliedCount: 3,
  recordedCount: 2,
};

export function world(a: Partial<InstanceState> = {}, b: Partial<InstanceState> = {}): WorldState {
  return {
    instances: new Map([
      ["A", { ...source, ...a }],
      ["B", { ...target, ...b }],
    ]),
    flows: [{ source: "A", target: "B", scope, ...takesAll }],
    authored: {
      objectOf: (_actor, seq) => (seq <= 3 ? object : undefined),
      isGone: (one) => a.gone?.has(one) === true || b.gone?.has(one) === true,
      isForked: () => false,
      comesInPart: () => false,
      comesEarly: () => false,
      idOf: (_actor, seq) => id(`r${seq}`),
      placeOf: () => "A",
    },
    vanished: new Set(),
    batchesSinceQuiet: 0,
  };
}

/** An object as it is shown. */
export function shown(more: Partial<ObjectRow>): ObjectRow {
  const names = { name: null, effectiveName: null, canonical: object };
  const at = { heads: [id("r3")], revision: id("r3"), bodyHash: "h", lsn: 3 };
  return {
    id: object,
    type: "package",
    ...names,
    deleted: false,
    parked: false,
    ...at,
    text: "{}",
    ...more,
  };
}
