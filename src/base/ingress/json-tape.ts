import { ByteNames } from "./byte-names.ts";
import { isCanonicalNumber, isNumberByte } from "./canonical-number.ts";

/** What a token of a {@link JsonTape} is. A text without escapes stands in the bytes as it is. */
export const TOKEN = { map: 1, list: 2, key: 3, text: 4, escaped: 5, number: 6, word: 7 } as const;

const TOKENS_MAX = 4096;
const DEPTH_MAX = 11;
const KEY_BYTES_MAX = 255;

const AT_SIGN = 0x40;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

const FORBIDDEN_KEYS = new ByteNames(["__proto__", "constructor", "prototype"]);
const [TRUE, FALSE, NULL] = [Buffer.from("true"), Buffer.from("false"), Buffer.from("null")];
/** The escapes that canonical JSON writes with one letter; those with digits are left to others. */
const ESCAPES = new Set(Array.from('"\\bfnrt', (letter) => letter.charCodeAt(0)));
const NOT_TAKEN = -1;

/**
 * Canonical JSON as a list of tokens over its bytes: what a parser would build objects and texts of.
 * Reading a record so costs a fifth of parsing it, which for keys that occur once (the ids of
 * resources) is expensive. It takes plain JSON only: of limited depth and size, with keys in ASCII
 * and without escapes. What it does not take may be sound; the parser then has to judge.
 */
export class JsonTape {
  bytes: Buffer = Buffer.alloc(0);
  /** How many tokens there are, the first one being the whole value. */
  count = 0;
  /** True when no map is empty, and no key begins with an at-sign. */
  isPlain = true;
  readonly kind: Uint8Array = new Uint8Array(TOKENS_MAX);
  /** Where a token begins and ends in the bytes; of a text or key, what is between the quotes. */
  readonly start: Int32Array = new Int32Array(TOKENS_MAX);
  readonly end: Int32Array = new Int32Array(TOKENS_MAX);
  /** The token after this one and all that it holds. */
  readonly next: Int32Array = new Int32Array(TOKENS_MAX);
  /** The maps and lists that are open, by depth from 1 on, and the last key in each. */
  readonly #open = new Int32Array(DEPTH_MAX + 2);
  readonly #lastKey = new Int32Array(DEPTH_MAX + 2);

  /**
   * True when the bytes, which must be UTF-8, are one value that this takes. One loop and no
   * recursion: V8 would compile functions that call each other several times over, one in the other.
   */
  read(bytes: Buffer): boolean {
    this.bytes = bytes;
    this.count = 0;
    this.isPlain = true;
    const { kind } = this;
    const open = this.#open;
    let at = 0;
    for (let depth = 0; ; ) {
      if (this.count > TOKENS_MAX - 2 || depth > DEPTH_MAX) return false;
      if (depth > 0 && kind[open[depth] as number] === TOKEN.map) at = this.#key(at, depth);
      if (at < 0) return false;
      const byte = bytes[at];
      if (byte === OPEN_MAP || byte === OPEN_LIST) {
        depth += 1;
        open[depth] = this.#add(byte === OPEN_MAP ? TOKEN.map : TOKEN.list, at);
        this.#lastKey[depth] = NOT_TAKEN;
        at += 1;
        if (bytes[at] !== CLOSE_MAP && bytes[at] !== CLOSE_LIST) continue;
        if (byte === OPEN_MAP) this.isPlain = false;
      } else {
        at = this.#scalar(at, byte);
        if (at < 0) return false;
      }
      for (; depth > 0 && this.#isClosed(open[depth] as number, bytes[at]); depth--) {
        at += 1;
        this.#close(open[depth] as number, at);
      }
      if (depth === 0) return at === bytes.length;
      if (bytes[at] !== COMMA) return false;
      at += 1;
    }
  }

  #isClosed(token: number, byte: number | undefined): boolean {
    return byte === (this.kind[token] === TOKEN.map ? CLOSE_MAP : CLOSE_LIST);
  }

  /** What a text or key token spells. */
  textOf(token: number): string {
    const [start, end] = [this.start[token] as number, this.end[token] as number];
    if (this.kind[token] !== TOKEN.escaped) return this.bytes.toString("utf8", start, end);
    return JSON.parse(this.bytes.toString("utf8", start - 1, end + 1)) as string;
  }

  #add(kind: number, start: number): number {
    const token = this.count++;
    this.kind[token] = kind;
    this.start[token] = start;
    return token;
  }

  #close(token: number, end: number): void {
    this.end[token] = end;
    this.next[token] = this.count;
  }

  /** Each of these returns the place after what it took, or -1. */
  #scalar(at: number, byte: number | undefined): number {
    if (byte === QUOTE) return this.#text(at + 1);
    return isNumberByte(byte) ? this.#number(at) : this.#word(at, byte);
  }

  /** Takes a key with its quotes and the colon after it. */
  #key(at: number, depth: number): number {
    const { bytes } = this;
    if (bytes[at] !== QUOTE) return NOT_TAKEN;
    const start = at + 1;
    let end = start;
    for (let byte = bytes[end]; byte !== QUOTE; byte = bytes[++end]) {
      if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === BACKSLASH) return NOT_TAKEN;
    }
    const isTaken = end - start <= KEY_BYTES_MAX && FORBIDDEN_KEYS.find(bytes, start, end) < 0;
    if (!isTaken || bytes[end + 1] !== COLON) return NOT_TAKEN;
    if (bytes[start] === AT_SIGN) this.isPlain = false;
    const key = this.#add(TOKEN.key, start);
    this.#close(key, end);
    const previous = this.#lastKey[depth] as number;
    this.#lastKey[depth] = key;
    return previous < 0 || this.#isSorted(previous, key) ? end + 2 : NOT_TAKEN;
  }

  /** True when a key comes before another one: ASCII sorts by byte as canonical JSON does. */
  #isSorted(before: number, after: number): boolean {
    const { bytes, start, end } = this;
    let a = start[before] as number;
    let b = start[after] as number;
    const [aEnd, bEnd] = [end[before] as number, end[after] as number];
    while (a < aEnd && b < bEnd && bytes[a] === bytes[b]) {
      a++;
      b++;
    }
    if (a === aEnd || b === bEnd) return a === aEnd && b < bEnd;
    return (bytes[a] as number) < (bytes[b] as number);
  }

  #text(start: number): number {
    const { bytes } = this;
    let kind: number = TOKEN.text;
    let at = start;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (byte === undefined || byte < 0x20) return NOT_TAKEN;
      if (byte !== BACKSLASH) continue;
      if (!ESCAPES.has(bytes[++at] ?? 0)) return NOT_TAKEN;
      kind = TOKEN.escaped;
    }
    this.#close(this.#add(kind, start), at);
    return at + 1;
  }

  #number(start: number): number {
    const { bytes } = this;
    let end = start + 1;
    while (isNumberByte(bytes[end])) end++;
    if (!isCanonicalNumber(bytes, start, end)) return NOT_TAKEN;
    this.#close(this.#add(TOKEN.number, start), end);
    return end;
  }

  #word(start: number, byte: number | undefined): number {
    const word = byte === TRUE[0] ? TRUE : byte === FALSE[0] ? FALSE : NULL;
    for (let at = 0; at < word.length; at++) {
      if (word[at] !== this.bytes[start + at]) return NOT_TAKEN;
    }
    this.#close(this.#add(TOKEN.word, start), start + word.length);
    return start + word.length;
  }
}
