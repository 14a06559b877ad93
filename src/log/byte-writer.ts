import { type JsonTape, TOKEN } from "../base/ingress/json-tape.ts";

const NUMBER_BYTES = 8;
const LENGTH_BYTES = 4;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
/** What the letters of JSON's short escapes stand for; the others stand for themselves. */
const UNESCAPED: Uint8Array = Uint8Array.from({ length: 128 }, (_, byte) => byte);
for (const [letter, byte] of Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  UNESCAPED[letter.charCodeAt(0)] = byte;
}

const SPARE_BYTES_MAX = 4 * 1024 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);
/** The memory of the last writer that ended: new memory costs more than what is written into it. */
let spare: Buffer = NOTHING;

/** Writes numbers and texts one after the other; a text has its length in bytes before it. */
export class ByteWriter {
  #bytes: Buffer;
  #view: DataView;
  #at = 0;

  constructor(capacity: number) {
    this.#bytes = spare.length < capacity ? Buffer.allocUnsafeSlow(capacity) : spare;
    this.#view = viewOf(this.#bytes);
    spare = NOTHING;
  }

  number(value: number): void {
    this.#reserve(NUMBER_BYTES);
    this.#view.setFloat64(this.#at, value);
    this.#at += NUMBER_BYTES;
  }

  text(text: string): void {
    this.#reserve(LENGTH_BYTES + 3 * text.length);
    const length = this.#bytes.write(text, this.#at + LENGTH_BYTES);
    this.#view.setUint32(this.#at, length);
    this.#at += LENGTH_BYTES + length;
  }

  /** What text tokens spell as one text, each a line of its own. */
  lines(tape: JsonTape, tokens: readonly number[]): void {
    this.#reserve(LENGTH_BYTES);
    const start = this.#at;
    this.#at += LENGTH_BYTES;
    for (const token of tokens) this.#line(tape, token, token !== tokens[0]);
    this.#view.setUint32(start, this.#at - start - LENGTH_BYTES);
  }

  #line({ bytes, kind, start, end }: JsonTape, token: number, isNext: boolean): void {
    const [from, to] = [start[token] as number, end[token] as number];
    this.#reserve(to - from + 1);
    const own = this.#bytes;
    let at = this.#at;
    if (isNext) own[at++] = NEWLINE;
    const isEscaped = kind[token] === TOKEN.escaped;
    for (let place = from; place < to; place++) {
      let byte = bytes[place] as number;
      if (isEscaped && byte === BACKSLASH) byte = UNESCAPED[bytes[++place] as number] as number;
      own[at++] = byte;
    }
    this.#at = at;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + count);
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }

  /** What was written, in memory of its own; nothing is written after this. */
  end(): Uint8Array<ArrayBuffer> {
    const written = new Uint8Array(this.#bytes.subarray(0, this.#at));
    if (this.#bytes.length <= SPARE_BYTES_MAX) spare = this.#bytes;
    this.#bytes = NOTHING;
    return written;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Reads what a {@link ByteWriter} wrote. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>) {
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#view = viewOf(this.#bytes);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(): number {
    this.#at += NUMBER_BYTES;
    return this.#view.getFloat64(this.#at - NUMBER_BYTES);
  }

  text(): string {
    const start = this.#at + LENGTH_BYTES;
    this.#at = start + this.#view.getUint32(this.#at);
    return this.#bytes.toString("utf8", start, this.#at);
  }
}
