import { z } from "zod";
import { isSynclineError, SynclineError } from "../base/errors.ts";
import type { Lsn } from "../base/ids.ts";
import { parseJson } from "../base/ingress/parse-json.ts";
import { BATCH_FRAGMENT_BYTES_MAX } from "../base/limits.ts";
import { joined } from "../base/own-memory.ts";
import * as fields from "./fields.ts";
import { damagedFrame, frameSum } from "./frame-sum.ts";

/** The header of a BATCH frame. All fragments of a batch have the same, but for `rawBytes`. */
export interface BatchHeader {
  /** The position in the source's log after which the batch begins, and its last position. */
  readonly after: Lsn;
  /**
   * The source's chain at `after`, when that is beyond what was sent before: the entries between
   * came from the target itself (two-way links), or are not in the scope.
   */
  readonly afterChain?: string;
  /**
   * The batch is no stretch of the log but history of objects that entered the scope: `after` is 0,
   * `to` the number of its records and `chain` a chain over them alone. It moves no cursor.
   */
  readonly entered?: true;
  readonly to: Lsn;
  /** The source's chain at `to`. */
  readonly chain: string;
  /** How much the whole batch holds. */
  readonly revisions: number;
  readonly changesets: number;
  /** Size of this frame's records before compression. */
  readonly rawBytes: number;
}

export const batchHeader: z.ZodType<BatchHeader> = z.strictObject({
  after: fields.whole,
  afterChain: z.exactOptional(fields.chain),
  entered: z.exactOptional(z.literal(true)),
  to: fields.whole,
  chain: fields.chain,
  revisions: fields.whole,
  changesets: fields.whole,
  rawBytes: z.int().min(1).max(BATCH_FRAGMENT_BYTES_MAX),
});

/**
 * One BATCH frame:
 *
 *   byte 0      version of this layout: 1
 *   byte 1      flags; bit 0: another fragment of the same batch follows
 *   bytes 2–5   length of the header, little-endian
 *   bytes 6–9   CRC-32 of all other bytes of the frame, little-endian
 *   then        the header, JSON; then zstd bytes up to the end of the frame
 *
 * The zstd bytes of all BATCH frames that one side sends are one stream, flushed after each frame.
 * It holds newline-ended records, each changeset before its revisions, parents before children.
 */
export interface BatchFrame {
  readonly header: BatchHeader;
  readonly more: boolean;
  /** Compressed records. */
  readonly body: Uint8Array;
}

const LAYOUT_VERSION = 1;
const MORE_FLAG = 1;
const SUM_START = 6;
const PREFIX_BYTES = 10;
/** A header is far smaller; a larger one is a fault or an attack. */
const HEADER_BYTES_MAX = 1024;

/** Joins a frame in memory of its own; the body may come in pieces, which are copied once. */
export function encodeBatch(
  header: BatchHeader,
  more: boolean,
  body: readonly Uint8Array[],
): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix[0] = LAYOUT_VERSION;
  prefix[1] = more ? MORE_FLAG : 0;
  prefix.writeUInt32LE(json.length, 2);
  prefix.writeUInt32LE(frameSum(prefix.subarray(0, SUM_START), json, ...body), SUM_START);
  return joined([prefix, json, ...body]);
}

/** The parts of a frame; the body is a view, not a copy. Throws `FRAME_DAMAGED`, `PROTOCOL_ERROR`. */
export function decodeBatch(frame: Uint8Array): BatchFrame {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.length < PREFIX_BYTES) throw misfit("is shorter than its prefix");
  const sum = frameSum(bytes.subarray(0, SUM_START), bytes.subarray(PREFIX_BYTES));
  if (sum !== bytes.readUInt32LE(SUM_START)) throw damagedFrame("a BATCH frame");
  if (bytes[0] !== LAYOUT_VERSION) throw misfit(`has the unknown layout ${bytes[0]}`);
  const flags = bytes[1] as number;
  if ((flags & ~MORE_FLAG) !== 0) throw misfit("has unknown flags");
  const bodyStart = PREFIX_BYTES + bytes.readUInt32LE(2);
  if (bodyStart > PREFIX_BYTES + HEADER_BYTES_MAX) throw misfit("has a header over the limit");
  if (bodyStart >= bytes.length) throw misfit("ends before its header or without records");
  const header = readHeader(bytes.subarray(PREFIX_BYTES, bodyStart));
  return { header, more: (flags & MORE_FLAG) !== 0, body: bytes.subarray(bodyStart) };
}

function readHeader(bytes: Uint8Array): BatchHeader {
  try {
    const value = parseJson(bytes, { bytesMax: HEADER_BYTES_MAX });
    const result = batchHeader.safeParse(value);
    if (result.success && result.data.to > result.data.after) return result.data;
  } catch (error) {
    if (!isSynclineError(error)) throw error;
  }
  throw misfit("has a header that does not fit");
}

function misfit(what: string): SynclineError {
  return new SynclineError("PROTOCOL_ERROR", `a BATCH frame ${what}`);
}
