import { SynclineError } from "../../base/errors.ts";
import { APPLY_BYTES_MAX, BATCH_STAGED_BYTES_MAX, LEFT_WAITING_MAX } from "../../base/limits.ts";
import { freeMemory, joined } from "../../base/own-memory.ts";
import type { LogPoint } from "../../log/source-chain.ts";
import type { BatchHeader } from "../../protocol/batch.ts";
import type { Left } from "./drops.ts";
import { BEGINNING, unexpected } from "./wire.ts";

/** A frame that is being decoded. */
interface Frame {
  readonly header: BatchHeader;
  /** More fragments of the same batch will come. */
  readonly more: boolean;
  /** Where its batch begins, if not where the one before it ended. */
  readonly start: LogPoint | null;
}

/** A whole batch that waits for the store. */
export interface Staged {
  readonly start: LogPoint | null;
  readonly end: LogPoint;
  readonly bytes: Uint8Array;
  /** It is history of what entered the scope, which moves no cursor. */
  readonly entered: boolean;
  /** Nothing but word of objects that left the scope. */
  readonly left?: Left;
  /** Credit that its commit returns. */
  readonly credit: number;
}

/** What the store works on; without credit a cursor that moves alone, `left` what left the scope. */
export type Applying =
  | (Pick<Staged, "end"> & Partial<Pick<Staged, "credit" | "entered">>)
  | "purges"
  | "left";

/** Puts frames together to batches, in the order in which they came: decoding, then ready. */
export class Staging {
  readonly #decoding: (Frame | Staged)[] = [];
  /** The header of the batch of which more fragments will come. */
  #fragmentOf: BatchHeader | undefined;
  readonly #fragments: Uint8Array[] = [];
  #bytes = 0;
  /** Objects that left and are not taken yet. */
  #left = 0;
  readonly #ready: Staged[] = [];

  /** Frames and batches that are not taken yet. */
  get count(): number {
    return this.#decoding.length + this.#ready.length;
  }

  get isDecoding(): boolean {
    return this.#decoding.length > 0;
  }

  /** True when the next that is ready is anything but word of what left the scope. */
  get isBatchNext(): boolean {
    const [next] = this.#ready;
    return next !== undefined && next.left === undefined;
  }

  /** Takes note of objects that left the scope, behind the frames that came so far. */
  putLeft(left: Left): void {
    this.#left += left.objects.length;
    if (this.#left > LEFT_WAITING_MAX) throw unexpected("EVICT without end");
    const nowhere = { lsn: 0, chain: "" };
    const bytes = new Uint8Array(0);
    this.#decoding.push({ start: nowhere, end: nowhere, bytes, entered: false, left, credit: 0 });
    this.#settle();
  }

  /** What need not be decoded is ready as soon as everything before it is. */
  #settle(): void {
    for (let first = this.#decoding[0]; first !== undefined; first = this.#decoding[0]) {
      if ("header" in first) return;
      this.#ready.push(first);
      this.#decoding.shift();
    }
  }

  /** True when the last frame was not the last one of its batch. */
  get isAmidBatch(): boolean {
    return this.#fragmentOf !== undefined;
  }

  /** Takes note of a frame that came. Throws `PROTOCOL_ERROR` if another batch is not complete. */
  expect(frame: Frame): void {
    const { header, more } = frame;
    const first = this.#fragmentOf;
    if (first !== undefined && (header.to !== first.to || header.chain !== first.chain)) {
      throw unexpected("a fragment of another batch");
    }
    this.#fragmentOf = more ? header : undefined;
    this.#decoding.push(frame);
  }

  /**
   * Adds what the oldest such frame holds, and says what it made complete; undefined for a frame
   * that nobody waits for any more. Throws `FRAME_TOO_LARGE` for a batch over the limit.
   */
  add(bytes: Uint8Array): "fragment" | "batch" | undefined {
    const frame = this.#decoding.shift();
    if (frame === undefined || !("header" in frame)) return undefined;
    const credit = bytes.length;
    this.#bytes += credit;
    if (this.#bytes > BATCH_STAGED_BYTES_MAX) {
      throw new SynclineError("FRAME_TOO_LARGE", `a batch over ${BATCH_STAGED_BYTES_MAX} bytes`);
    }
    this.#fragments.push(bytes);
    if (frame.more) return "fragment";
    const whole = joinedOnce(this.#fragments.splice(0));
    this.#bytes = 0;
    const { header, start } = frame;
    const end = { lsn: header.to, chain: header.chain };
    const entered = header.entered === true;
    this.#ready.push({ start, end, bytes: whole, entered, credit });
    this.#settle();
    return "batch";
  }

  /** What is ready, as one batch up to a limit: one commit for several costs much less. */
  take(): Staged | undefined {
    let [count, bytes] = [0, 0];
    for (const one of this.#ready) {
      bytes += one.bytes.length;
      if (count > 0 && (one.start !== null || bytes > APPLY_BYTES_MAX)) break;
      count += 1;
      if (one.entered || one.left !== undefined) break;
    }
    const taken = this.#ready.splice(0, count);
    const last = taken.at(-1);
    if (last === undefined) return undefined;
    this.#left -= last.left?.objects.length ?? 0;
    const credit = taken.reduce((sum, one) => sum + one.credit, 0);
    const { start } = taken[0] as Staged;
    return { ...last, start, bytes: joinedOnce(taken.map((one) => one.bytes)), credit };
  }

  /** Forgets everything that is not taken. */
  clear(): void {
    this.#decoding.length = 0;
    this.#ready.length = 0;
    this.#left = 0;
  }
}

/** Some bytes as one; their own memory is given back. */
function joinedOnce(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = joined(parts);
  for (const part of parts) freeMemory(part);
  return whole;
}

/**
 * Where a batch begins that comes when everything up to `arrived` came: null for there. What is in
 * between was left out, and the header says the chain after it.
 */
export function startOf(header: BatchHeader, arrived: LogPoint): LogPoint | null {
  const { after, afterChain, entered } = header;
  if (entered === true && after === 0) return BEGINNING;
  if (after === arrived.lsn) return null;
  if (afterChain === undefined || after < arrived.lsn) throw unexpected("a BATCH out of order");
  return { lsn: after, chain: afterChain };
}

/** Takes the first of some records as lines: as many as one commit stores, at least one. */
export function takeLines(records: string[]): Uint8Array {
  const lines: string[] = [];
  let chars = 0;
  for (const record of records) {
    chars += record.length;
    if (lines.length > 0 && chars > APPLY_BYTES_MAX) break;
    lines.push(`${record}\n`);
  }
  records.splice(0, lines.length);
  return Buffer.from(lines.join(""));
}
