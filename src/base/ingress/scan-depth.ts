import { JSON_DEPTH_MAX } from "../limits.ts";

/** What a text's brackets, colons, strings and numbers say before it is parsed. */
export interface DepthScan {
  /** Offset of the first bracket nested deeper than the limit; -1 when there is none. */
  readonly tooDeepAt: number;
  /** Colons outside strings: in valid JSON, the members that all objects name together. */
  readonly members: number;
  /**
   * True only when JSON.stringify would print a valid text's strings and numbers as they stand, and
   * no white space stands between them; false may also say that this scan cannot tell.
   */
  readonly printed: boolean;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Scans a text for nesting without recursion, before any parser sees it: JSON.parse takes nesting
 * of millions, on which every later recursive walk fails. The text need not be JSON.
 */
export function scanDepth(text: string): DepthScan {
  let depth = 0;
  let members = 0;
  let printed = hasPrintedEscapes(text);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) {
      i = endOfString(text, i);
    } else if (unit === COLON) {
      members++;
    } else if (unit <= SPACE) {
      printed = false;
    } else if (unit === MINUS || (unit >= ZERO && unit <= NINE)) {
      const end = endOfNumber(text, i);
      printed &&= isPrintedNumber(text, i, end);
      i = end - 1;
    } else if ((unit | 0x20) === 0x7b) {
      // "[" and "{" differ in one bit, and so do "]" and "}".
      if (++depth > JSON_DEPTH_MAX) return { tooDeepAt: i, members, printed };
    } else if ((unit | 0x20) === 0x7d) {
      depth--;
    }
  }
  return { tooDeepAt: -1, members, printed };
}

/** The escapes that JSON.stringify prints with one letter. */
const PRINTED_LETTERS = new Set(Array.from('"\\bfnrt', (letter) => letter.charCodeAt(0)));

/** True when each escape in the text is one that JSON.stringify prints with a letter. */
function hasPrintedEscapes(text: string): boolean {
  let at = text.indexOf("\\");
  while (at >= 0) {
    if (!PRINTED_LETTERS.has(text.charCodeAt(at + 1))) return false;
    at = text.indexOf("\\", at + 2);
  }
  return true;
}

/** The offset after the characters that numbers are made of. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (let unit = text.charCodeAt(end); isOfNumber(unit); unit = text.charCodeAt(end)) end++;
  return end;
}

function isOfNumber(unit: number): boolean {
  if (unit >= ZERO && unit <= NINE) return true;
  // "+", "-", ".", "E" and "e".
  return unit === 0x2b || unit === MINUS || unit === 0x2e || (unit | 0x20) === 0x65;
}

function isPrintedNumber(text: string, start: number, end: number): boolean {
  const written = text.slice(start, end);
  return String(Number(written)) === written;
}

/** The offset of the quote that closes the string opened at `start`, or the text's end. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end < 0 ? text.length : end;
}

/** True when an odd number of backslashes stands before `offset`. */
function isEscaped(text: string, offset: number): boolean {
  let first = offset;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (offset - first) % 2 === 1;
}
