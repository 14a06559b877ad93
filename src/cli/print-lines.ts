import type { Cli } from "./cli.ts";

const CHUNK_CHARS = 64 * 1024;

/** Prints lines as they come, no faster than the reader of stdout takes them; returns how many. */
export async function printLines(cli: Cli, lines: AsyncIterable<string>): Promise<number> {
  let chunk = "";
  let count = 0;
  for await (const line of lines) {
    count++;
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    cli.out.write(chunk);
    chunk = "";
    await cli.out.ready();
  }
  if (chunk !== "") cli.out.write(chunk);
  return count;
}
