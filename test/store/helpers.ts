/** What the tests of stores share: identities, a clock, sources of batches, expected refusals. */
import { expect } from "vitest";
import type { ErrorCode } from "../../src/base/error-codes.ts";
import { SynclineError } from "../../src/base/errors.ts";
import type { InstanceId, ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { Clock } from "../../src/base/ports/clock.ts";
import type { RandomSource } from "../../src/base/ports/random.ts";
import type { AuthorCommand, Change } from "../../src/log/author.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { StorePorts } from "../../src/store/plan-tables.ts";
import type { Identity, LogPage } from "../../src/store/rows.ts";
import type { ApplyBatch, Store } from "../../src/store/store.ts";
import { EPOCH, uuid } from "./records.ts";

export function identity(n: number): Identity {
  return { instance: uuid<InstanceId>(0xb0000 + n), name: `site-${n}`, epoch: EPOCH };
}

/** A clock that stands still until it is told otherwise. */
export class TestClock implements Clock {
  ms = 1_800_000_000_000;
  nowMs(): number {
    return this.ms;
  }
  monotonicMs(): number {
    return this.ms;
  }
}

/** Bytes that look random and are the same in each run (xorshift32). */
export class TestRandom implements RandomSource {
  #state: number;
  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 || 1;
  }
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#next() & 0xff);
  }
  #next(): number {
    let x = this.#state | 0;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 8;
  }
}

export function testPorts(seed: number): StorePorts & { readonly clock: TestClock } {
  return { clock: new TestClock(), random: new TestRandom(seed) };
}

/** A store to take batches from. */
export function memoryStore(n: number): MemoryStore {
  return new MemoryStore({ identity: identity(n), ...testPorts(n) });
}

export function command(...changes: readonly Change[]): AuthorCommand {
  return { author: "ana", message: "a change", changes };
}

export function put(
  object: ObjectId,
  content: JsonObject,
  mode: "create" | "replace" | "absent" = "create",
  type = "note",
): Change {
  return { kind: "put", object, type, content, mode };
}

/** Sets one top-level field of the stored document, there or not. */
export function setField(object: ObjectId, key: string, value: string): Change {
  return { kind: "patch", object, patch: [{ op: "add", path: `/${key}`, value }] };
}

export const EVERYTHING = { revisions: 1_000_000, bytes: 1_000_000_000 };

export async function wholeLog(store: Store): Promise<LogPage> {
  const page = await store.readPage(0, EVERYTHING);
  if (page === undefined) throw new Error("the log is empty");
  return page;
}

/** A batch that moves no cursor. */
export function from(source: Identity | null, bytes: Uint8Array): ApplyBatch {
  // Copied: a store behind a thread takes the bytes for good.
  return { source: source?.instance ?? null, bytes: Uint8Array.from(bytes), cursor: null };
}

/** Sends everything from one store to another. */
export async function transfer(source: Store, target: Store): Promise<void> {
  const page = await wholeLog(source);
  await target.apply(from(await source.identity(), page.bytes));
}

/** Everything of a store that a failed call must leave as it was. */
export async function imprint(store: Store): Promise<unknown> {
  return {
    head: await store.head(),
    digest: await store.digest(),
    counts: await store.counts(),
    quarantine: await store.quarantine(),
  };
}

/** Expects a call to fail with this code, at once or by a promise. */
export async function expectError(call: () => unknown, code: ErrorCode): Promise<SynclineError> {
  let thrown: unknown;
  try {
    await call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(SynclineError);
  const error = thrown as SynclineError;
  expect(error.code).toBe(code);
  return error;
}

/** Expects a call to fail with this code and to leave the store as it was. */
export async function expectNoEffect(
  store: Store,
  code: ErrorCode,
  call: () => unknown,
): Promise<SynclineError> {
  const before = await imprint(store);
  const error = await expectError(call, code);
  expect(await imprint(store)).toEqual(before);
  return error;
}
