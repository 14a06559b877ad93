import type { Cli } from "./cli.ts";

const CHUNK_CHARS = 64 * 1024;

/** Prints lines as they come, no faster than the reader of stdout takes them. */
export async function printLines(cli: Cli, lines: AsyncIterable<string>): Promise<void> {
  let chunk = "";
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    cli.out.write(chunk);
    chunk = "";
    await cli.out.ready();
  }
  if (chunk !== "") cli.out.write(chunk);
}
