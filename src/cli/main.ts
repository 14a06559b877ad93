import { CommanderError } from "commander";
import { type Cli, systemCli } from "./cli.ts";
import { EXIT_DONE, reportFailure } from "./output/failure.ts";
import { buildProgram } from "./program.ts";
import { helpFor, usageError } from "./usage.ts";

/**
 * Runs one command line (without node and script) and returns the exit code: 0 done, 1 failed,
 * 2 usage, 4 done with refused input. Never throws.
 */
export async function main(argv: string[], cli: Cli = systemCli()): Promise<number> {
  const program = buildProgram(cli);
  try {
    await program.parseAsync(argv, { from: "user" });
    return cli.exitCode;
  } catch (error) {
    // Help and version arrive as errors too; they have printed what they had to say.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_DONE;
    if (!(error instanceof CommanderError)) return reportFailure(cli, error);
    cli.json ||= argv.includes("--json");
    if (error.code === "commander.help" && !cli.json) cli.err.write(helpFor(program, argv));
    return reportFailure(cli, usageError(error, program, argv));
  }
}
