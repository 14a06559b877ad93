import type { Readable } from "node:stream";
import type { Clock } from "../base/ports/clock.ts";
import { systemClock } from "../base/ports/clock.ts";
import { type Output, streamOutput } from "./output/output.ts";
import { programWords } from "./program-words.ts";

/** What a command may touch, and what was said before its name. */
export interface Cli {
  readonly out: Output;
  readonly err: Output;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  /** How a person calls this program here, as words of a shell. */
  readonly program: string;
  /** `--json`: stdout carries one JSON document, or JSON lines. */
  json: boolean;
  /** `-C DIR`. */
  folder: string | undefined;
  /** False with `--no-recover`. */
  recovers: boolean;
  /** Set by a command that is done but has more to say than 0. */
  exitCode: number;
}

/** The command line on the process's own streams. */
export function systemCli(): Cli {
  return {
    out: streamOutput(process.stdout, process.env),
    err: streamOutput(process.stderr, process.env),
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    program: programWords({
      script: process.argv[1],
      cwd: process.cwd(),
      env: process.env,
    }),
    json: false,
    folder: undefined,
    recovers: true,
    exitCode: 0,
  };
}

/** Prints the one document of `--json`. */
export function printJson(cli: Cli, document: unknown): void {
  cli.out.write(`${JSON.stringify(document, null, 2)}\n`);
}
