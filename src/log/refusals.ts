import type { ErrorCode } from "../base/error-codes.ts";
import { SynclineError } from "../base/errors.ts";
import { QUARANTINE_BYTES_MAX, QUARANTINE_RECORDS_MAX } from "../base/limits.ts";
import type { LogReader } from "./reader.ts";
import type { LogWrites, Refused } from "./writes.ts";

/** The reason a record is refused, with what it waits for: an id, or an own number. */
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
  readonly #released = new Set<string>();

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  add(refused: Kept): void {
    this.#refused.set(refused.key, refused);
    this.#released.delete(refused.key);
    if (refused.waitsFor === null) return;
    const waiting = this.#waiting.get(refused.waitsFor);
    if (waiting === undefined) this.#waiting.set(refused.waitsFor, [refused.key]);
    else waiting.push(refused.key);
  }

  /** A record that is stored now need not be kept here, whatever was said of it before. */
  release(hash: Buffer): void {
    if (this.#refused.size === 0 && this.#reader.quarantineSize().records === 0) return;
    const key = hash.toString("hex");
    this.#refused.delete(key);
    if (this.#reader.isQuarantined(key)) this.#released.add(key);
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
      yield { bytes: this.#reader.quarantinedBytes(key), isOfBatch: false };
    }
  }

  /** The refused records of this batch. */
  ofBatch(): { readonly id: string | null; readonly code: string }[] {
    return [...this.#refused.values()]
      .filter(({ isOfBatch }) => isOfBatch)
      .map(({ id, code }) => ({ id, code }));
  }

  /** What goes into the quarantine and out of it. A full quarantine takes no new record. */
  writes(): Pick<LogWrites, "refused" | "overflow" | "released"> {
    const released = [...this.#released];
    const refused: Refused[] = [];
    let { records, bytes } = this.#reader.quarantineSize();
    records -= released.length;
    let overflow = 0;
    for (const one of this.#refused.values()) {
      if (!this.#reader.isQuarantined(one.key)) {
        if (records >= QUARANTINE_RECORDS_MAX || bytes + one.bytes.length > QUARANTINE_BYTES_MAX) {
          overflow += 1;
          continue;
        }
        records += 1;
        bytes += one.bytes.length;
      }
      refused.push(one);
    }
    return { refused, overflow, released };
  }
}
