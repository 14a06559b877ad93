import { JSON_DEPTH_MAX } from "../limits.ts";

/** What a text's brackets and colons say before it is parsed. */
export interface DepthScan {
  /** Offset of the first bracket nested deeper than the limit; -1 when there is none. */
  readonly tooDeepAt: number;
  /** Colons outside strings: in valid JSON, the members that all objects name together. */
  readonly members: number;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Scans a text for nesting without recursion, before any parser sees it: JSON.parse takes nesting
 * of millions, on which every later recursive walk fails. The text need not be JSON.
 */
export function scanDepth(text: string): DepthScan {
  let depth = 0;
  let members = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) {
      i = endOfString(text, i);
    } else if (unit === COLON) {
      members++;
    } else if ((unit | 0x20) === 0x7b) {
      // "[" and "{" differ in one bit, and so do "]" and "}".
      if (++depth > JSON_DEPTH_MAX) return { tooDeepAt: i, members };
    } else if ((unit | 0x20) === 0x7d) {
      depth--;
    }
  }
  return { tooDeepAt: -1, members };
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
