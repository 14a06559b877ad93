import type { InstanceId } from "../../base/ids.ts";
import { BATCH_RECORDS_MAX } from "../../base/limits.ts";
import { MemoryStore } from "../../store/memory/memory-store.ts";
import { Prng } from "../random/prng.ts";
import { readDerived } from "../world/read-derived.ts";
import { difference } from "./equal-states.ts";
import type { Checker, InstanceState, LoggedEntry } from "./world-state.ts";

const PIECE_MAX = 40;

/**
 * What one of the instances holds, given to an empty store in another order that keeps parents before
 * children, and in other pieces, comes to the same.
 */
export const replays: Checker = async ({ instances }) => {
  const all = [...instances.values()];
  const random = new Prng(Number.parseInt(all[0]?.chain.slice(0, 8) ?? "0", 16), "replay");
  const instance = random.pick(all);
  const wrong = difference(instance, await replayed(instance, random));
  return wrong === undefined ? [] : [`${instance.name} and its records in another order ${wrong}`];
};

async function replayed({ id, log, policies, edition }: InstanceState, random: Prng) {
  const peer = "00000000-0000-4000-8000-000000000000" as InstanceId;
  const identity = { instance: peer, name: "replay", epoch: id };
  const clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const store = new MemoryStore({ identity, clock, random, edition });
  const pieces = split(shuffled(log, random), random);
  const policyAt = random.between(0, pieces.length);
  for (const [at, piece] of pieces.entries()) {
    if (at === policyAt) store.takePolicies({ peer: id, records: policies });
    const lines = piece.flatMap(({ changeset, text }) =>
      changeset === null ? [text] : [changeset, text],
    );
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    store.apply({ source: null, bytes, cursor: null });
  }
  if (policyAt === pieces.length) store.takePolicies({ peer: id, records: policies });
  return await readDerived(store);
}

/** A random order in which no revision comes before its parents. */
function shuffled(log: readonly LoggedEntry[], random: Prng): LoggedEntry[] {
  const waiting = new Map(log.map((entry) => [entry.id, entry.parents.length]));
  const ready = log.filter(({ parents }) => parents.length === 0);
  const children = Map.groupBy(
    log.flatMap((entry) => entry.parents.map((parent) => ({ parent, entry }))),
    ({ parent }) => parent,
  );
  const order: LoggedEntry[] = [];
  while (ready.length > 0) {
    const [entry] = ready.splice(random.between(0, ready.length - 1), 1) as [LoggedEntry];
    order.push(entry);
    for (const { entry: child } of children.get(entry.id) ?? []) {
      const left = (waiting.get(child.id) as number) - 1;
      waiting.set(child.id, left);
      if (left === 0) ready.push(child);
    }
  }
  return order;
}

function split(log: readonly LoggedEntry[], random: Prng): LoggedEntry[][] {
  const pieces: LoggedEntry[][] = [];
  const sizeMax = random.magnitude(1, Math.min(PIECE_MAX, BATCH_RECORDS_MAX));
  for (let at = 0; at < log.length; ) {
    const size = random.between(1, sizeMax);
    pieces.push(log.slice(at, at + size));
    at += size;
  }
  return pieces;
}
