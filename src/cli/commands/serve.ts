import { pid } from "node:process";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import type { Version } from "../../scenario/world/editions.ts";
import { openToServe } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import type { Driven } from "../drive.ts";
import { examples } from "../examples.ts";
import { folderOf } from "../folder.ts";
import { onStopSignals } from "../interrupt.ts";

const PORT_DEFAULT = 7300;
const PORT_MAX = 65_535;

interface Options {
  readonly host: string;
  readonly port: number;
  readonly verbose?: true;
  readonly refusePurges?: true;
  readonly driven?: number;
  readonly drivenAs?: Version;
}

export function addServe(program: Command, cli: Cli): void {
  program
    .command("serve")
    .description("serve the instance to its peers until Ctrl-C")
    .option("--host <host>", "the address to listen on; this machine only", "127.0.0.1")
    .option("--port <port>", "the port; 0 takes any free one", parsePort, PORT_DEFAULT)
    .option("--refuse-purges", "do not carry out purges of peers without a link here")
    .option("--verbose", "log every request on stderr")
    .addOption(
      new Option("--driven <ms>", "for programs that replay timelines: see drive.ts")
        .argParser(parseShift)
        .hideHelp(),
    )
    .addOption(
      new Option("--driven-as <version>", "schema and algorithm of the version to be: 2.1")
        .argParser(parseVersion)
        .hideHelp(),
    )
    .addHelpText(
      "after",
      examples("syncline serve", "syncline -C catalog serve --port 0 --verbose"),
    )
    .action((options: Options) => serve(cli, options));
}

async function serve(cli: Cli, options: Options): Promise<void> {
  const folder = folderOf(cli);
  // Listening for signals from the start: one that comes while the folder opens counts too.
  const stopped = new Promise<void>((resolve) => onStopSignals(cli, resolve));
  const { startServer } = await import("../../server/start.ts");
  const logger = options.verbose
    ? (await import("../../server/logger.ts")).stderrLogger()
    : undefined;
  const driven = await drivenBy(cli, options);
  const instance = await openToServe(cli, folder, driven?.open);
  try {
    const { host, port, refusePurges: refusesPurges = false } = options;
    const where = { folder, host, port };
    const server = await startServer({
      ...{ instance, refusesPurges, ...where },
      ...(logger && { logger }),
      ...(driven && { sync: driven.open }),
    });
    if (cli.json) printJson(cli, { url: server.url, pid });
    else cli.out.write(`listening on ${server.url}\n`);
    await stopped;
    await server.close();
  } finally {
    await instance.close();
    driven?.end();
  }
}

async function drivenBy(
  cli: Cli,
  { driven: shiftMs, drivenAs: version }: Options,
): Promise<Driven | undefined> {
  if (shiftMs === undefined) return undefined;
  return (await import("../drive.ts")).drive(cli, { shiftMs, version });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= PORT_MAX) return port;
  throw new InvalidArgumentError(`a port is a number from 0 to ${PORT_MAX}.`);
}

function parseShift(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("by how many milliseconds the clock is off.");
}

function parseVersion(text: string): Version {
  if (/^[12]\.[12]$/.test(text)) {
    const [schema, algorithm] = text.split(".").map(Number) as [1 | 2, 1 | 2];
    return { schema, algorithm };
  }
  throw new InvalidArgumentError("the schema's and the algorithm's version: 1.1 to 2.2.");
}
