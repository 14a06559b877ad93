/** Runs a command line inside the test's own process, with streams that keep what was written. */
import { Readable } from "node:stream";
import { systemClock } from "../../src/base/ports/clock.ts";
import { main } from "../../src/cli/main.ts";
import { fakeOutput } from "./fake-output.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** How the program is called. */
  readonly program?: string;
  /** Columns of a terminal; no terminal when left out. */
  readonly columns?: number;
  /** A person types the input. */
  readonly isTyped?: boolean;
}

export async function run(
  args: string[],
  options: RunOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { cwd = "/", env = {}, input = "", program = "syncline" } = options;
  const { columns, isTyped = false } = options;
  const given = columns === undefined ? { columns: 1000 } : { isTerminal: true, columns };
  const [out, err] = [fakeOutput(given), fakeOutput(given)];
  const code = await main(args, {
    out,
    err,
    stdin: Object.assign(Readable.from([Buffer.from(input)]), { isTTY: isTyped }),
    env: { SYNCLINE_AUTHOR: "tester", EDITOR: "false", ...env },
    cwd,
    clock: systemClock,
    program,
    json: false,
    folder: undefined,
    recovers: true,
    exitCode: 0,
  });
  return { code, stdout: out.text, stderr: err.text };
}
