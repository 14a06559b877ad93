import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { parseJson } from "../../base/ingress/parse-json.ts";
import type { Json } from "../../base/json.ts";
import { IMPORT_LINE_BYTES_MAX } from "../../base/limits.ts";
import type { Cli } from "../cli.ts";
import { asFileError } from "./open-input.ts";

/** The JSON in a file, or on standard input for `-`. Throws what files and strict parsing throw. */
export async function readJsonFile(cli: Cli, file: string): Promise<Json> {
  const name = file === "-" ? "standard input" : file;
  const bytes = file === "-" ? await buffer(cli.stdin) : await read(cli, file);
  return parseJson(bytes, { bytesMax: IMPORT_LINE_BYTES_MAX, where: name });
}

async function read(cli: Cli, file: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cli.cwd, file));
  } catch (error) {
    throw asFileError(file, error);
  }
}
