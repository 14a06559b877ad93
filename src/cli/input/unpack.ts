import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { SynclineError } from "../../base/errors.ts";

const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** The bytes themselves, or what gzip packed into them. Throws what `gunzip` throws. */
export async function* unpack(
  name: string,
  source: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const head: Uint8Array[] = [];
  let size = 0;
  while (size < GZIP_MAGIC.length) {
    const next = await source.next();
    if (next.done) break;
    head.push(next.value);
    size += next.value.length;
  }
  const start = Buffer.concat(head);
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield start;
    yield* source;
  }
  const isGzip = GZIP_MAGIC.every((byte, i) => start[i] === byte);
  yield* isGzip ? gunzip(name, whole()) : whole();
}

/** Throws `TRUNCATED_INPUT` when the file ends early, `FILE_NOT_READABLE` when it is damaged. */
async function* gunzip(
  name: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let unpacked = 0;
  try {
    // The callback is where a pipeline reports; iterating the last stream throws the same error.
    for await (const chunk of pipeline(Readable.from(source), createGunzip(), () => {})) {
      unpacked += (chunk as Uint8Array).length;
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw asGzipError(`${name}, after ${unpacked} unpacked bytes`, error);
  }
}

function asGzipError(where: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") {
    return new SynclineError("TRUNCATED_INPUT", "the gzip file ends early", {
      where,
      hint: "get the file again and import it; objects that are as it says will be skipped",
      cause: error,
    });
  }
  if (!code?.startsWith("Z_")) return error;
  return new SynclineError("FILE_NOT_READABLE", `the gzip file is damaged: ${message}`, {
    where,
    cause: error,
  });
}
