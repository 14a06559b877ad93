import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { SynclineError } from "../../base/errors.ts";
import type { Cli } from "../cli.ts";
import { unpack } from "./unpack.ts";

/** An input that is being read: its bytes, unpacked, and how much of it has gone by. */
export interface Input {
  /** For messages: the path as it was given, or `standard input`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** In bytes as stored; without a total when the end is not known. */
  position(): { readonly done: number; readonly total?: number };
  /** Lets go of the file or stream, also in the middle of it. */
  close(): void;
}

/**
 * Opens a file, or standard input for `-`. Gzip is recognized by its first bytes, whatever the
 * name. Throws `FILE_NOT_FOUND`, `FILE_NOT_READABLE`; while reading also `TRUNCATED_INPUT`.
 */
export async function openInput(cli: Cli, file: string): Promise<Input> {
  if (file === "-") return track("standard input", cli.stdin, cli.stdin);
  const path = resolve(cli.cwd, file);
  try {
    const handle = await open(path);
    const stat = await handle.stat();
    await handle.close();
    if (stat.isDirectory()) throw notReadable(file, IS_FOLDER);
    const total = stat.isFile() ? stat.size : undefined;
    const stream = createReadStream(path);
    return track(file, stream, readable(file, stream), total);
  } catch (error) {
    throw asFileError(file, error);
  }
}

const IS_FOLDER = "it is a folder";

/** The error for a file that cannot be opened or read. */
export function asFileError(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  // An empty path leads to the folder where one is.
  if (file === "") {
    const hint = "is a variable of the shell empty?";
    return new SynclineError("FILE_NOT_FOUND", "the name of the file is empty", { hint });
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new SynclineError("FILE_NOT_FOUND", `there is no file ${file}`, {
      where: file,
      hint: "check the path, as seen from the folder where you are",
    });
  }
  if (code === "EACCES" || code === "EPERM") return notReadable(file, "no permission");
  if (code === "EISDIR") return notReadable(file, IS_FOLDER);
  if (code === "EIO") return notReadable(file, message);
  return error;
}

function notReadable(file: string, why: string): SynclineError {
  return new SynclineError("FILE_NOT_READABLE", `${file} cannot be read: ${why}`, {
    where: file,
    hint: why === IS_FOLDER ? "name a file in it" : "check who may read it, and the disk",
  });
}

function track(
  name: string,
  stream: Readable,
  source: AsyncIterable<Uint8Array>,
  total?: number,
): Input {
  let done = 0;
  async function* counting(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      done += chunk.length;
      yield chunk;
    }
  }
  return {
    name,
    bytes: unpack(name, counting()),
    position: () => (total === undefined ? { done } : { done, total }),
    close: () => void stream.destroy(),
  };
}

async function* readable(
  file: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    throw asFileError(file, error);
  }
}
