import type { ErrorCode } from "../base/error-codes.ts";
import { SynclineError } from "../base/errors.ts";
import type { ObjectId } from "../base/ids.ts";
import {
  QUARANTINE_BYTES_MAX,
  QUARANTINE_RECORDS_MAX,
  QUARANTINE_UNKEPT_MAX,
} from "../base/limits.ts";
import type { LogReader } from "./reader.ts";
import type { LogWrites, Refused } from "./writes.ts";

/** The reason a record is refused, with the id that it waits for. */
export class Refusal extends SynclineError {
  readonly waitsFor: string | null;

  constructor(code: ErrorCode, message: string, waitsFor: string | null = null) {
    super(code, message);
    this.waitsFor = waitsFor;
  }
}

interface Kept extends Refused {
  /** False for a record that was in quarantine before and was only tried again. */
  readonly isOfBatch: boolean;
}

/**
 * The records that a plan refuses, and the quarantined ones that it could store after all. Within
 * the batch as in the store, a record that waits is found by what it waits for, so that the order
 * of records does not matter.
 */
export class Refusals {
  readonly #reader: LogReader;
  readonly #refused = new Map<string, Kept>();
  /** Keys of this batch's refused records by what they wait for. */
  readonly #waiting = new Map<string, string[]>();
  /** Keys of this batch's refused records by their id. */
  readonly #named = new Map<string, string[]>();
  readonly #released = new Set<string>();
  /** Keys of quarantined records that may go on, too, and whose bytes were not kept. */
  readonly lacking: Set<string> = new Set();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  add(refused: Kept): void {
    const { key, id, waitsFor } = refused;
    this.#refused.set(key, refused);
    this.#released.delete(key);
    if (id !== null) addTo(this.#named, id, key);
    if (waitsFor !== null) addTo(this.#waiting, waitsFor, key);
  }

  /**
   * A record that is stored now need not be kept here, and nothing that was refused under its id:
   * that can never be stored any more, and whoever waits for it has it.
   */
  release(id: string, hash: Buffer): void {
    const { records, unkept } = this.#reader.quarantineSize();
    if (this.#refused.size + records + unkept === 0) return;
    const key = hash.toString("hex");
    for (const one of [key, ...(this.#named.get(id) ?? [])]) this.#refused.delete(one);
    for (const one of this.#reader.quarantinedAs(id, key)) this.#released.add(one);
  }

  /** The records that may go on now that these revisions and changesets are here. */
  *waitingFor(ids: readonly string[]): Generator<{ bytes: Uint8Array; isOfBatch: boolean }> {
    for (const id of ids) {
      const keys = this.#waiting.get(id) ?? [];
      this.#waiting.delete(id);
      for (const key of keys) {
        const refused = this.#refused.get(key);
        if (refused?.waitsFor === id) yield refused;
      }
    }
    for (const key of this.#reader.waitingFor(ids)) {
      if (this.#refused.has(key) || this.#released.has(key)) continue;
      const bytes = this.#reader.quarantinedBytes(key);
      if (bytes.length > 0) yield { bytes, isOfBatch: false };
      else this.lacking.add(key);
    }
  }

  /**
   * Forgets the records that name an object which is gone, readable or not: nothing of it is kept.
   * Returns how many of this batch those are.
   */
  forget(isGone: (id: ObjectId) => boolean): number {
    let forgotten = 0;
    for (const { key, bytes, isOfBatch } of this.#refused.values()) {
      if (!objectsSeenIn(bytes).some(isGone)) continue;
      this.#refused.delete(key);
      if (isOfBatch) forgotten += 1;
    }
    return forgotten;
  }

  /** What records that are refused now wait for. */
  get awaited(): readonly string[] {
    return [...this.#refused.values()].flatMap(({ waitsFor }) => waitsFor ?? []);
  }

  /** The refused records of this batch. */
  ofBatch(): { readonly id: string | null; readonly code: string }[] {
    return [...this.#refused.values()]
      .filter(({ isOfBatch }) => isOfBatch)
      .map(({ id, code }) => ({ id, code }));
  }

  /**
   * What goes into the quarantine and out of it. A full quarantine keeps no new record, it only
   * knows of it; the room that this batch makes is there for the next one.
   */
  writes(): Pick<LogWrites, "refused" | "released"> {
    const refused: Refused[] = [];
    let { records, bytes, unkept } = this.#reader.quarantineSize();
    for (const one of this.#refused.values()) {
      const { length } = one.bytes;
      if (this.#reader.isQuarantined(one.key)) refused.push(one);
      else if (records < QUARANTINE_RECORDS_MAX && bytes + length <= QUARANTINE_BYTES_MAX) {
        records += 1;
        bytes += length;
        refused.push(one);
      } else if (unkept < QUARANTINE_UNKEPT_MAX) {
        unkept += 1;
        refused.push({ ...one, bytes: NOTHING });
      }
    }
    return { refused, released: [...this.#released] };
  }
}

const NOTHING = new Uint8Array(0);

const OBJECT_PLACE = /"object":"([0-9a-f-]{36})"/g;

/** The objects that a record names, as far as one can see; its own is among them. */
function objectsSeenIn(bytes: Uint8Array): ObjectId[] {
  const { buffer, byteOffset, length } = bytes;
  const text = Buffer.from(buffer, byteOffset, length).toString("latin1");
  return Array.from(text.matchAll(OBJECT_PLACE), ([, id]) => id as ObjectId);
}

function addTo(keys: Map<string, string[]>, id: string, key: string): void {
  const there = keys.get(id);
  if (there === undefined) keys.set(id, [key]);
  else there.push(key);
}
