// What the tests of the session state machine share: two instances, events in short, and a way to
// read effects.

import type { InstanceId } from "../../src/base/ids.ts";
import { inForce } from "../../src/log/policies.ts";
import { encodeBatch } from "../../src/protocol/batch.ts";
import { type ControlMessage, encodeControl } from "../../src/protocol/control.ts";
import type { ScopeState } from "../../src/scope/evaluate-scope.ts";
import { EVERYTHING_HASH } from "../../src/scope/scope.ts";
import type { Direction, Identity, LogPage, Rung } from "../../src/store/rows.ts";
import { namedScope } from "../../src/sync/scope-ref.ts";
import type { Standing } from "../../src/sync/session/continuity.ts";
import type { Effect } from "../../src/sync/session/effects.ts";
import type { SessionEvent } from "../../src/sync/session/events.ts";
import type { SessionOptions } from "../../src/sync/session/options.ts";
import type { SessionResult } from "../../src/sync/session/result.ts";
import { Session } from "../../src/sync/session/session.ts";
import { uuidFor } from "./world.ts";

export const own: Identity = {
  instance: uuidFor("own") as InstanceId,
  name: "own",
  epoch: uuidFor("e1"),
};
export const peerId = uuidFor("peer") as InstanceId;
export const peerEpoch: string = uuidFor("e2");
export const chainOf = (lsn: number): string => lsn.toString(16).padStart(32, "0");
export const chainBytes = (lsn: number): Buffer => Buffer.from(chainOf(lsn), "hex");
export const rung = (lsn: number): Rung => ({ epoch: peerEpoch, lsn, chain: chainOf(lsn) });
export const wire = ({ epoch, lsn, chain }: Rung): [string, number, string] => [epoch, lsn, chain];

export const dialing = (direction: Direction, peer: InstanceId | null = null): SessionOptions => ({
  role: "dialer",
  identity: own,
  direction,
  peer,
  scope: namedScope(),
});
export const accepting = (
  allow: { pull: boolean; push: boolean } = { pull: true, push: true },
): SessionOptions => ({
  role: "acceptor",
  identity: own,
  allow,
});

export const hello: object = {
  m: "hello",
  v: [1, 1],
  id: peerId,
  epoch: peerEpoch,
  name: "peer",
  schema: 1,
  algo: 1,
  head: [50, chainOf(50)],
  want: "push",
};
export const welcome: object = {
  m: "welcome",
  v: 1,
  id: peerId,
  epoch: peerEpoch,
  schema: 1,
  algo: 1,
  head: [50, chainOf(50)],
};

export const NO_DOUBT: Standing = {
  ...{ number: 0, recovers: false, former: [], met: [], known: null, knownOfFormer: [] },
  ownEpochs: [],
  ...{ earlier: null, ownLadder: [] },
};

export const opened: SessionEvent = { kind: "opened" };
export const frame = (message: object): SessionEvent => ({
  kind: "frame",
  data: encodeControl(message as ControlMessage),
});
export const looked = (lsn: number, ladder: readonly Rung[] = []): SessionEvent => ({
  kind: "looked",
  head: { lsn, chain: chainBytes(lsn) },
  ladder,
  policy: inForce([]),
  judged: null,
  standing: NO_DOUBT,
  scope: scopeAt(lsn),
});
/** How the scope that takes all stands at a source without exceptions. */
export const scopeAt = (lsn: number): ScopeState => ({
  ...{ hash: EVERYTHING_HASH, lsn, isCurrent: true, isNew: false, takesAll: true },
  ...{ round: 0, changed: 0, unknown: [] },
});
export const evaluated = (lsn: number, more: Partial<ScopeState> = {}): SessionEvent => ({
  kind: "evaluated",
  state: { ...scopeAt(lsn), ...more },
});
export const batch = (
  after: number,
  to: number,
  rawBytes: number = 100,
  more: boolean = false,
): SessionEvent => ({
  kind: "frame",
  data: encodeBatch(
    { after, to, chain: chainOf(to), revisions: to - after, changesets: 1, rawBytes },
    more,
    [Buffer.from("z")],
  ),
});
export const decoded = (size: number = 100): SessionEvent => ({
  kind: "decoded",
  bytes: Buffer.alloc(size),
});
export const stored = (lsn: number): SessionEvent => ({
  kind: "stored",
  outcome: {
    changesets: 1,
    revisions: 2,
    objects: 2,
    purges: 0,
    duplicates: 0,
    discarded: 0,
    merged: 0,
    newConflicts: 0,
    removed: 0,
    restored: 0,
    refused: [],
    head: { lsn, chain: chainBytes(lsn) },
  },
});
export const page = (after: number, to: number, size: number = 100): SessionEvent => {
  const bytes = Buffer.alloc(size);
  const whole: LogPage = {
    after,
    to,
    chain: chainBytes(to),
    revisions: to - after,
    changesets: 1,
    bytes,
  };
  return { kind: "page", page: whole };
};

/** What the last of these events leads to. */
export function play(
  options: SessionOptions,
  ...events: readonly SessionEvent[]
): readonly Effect[] {
  const session = new Session(options);
  return events.map((event) => session.step(event)).at(-1) ?? [];
}

/** The effects in short: messages by name, others by kind; timers left out. */
export function short(effects: readonly Effect[]): string {
  return effects
    .filter(({ kind }) => kind !== "setTimer" && kind !== "cancelTimer" && kind !== "progress")
    .map((effect) => (effect.kind === "send" ? effect.message.m.toUpperCase() : effect.kind))
    .join(" ");
}

export function resultOf(effects: readonly Effect[]): SessionResult | undefined {
  return effects.find((effect) => effect.kind === "finish")?.result;
}

export const sent = (effects: readonly Effect[]): readonly ControlMessage[] =>
  effects.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));

/** Up to where a target has received START from position 0. */
export const pulling: readonly SessionEvent[] = [
  opened,
  looked(0),
  frame(welcome),
  looked(0),
  frame({ m: "start", from: 0, to: 50 }),
];
/** Up to where a source knows its peer. */
export const pushing: readonly SessionEvent[] = [opened, looked(50), frame(welcome)];
export const resume: SessionEvent = frame({ m: "resume", ladder: [], credit: 1000 });
