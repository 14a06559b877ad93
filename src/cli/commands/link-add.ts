import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { OnLeave } from "../../instance/links.ts";
import type { Direction } from "../../store/rows.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { readScope } from "../input/read-scope.ts";
import { leaveOption } from "../leave-option.ts";
import {
  type OrganizationOptions,
  organizationsIn,
  withOrganizations,
} from "../organization-options.ts";

interface Options extends OrganizationOptions {
  readonly direction: Direction;
  readonly mode?: string;
  readonly scope?: string;
  readonly maxRemovals?: string;
  readonly tokenFile?: string;
  readonly refusePurges?: true;
  readonly onLeave?: OnLeave;
}

export function addLinkAdd(link: Command, cli: Cli): void {
  const command = link
    .command("add")
    .description("add a link to a peer")
    .argument("<name>", "what to call the link here")
    .argument("<url>", "where the peer serves, as its serve command printed it")
    .addOption(
      new Option("--direction <direction>", "as seen from this folder: pull receives")
        .choices(["pull", "push", "both"])
        .makeOptionMandatory(),
    )
    .option("--mode <mode>", "manual, live or every:5m (default: manual)")
    .option("--scope <file>", "a JSON file that says which objects the link carries")
    .addOption(leaveOption("what becomes here of what leaves the scope (default: keep)"))
    .option("--max-removals <share>", "stop when more would be removed (default: 5%, or 20)")
    .option("--token-file <file>", "a file with the token that the peer gave out")
    .option("--refuse-purges", "do not carry out purges that come from the peer");
  withOrganizations(command)
    .addHelpText(
      "after",
      examples(
        "syncline link add hq http://127.0.0.1:7300 --direction pull",
        "syncline link add hq http://127.0.0.1:7300 --direction pull --scope water.json",
        "syncline link add hq http://127.0.0.1:7300 --direction pull --scope water.json --on-leave drop",
        "syncline -C branch link add hq http://127.0.0.1:7300 --direction push",
        "syncline link add hq http://127.0.0.1:7300 --direction pull --map-organization board=harbor",
      ),
    )
    .action((name: string, url: string, options: Options) => add(cli, name, url, options));
}

async function add(cli: Cli, name: string, url: string, options: Options): Promise<void> {
  const { direction, mode, scope, maxRemovals, tokenFile, refusePurges, onLeave } = options;
  const organizations = organizationsIn(options);
  const wanted = {
    name,
    url,
    direction,
    ...(mode === undefined ? {} : { mode }),
    ...(scope === undefined ? {} : { scope: await readScope(cli, scope) }),
    ...(maxRemovals === undefined ? {} : { maxRemovals }),
    ...(tokenFile === undefined ? {} : { tokenFile: resolve(cli.cwd, tokenFile) }),
    ...(refusePurges === undefined ? {} : { refusesPurges: true }),
    ...(onLeave === undefined ? {} : { onLeave }),
    ...(organizations === undefined ? {} : { organizations }),
  };
  const link = await withWriter(cli, (writer) => writer.addLink(wanted));
  if (cli.json) printJson(cli, link);
  else cli.out.write(`added link ${name}: ${sentence(link.direction, url)}\n`);
}

function sentence(direction: Direction, url: string): string {
  if (direction === "pull") return `pulls from ${url}`;
  return direction === "push" ? `pushes to ${url}` : `keeps both ways in step with ${url}`;
}
