/** One message of a WebSocket as it passes by. */
export interface SeenMessage {
  readonly isText: boolean;
  /** How it begins. */
  readonly start: Buffer;
}

/** A message, and where in the bytes just read it ends. */
export interface MessageEnd extends SeenMessage {
  readonly end: number;
}

/** So much of a message is kept: what tells of it stands in front. */
const START_BYTES_MAX = 1_100;
const HEAD_END = "\r\n\r\n";
const [CONTINUATION, TEXT, BINARY] = [0x0, 0x1, 0x2];

/**
 * Follows one direction of a connection (RFC 6455): its HTTP head, then frames. Pings and the like
 * are no messages.
 */
export class FrameReader {
  #head: string | undefined = "";
  #header: number[] = [];
  #mask: readonly number[] | undefined;
  /** Bytes of the frame's payload that are still to come, once its header is known. */
  #left: number | undefined;
  #at = 0;
  #isText = false;
  #start: number[] = [];
  #headBytes = 0;

  /** How long the HTTP head is, as far as it was read. */
  get headBytes(): number {
    return this.#headBytes;
  }

  /** Reads on; returns the messages that end in these bytes. */
  read(bytes: Buffer): readonly MessageEnd[] {
    const ends: MessageEnd[] = [];
    let at = this.#head === undefined ? 0 : this.#readHead(bytes);
    while (at < bytes.length) {
      at = this.#left === undefined ? this.#readHeader(bytes, at) : this.#readPayload(bytes, at);
      if (this.#left === 0) {
        if (this.#endFrame()) ends.push({ ...this.#take(), end: at });
      }
    }
    return ends;
  }

  #readHead(bytes: Buffer): number {
    const before = this.#head?.length ?? 0;
    this.#head += bytes.toString("latin1");
    const end = this.#head?.indexOf(HEAD_END) ?? -1;
    const length = end < 0 ? bytes.length : end + HEAD_END.length - before;
    this.#headBytes += length;
    if (end >= 0) this.#head = undefined;
    return length;
  }

  #readHeader(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length) {
      this.#header.push(bytes[at++] as number);
      if (this.#header.length < headerLength(this.#header)) continue;
      const masked = ((this.#header[1] as number) & 0x80) !== 0;
      this.#mask = masked ? this.#header.slice(-4) : undefined;
      this.#left = payloadLength(this.#header);
      this.#at = 0;
      break;
    }
    return at;
  }

  #readPayload(bytes: Buffer, from: number): number {
    const size = Math.min(this.#left as number, bytes.length - from);
    if (isData(this.#header)) {
      for (let at = from; at < from + size && this.#start.length < START_BYTES_MAX; at++) {
        const key = this.#mask?.[(this.#at + at - from) % 4] ?? 0;
        this.#start.push((bytes[at] as number) ^ key);
      }
    }
    this.#at += size;
    this.#left = (this.#left as number) - size;
    return from + size;
  }

  /** True when a message ends with the frame. */
  #endFrame(): boolean {
    const [first = 0] = this.#header;
    const isWhole = isData(this.#header) && (first & 0x80) !== 0;
    if (isData(this.#header) && (first & 0x0f) !== CONTINUATION) {
      this.#isText = (first & 0x0f) === TEXT;
    }
    this.#header = [];
    this.#left = undefined;
    return isWhole;
  }

  #take(): SeenMessage {
    const start = Buffer.from(this.#start);
    this.#start = [];
    return { isText: this.#isText, start };
  }
}

function isData([first = 0]: readonly number[]): boolean {
  const opcode = first & 0x0f;
  return opcode === CONTINUATION || opcode === TEXT || opcode === BINARY;
}

/** How long a header is, as far as it is known. */
function headerLength([, second]: readonly number[]): number {
  if (second === undefined) return 2;
  const length = second & 0x7f;
  const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
  return 2 + extended + ((second & 0x80) === 0 ? 0 : 4);
}

function payloadLength(header: readonly number[]): number {
  const length = (header[1] as number) & 0x7f;
  const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
  if (extended === 0) return length;
  return header.slice(2, 2 + extended).reduce((sum, byte) => sum * 256 + byte, 0);
}
