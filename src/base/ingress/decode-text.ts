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
const REPLACEMENT = Buffer.from("\uFFFD");

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

/** The offset of the first byte that a decoder replaces by U+FFFD. */
function firstBadByte(buffer: Buffer): number {
  const text = buffer.toString("utf8");
  let offset = 0;
  let from = 0;
  for (let i = text.indexOf("\uFFFD"); i >= 0; i = text.indexOf("\uFFFD", from)) {
    offset += Buffer.byteLength(text.slice(from, i));
    // A replacement character that was written as such is no fault.
    if (!buffer.subarray(offset, offset + 3).equals(REPLACEMENT)) break;
    offset += 3;
    from = i + 1;
  }
  return offset;
}

/** A place inside a source: the source's own name first, if it has one. */
export function at(where: string | undefined, place: string): string {
  return where === undefined ? place : `${where}: ${place}`;
}
