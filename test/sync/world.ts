// Two instances and what tests do with them: author packages, link, sync over a memory connection.
import { createHash } from "node:crypto";
import type { InstanceId, ObjectId } from "../../src/base/ids.ts";
import type { Clock } from "../../src/base/ports/clock.ts";
import type { RandomSource } from "../../src/base/ports/random.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Direction, LinkRow, RunRow } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import type { Codec } from "../../src/sync/codec.ts";
import type { Connection } from "../../src/sync/connection.ts";
import { acceptSync } from "../../src/sync/host/accept-sync.ts";
import { type RunLinkOptions, runLink } from "../../src/sync/host/run-link.ts";
import { type MemoryPairOptions, memoryPair } from "../../src/sync/memory/memory-connection.ts";

/** A clock that moves one millisecond each time it is asked. */
export function tickingClock(startMs: number = Date.UTC(2026, 0, 1)): Clock {
  let nowMs = startMs;
  return { nowMs: () => nowMs++, monotonicMs: () => nowMs++ };
}

/** A random source that gives the same bytes for the same seed. */
export function seededRandom(seed: string): RandomSource {
  let count = 0;
  return {
    bytes(length) {
      const parts: Buffer[] = [];
      for (let size = 0; size < length; size += 32) {
        parts.push(createHash("sha256").update(`${seed}/${count++}`).digest());
      }
      return Buffer.concat(parts).subarray(0, length);
    },
  };
}

/** A UUID (version 4) that a text stands for. */
export function uuidFor(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const tail = `4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${tail}`;
}

export function memoryStore(name: string, epoch = "epoch"): MemoryStore {
  return new MemoryStore(originOf(name, epoch));
}

function originOf(name: string, epoch: string) {
  const instance = uuidFor(`instance ${name}`) as InstanceId;
  const identity = { instance, name, epoch: uuidFor(`${epoch} ${name}`) };
  return { identity, clock: tickingClock(), random: seededRandom(name + epoch) };
}

/** Creates one package per number, `perChangeset` in one changeset, of about `bytes` each. */
export async function addPackages(
  store: Store,
  numbers: readonly number[],
  options: { readonly perChangeset?: number; readonly bytes?: number } = {},
): Promise<void> {
  const { perChangeset = 10, bytes = 300 } = options;
  for (let start = 0; start < numbers.length; start += perChangeset) {
    await store.author({
      author: "tester",
      message: "add packages",
      changes: numbers.slice(start, start + perChangeset).map((number) => ({
        kind: "put",
        object: uuidFor(`package ${number}`) as ObjectId,
        type: "package",
        content: { name: `package-${number}`, notes: noise(number, bytes), title: `P ${number}` },
        mode: "create",
      })),
    });
  }
}

export async function retitle(store: Store, number: number, title: string): Promise<void> {
  await store.author({
    author: "tester",
    message: "edit",
    changes: [{ kind: "set", object: uuidFor(`package ${number}`) as ObjectId, value: { title } }],
  });
}

/** Text that does not compress well, so that byte counts mean something. */
function noise(number: number, bytes: number): string {
  const random = seededRandom(`notes ${number}`);
  return Buffer.from(random.bytes(Math.ceil(bytes / 2))).toString("hex");
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

export function linkRow(direction: Direction, more: Partial<LinkRow> = {}): LinkRow {
  return {
    name: "l",
    url: "memory:",
    direction,
    mode: "manual",
    peer: null,
    peerName: null,
    scope: null,
    maxRemovals: "5%",
    tokenFile: null,
    remoteHead: null,
    confirmed: null,
    ...more,
  };
}

export interface SyncedRuns {
  readonly dialer: RunRow;
  readonly acceptor: RunRow;
  /** What was delivered: `>` from the dialer, `<` from the acceptor; batches as `batch`. */
  readonly frames: readonly string[];
}

export interface SyncOptions extends MemoryPairOptions {
  readonly allow?: { readonly pull: boolean; readonly push: boolean };
  readonly run?: Partial<RunLinkOptions>;
  readonly link?: Partial<LinkRow>;
  /** The acceptor's. */
  readonly codec?: () => Codec;
  /** Changes frames on their way, of both sides. */
  readonly alter?: (frame: string | Uint8Array) => string | Uint8Array;
}

/** Counts syncs: each draws ids of its own. */
let syncs = 0;

/** Runs a link once over a memory connection; the link is kept in the dialer's store. */
export async function syncOnce(
  local: Store,
  remote: Store,
  direction: Direction,
  options: SyncOptions = {},
): Promise<SyncedRuns> {
  const links = await local.links();
  const { instance } = await remote.identity();
  const isFor = (peer: LinkRow["peer"]): boolean => peer === null || peer === instance;
  const known = links.find(({ direction: is, peer }) => is === direction && isFor(peer));
  const name = links.length === 0 ? "l" : `l${links.length}`;
  const link = { ...(known ?? linkRow(direction, { name })), ...options.link };
  if (known === undefined) await local.saveLink(link);
  const frames: string[] = [];
  const connect = () =>
    memoryPair({
      ...options,
      onFrame(from, data) {
        const kind = typeof data === "string" ? (/^{"m":"(\w+)"/.exec(data)?.[1] ?? "?") : "batch";
        frames.push(`${from === "dialer" ? ">" : "<"}${kind}`);
        options.onFrame?.(from, data);
      },
    });
  const random = seededRandom(`run ${++syncs}`);
  const ports = { clock: tickingClock(), timers: systemTimers, random };
  const allow = options.allow ?? { pull: true, push: true };
  const { codec } = options;
  const pair = connect();
  const accept = (acceptor: Connection): Promise<RunRow> => {
    const connection = altered(acceptor, options.alter);
    return acceptSync({ store: remote, connection, allow, codec, ...ports });
  };
  let accepted = accept(pair.acceptor);
  let dials = 0;
  const dial = async (): Promise<Connection> => {
    // A run that begins anew connects again.
    const now = dials++ === 0 ? pair : connect();
    if (now !== pair) accepted = accept(now.acceptor);
    return altered(now.dialer, options.alter);
  };
  const dialer = await runLink({ store: local, link, dial, ...ports, ...options.run });
  if (dialer.error?.code === "LINK_UNSUPPORTED") pair.cut();
  return { dialer, acceptor: await accepted, frames };
}

/** A connection whose frames change on their way out. */
function altered(connection: Connection, alter: SyncOptions["alter"]): Connection {
  if (alter === undefined) return connection;
  return new Proxy(connection, {
    get(target, name) {
      if (name === "send") return (frame: string | Uint8Array) => target.send(alter(frame));
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** What a copy of a store's file would be. */
export function copyOf(store: MemoryStore, seed: string): MemoryStore {
  return store.copy({ clock: tickingClock(), random: seededRandom(seed) });
}

/**
 * A store with the same log as `of` up to a position, without its cursors; in an epoch of its own,
 * as a restored backup is, or in that of `of`, as where nobody notices.
 */
export async function restored(
  of: MemoryStore,
  name: string,
  options: { readonly upTo: number; readonly epoch: string },
): Promise<MemoryStore> {
  const { identity, ...ports } = originOf(name, options.epoch);
  const copy = memoryStore("somebody else");
  let after = 0;
  while (after < options.upTo) {
    const page = of.readPage(after, { revisions: options.upTo - after, bytes: 1_000_000 });
    if (page === undefined) break;
    copy.apply({ source: null, bytes: page.bytes, cursor: null });
    after = page.to;
  }
  // It draws other ids than the first one did.
  return copy.copy({ ...ports, identity, random: seededRandom(`${name} again`) });
}

/** A store that answers like `store`, but for the given methods. */
export function withMethods(store: Store, methods: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get({ ...methods }, name) ?? Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
}
