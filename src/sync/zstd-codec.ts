import {
  constants,
  createZstdCompress,
  createZstdDecompress,
  type ZstdCompress,
  type ZstdDecompress,
} from "node:zlib";
import { SynclineError } from "../base/errors.ts";
import { freeBuffer, freeMemory, joined } from "../base/own-memory.ts";
import type { Codec } from "./codec.ts";

/**
 * Measured on generated packages of 2.2 kB in frames of 256 KiB, one stream:
 *
 *   level 1   3.0 : 1    7 µs per package
 *   level 3   3.3 : 1   11 µs
 *   level 6   3.6 : 1   27 µs          decompression: 3 to 5 µs
 *
 * all of it on a thread of its own. Level 3 keeps up with every store; level 6 would not. With
 * matches of six bytes, twice the places for them and half for longer ones, it takes 0.5 % fewer
 * bytes and no more time. Larger tables take fewer yet, but more time, beside threads that work.
 */
const LEVEL = 3;
const MATCH_BYTES_MIN = 6;
const MATCHES_LOG = 17;
const LONG_MATCHES_LOG = 16;
/** Both sides keep a window of 1 MiB, about 450 packages; a peer cannot make us keep more. */
const WINDOW_LOG = 20;
const PIECE_BYTES = 128 * 1024;
/** Large enough that most frames come out in one piece. */
const UNPACKED_PIECE_BYTES = 1024 * 1024;

/** zstd, one context per direction, flushed after each frame. Contexts are made on first use. */
export function zstdCodec(): Codec {
  return new ZstdCodec();
}

class ZstdCodec implements Codec {
  #out: Lane<ZstdCompress> | undefined;
  #in: Lane<ZstdDecompress> | undefined;
  /** What the last frame was unpacked into; the next may go on in it. */
  #unpacked: ArrayBufferLike | undefined;
  #closed = false;

  compress(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
    if (this.#closed) return Promise.reject(closedError());
    this.#out ??= new Lane(
      createZstdCompress({
        chunkSize: PIECE_BYTES,
        params: {
          [constants.ZSTD_c_compressionLevel]: LEVEL,
          [constants.ZSTD_c_minMatch]: MATCH_BYTES_MIN,
          [constants.ZSTD_c_chainLog]: MATCHES_LOG,
          [constants.ZSTD_c_hashLog]: LONG_MATCHES_LOG,
          [constants.ZSTD_c_windowLog]: WINDOW_LOG,
        },
      }),
    );
    return this.#out.run(Number.POSITIVE_INFINITY, (stream, done) => {
      stream.write(bytes);
      stream.flush(constants.ZSTD_e_flush, done);
    });
  }

  async decompress(bytes: Uint8Array, rawBytes: number): Promise<Uint8Array> {
    if (this.#closed) throw closedError();
    this.#in ??= new Lane(
      createZstdDecompress({
        chunkSize: UNPACKED_PIECE_BYTES,
        params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG },
      }),
    );
    const pieces = await this.#in.run(rawBytes, (stream, done) => stream.write(bytes, done));
    freeMemory(bytes);
    const whole = this.#taken(pieces);
    if (whole.length === rawBytes) return whole;
    this.#in.fail(misfit(`holds ${whole.length} bytes, not the stated ${rawBytes}`));
    throw this.#in.error ?? closedError();
  }

  /** Copies what was unpacked, and frees the blocks that the stream will write no more into. */
  #taken(pieces: readonly Buffer[]): Uint8Array {
    const whole = joined(pieces);
    for (const { buffer } of pieces) {
      const before = this.#unpacked;
      if (before !== undefined && before !== buffer) freeBuffer(before);
      this.#unpacked = buffer;
    }
    return whole;
  }

  close(): void {
    this.#closed = true;
    this.#out?.fail(closedError());
    this.#in?.fail(closedError());
  }
}

type Stream = ZstdCompress | ZstdDecompress;

/** One zlib stream that handles one frame after the other and collects what each gives. */
class Lane<S extends Stream> {
  readonly #stream: S;
  #last: Promise<unknown> = Promise.resolve();
  #pieces: Buffer[] = [];
  #size = 0;
  #sizeMax = 0;
  #reject: ((error: SynclineError) => void) | undefined;
  error: SynclineError | undefined;

  constructor(stream: S) {
    this.#stream = stream;
    stream.on("data", (piece: Buffer) => this.#collect(piece));
    stream.on("error", (cause) => this.fail(misfit("is damaged", cause)));
  }

  /** Runs `work` after all earlier frames; gives the pieces that came until it called back. */
  run(sizeMax: number, work: (stream: S, done: () => void) => void): Promise<readonly Buffer[]> {
    const run = this.#last.then(() => this.#runNow(sizeMax, work));
    this.#last = run.catch(() => undefined);
    return run;
  }

  #runNow(sizeMax: number, work: (stream: S, done: () => void) => void): Promise<Buffer[]> {
    return new Promise((resolve, reject) => {
      if (this.error !== undefined) {
        reject(this.error);
        return;
      }
      this.#pieces = [];
      this.#size = 0;
      this.#sizeMax = sizeMax;
      this.#reject = reject;
      work(this.#stream, () => {
        // What is still inside the stream comes out through "data".
        this.#stream.read();
        resolve(this.#pieces);
      });
    });
  }

  #collect(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size > this.#sizeMax) this.fail(misfit("holds more than it states"));
  }

  /** Ends the stream. What is under way or comes later fails with the first error. */
  fail(error: SynclineError): void {
    this.error ??= error;
    this.#pieces = [];
    this.#stream.destroy();
    this.#reject?.(this.error);
  }
}

function misfit(what: string, cause?: unknown): SynclineError {
  const details = cause === undefined ? {} : { cause };
  return new SynclineError("PROTOCOL_ERROR", `a compressed frame ${what}`, details);
}

function closedError(): SynclineError {
  return new SynclineError("CLOSED", "the connection is closed");
}
