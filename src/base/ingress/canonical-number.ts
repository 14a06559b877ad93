import { isUnsafeNumber } from "./survey.ts";

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const EIGHT = 0x38;
/** So many digits that do not begin with 9 always spell an integer below 2^53. */
const PLAIN_DIGITS_MAX = 16;

/** True for digits, signs, the point and the letter of an exponent. */
export function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  if (byte >= ZERO && byte <= NINE) return true;
  return byte === 0x2b || byte === MINUS || byte === 0x2e || (byte | 0x20) === 0x65;
}

/** True when the bytes are a number within ±(2^53-1) as canonical JSON prints it. */
export function isCanonicalNumber(bytes: Buffer, start: number, end: number): boolean {
  if (isPlainCount(bytes, start, end)) return true;
  const written = bytes.toString("latin1", start, end);
  const value = Number(written);
  return String(value) === written && !isUnsafeNumber(value);
}

/** True for digits that need not be printed again to know. */
function isPlainCount(bytes: Uint8Array, start: number, end: number): boolean {
  const digits = end - start;
  const first = bytes[start] as number;
  if (digits > PLAIN_DIGITS_MAX || (first === ZERO && digits > 1)) return false;
  if (digits === PLAIN_DIGITS_MAX && first > EIGHT) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return false;
  }
  return true;
}
