import { isUtf8 } from "node:buffer";
import { SynclineError } from "../errors.ts";

/** How much may come in, and how errors name the source. */
export interface IngressOptions {
  /** The largest input, in bytes of UTF-8. */
  readonly bytesMax: number;
  /** The source, for messages: a file, `line 12`, an address. */
  readonly where?: string;
}

const BOM = "\uFEFF";

/**
 * The text of an input that is within its size limit, is UTF-8 and has no byte order mark.
 * Throws `INPUT_TOO_LARGE`, `INVALID_UTF8`, `INVALID_JSON` (byte order mark), in this order.
 */
export function decodeText(input: string | Uint8Array, options: IngressOptions): string {
  if (isTooLarge(input, options.bytesMax)) {
    throw new SynclineError("INPUT_TOO_LARGE", `the input is over ${options.bytesMax} bytes`, {
      ...(options.where === undefined ? {} : { where: options.where }),
      hint: "split it into smaller documents",
    });
  }
  const text = typeof input === "string" ? input : decodeUtf8(input, options);
  if (text.startsWith(BOM)) {
    throw new SynclineError("INVALID_JSON", "the text starts with a byte order mark", {
      where: at(options.where, "line 1, column 1"),
      hint: 'save it as "UTF-8 without BOM"',
    });
  }
  return text;
}

function isTooLarge(input: string | Uint8Array, bytesMax: number): boolean {
  if (input.length > bytesMax) return true;
  // A UTF-16 unit takes three bytes at most, so most strings need not be measured.
  if (typeof input !== "string" || input.length * 3 <= bytesMax) return false;
  return Buffer.byteLength(input) > bytesMax;
}

function decodeUtf8(bytes: Uint8Array, options: IngressOptions): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  throw new SynclineError("INVALID_UTF8", "the bytes are not UTF-8", {
    where: at(options.where, `byte ${firstBadByte(buffer) + 1}`),
    hint: "save the text as UTF-8",
  });
}

/** The offset of the first byte that does not continue valid UTF-8, by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 4) {
    let middle = good + Math.floor((bad - good) / 2);
    // A character is not cut in two: it takes four bytes at most, all but the first 10xxxxxx.
    for (let i = 0; i < 3 && ((bytes[middle] as number) & 0xc0) === 0x80; i++) middle--;
    if (middle > good && isUtf8(bytes.subarray(good, middle))) good = middle;
    else bad = Math.max(middle, good + 4);
  }
  const next = (): number => [1, 2, 3, 4].find((n) => isWhole(bytes, good, good + n)) ?? 0;
  for (let length = next(); length > 0; length = next()) good += length;
  return good;
}

function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  return end <= bytes.length && isUtf8(bytes.subarray(start, end));
}

/** A place inside a source: the source's own name first, if it has one. */
export function at(where: string | undefined, place: string): string {
  return where === undefined ? place : `${where}: ${place}`;
}
