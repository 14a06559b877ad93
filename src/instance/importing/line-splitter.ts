/** A line of input without its ending; `bytes` is null when it is over the limit. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array | null;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts chunks of bytes into lines, at "\n" only: other line separators (U+2028) are text. "\r\n"
 * ends a line too. Blank lines are counted and left out. Holds no more than one line, and of a
 * line over the limit nothing.
 */
export class LineSplitter {
  readonly #bytesMax: number;
  #parts: Uint8Array[] = [];
  #size = 0;
  #number = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The lines that end in this chunk. They may share its memory. */
  *push(chunk: Uint8Array): Generator<Line> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.#keep(chunk.subarray(start, end));
      yield* this.#take();
      start = end + 1;
    }
    // Copied, since a stream may use its buffer again.
    if (start < chunk.length) this.#keep(Uint8Array.from(chunk.subarray(start)));
  }

  /** The last line, if it has no ending. For an input that was cut short, do not ask for it. */
  *end(): Generator<Line> {
    if (this.#size > 0) yield* this.#take();
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size <= this.#bytesMax) this.#parts.push(part);
    else this.#parts = [];
  }

  *#take(): Generator<Line> {
    const tooLarge = this.#size > this.#bytesMax;
    const parts = this.#parts;
    this.#parts = [];
    this.#size = 0;
    this.#number += 1;
    if (tooLarge) {
      yield { number: this.#number, bytes: null };
      return;
    }
    const whole = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
    const bytes = whole.at(-1) === CARRIAGE_RETURN ? whole.subarray(0, -1) : whole;
    if (!isBlank(bytes)) yield { number: this.#number, bytes };
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === CARRIAGE_RETURN);
}
