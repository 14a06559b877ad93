import type { ErrorCode } from "../error-codes.ts";
import { SynclineError } from "../errors.ts";
import { JSON_DEPTH_MAX, KEY_CHARS_MAX } from "../limits.ts";
import { at } from "./decode-text.ts";
import { isForbiddenKey, isUnsafeNumber } from "./survey.ts";

const HINTS: { readonly [code in ErrorCode]?: string } = {
  TOO_DEEP: "flatten the document",
  DUPLICATE_KEY: "name each key once",
  FORBIDDEN_KEY: "choose another name for the key",
  LONE_SURROGATE: "write the whole character, or leave it out",
  UNSAFE_NUMBER: "write the number as a string",
};

/** The letters that stand for one character after a backslash. */
const ESCAPE_LETTERS = new Set(Array.from('"\\/bfnrt', (letter) => letter.charCodeAt(0)));

/**
 * Finds what is wrong with a text that was refused, and throws it with line and column: the first
 * fault in the text. Returns when there is none. Slower than a parser, for refused input only.
 * The text's nesting must have been checked before.
 */
export function diagnose(text: string, where: string | undefined): void {
  new Scanner(text, where).document();
}

/** The error for nesting beyond the limit. */
export function tooDeep(text: string, offset: number, where: string | undefined): SynclineError {
  return fault("TOO_DEEP", `nested deeper than ${JSON_DEPTH_MAX} levels`, text, offset, where);
}

/** The line and column (both from 1, in UTF-16 units) of an offset. */
export function place(text: string, offset: number): string {
  let line = 1;
  let start = 0;
  for (let i = 0; i < offset; i++) {
    if (text.charCodeAt(i) !== 0x0a) continue;
    line++;
    start = i + 1;
  }
  return `line ${line}, column ${offset - start + 1}`;
}

function fault(
  code: ErrorCode,
  message: string,
  text: string,
  offset: number,
  where: string | undefined,
): SynclineError {
  const hint = HINTS[code];
  return new SynclineError(code, message, {
    where: at(where, place(text, offset)),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Reads JSON by its grammar (RFC 8259), one method per rule. */
class Scanner {
  readonly #text: string;
  readonly #where: string | undefined;
  #at = 0;

  constructor(text: string, where: string | undefined) {
    this.#text = text;
    this.#where = where;
  }

  document(): void {
    this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#unexpected();
  }

  #value(): void {
    this.#skipSpace();
    const char = this.#text[this.#at] ?? "";
    if (char === "{") this.#object();
    else if (char === "[") this.#array();
    else if (char === '"') this.#string();
    else if (char === "-" || isDigit(char)) this.#number();
    else if (!["true", "false", "null"].some((word) => this.#take(word))) this.#unexpected();
  }

  #object(): void {
    const keys = new Set<string>();
    this.#expect("{");
    this.#skipSpace();
    if (this.#take("}")) return;
    do {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#unexpected();
      this.#key(this.#string(), keys, start);
      this.#skipSpace();
      this.#expect(":");
      this.#value();
      this.#skipSpace();
    } while (this.#take(","));
    this.#expect("}");
  }

  #key(key: string, keys: Set<string>, start: number): void {
    if (key.length > KEY_CHARS_MAX) {
      this.#fail("INPUT_TOO_LARGE", `a key is longer than ${KEY_CHARS_MAX} characters`, start);
    }
    if (isForbiddenKey(key)) this.#fail("FORBIDDEN_KEY", `the key "${key}" is not allowed`, start);
    if (keys.has(key)) {
      this.#fail("DUPLICATE_KEY", `the key ${excerpt(key)} stands twice in an object`, start);
    }
    keys.add(key);
  }

  #array(): void {
    this.#expect("[");
    this.#skipSpace();
    if (this.#take("]")) return;
    do {
      this.#value();
      this.#skipSpace();
    } while (this.#take(","));
    this.#expect("]");
  }

  #string(): string {
    const start = this.#at++;
    for (let unit = this.#unit(); unit !== 0x22; unit = this.#unit()) {
      if (Number.isNaN(unit) || unit < 0x20) this.#unexpected();
      if (unit === 0x5c) this.#escape();
      else this.#at++;
    }
    const value = JSON.parse(this.#text.slice(start, ++this.#at)) as string;
    if (!value.isWellFormed()) {
      this.#fail("LONE_SURROGATE", "a string holds half of a surrogate pair", start);
    }
    return value;
  }

  #escape(): void {
    const letter = this.#text.charCodeAt(this.#at + 1);
    const length = letter === 0x75 ? 6 : 2;
    const isKnown = length === 6 ? this.#isHex(this.#at + 2) : ESCAPE_LETTERS.has(letter);
    if (!isKnown) this.#unexpected();
    this.#at += length;
  }

  #isHex(offset: number): boolean {
    return /^[0-9a-fA-F]{4}$/.test(this.#text.slice(offset, offset + 4));
  }

  #number(): void {
    const start = this.#at;
    this.#take("-");
    if (!this.#take("0")) this.#digits();
    if (this.#take(".")) this.#digits();
    if (this.#take("e") || this.#take("E")) {
      if (!this.#take("+")) this.#take("-");
      this.#digits();
    }
    const written = this.#text.slice(start, this.#at);
    if (isUnsafeNumber(Number(written))) {
      this.#fail("UNSAFE_NUMBER", `the number ${shorten(written)} is beyond 2^53-1`, start);
    }
  }

  #digits(): void {
    if (!isDigit(this.#text[this.#at] ?? "")) this.#unexpected();
    while (isDigit(this.#text[this.#at] ?? "")) this.#at++;
  }

  #skipSpace(): void {
    const text = this.#text;
    let at = this.#at;
    while (isSpace(text.charCodeAt(at))) at++;
    this.#at = at;
  }

  #unit(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #expect(char: string): void {
    if (!this.#take(char)) this.#unexpected();
  }

  #unexpected(): never {
    const point = this.#text.codePointAt(this.#at);
    const what = point === undefined ? "the text ends early" : `unexpected ${printPoint(point)}`;
    this.#fail("INVALID_JSON", `not JSON: ${what}`, this.#at);
  }

  #fail(code: ErrorCode, message: string, offset: number): never {
    throw fault(code, message, this.#text, offset, this.#where);
  }
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** A character for a message: itself when it prints, else its number. */
function printPoint(point: number): string {
  if (point > 0x20 && point < 0x7f) return `"${String.fromCodePoint(point)}"`;
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}

function excerpt(text: string): string {
  return JSON.stringify(shorten(text));
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
