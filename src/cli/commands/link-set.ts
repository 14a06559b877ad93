import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { SynclineError } from "../../base/errors.ts";
import type { OnLeave } from "../../instance/links.ts";
import type { LinkChange } from "../../instance/set-link.ts";
import type { Direction } from "../../store/rows.ts";
import { describeLimit } from "../../sync/host/removal-limit.ts";
import { withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { readScope } from "../input/read-scope.ts";
import { leaveOption } from "../leave-option.ts";
import { printable } from "../output/text.ts";

interface Options {
  readonly url?: string;
  readonly direction?: Direction;
  readonly mode?: string;
  readonly scope?: string;
  readonly noScope?: true;
  readonly maxRemovals?: string;
  readonly tokenFile?: string;
  readonly refusePurges?: true;
  readonly acceptPurges?: true;
  readonly onLeave?: OnLeave;
}

export function addLinkSet(link: Command, cli: Cli): void {
  link
    .command("set")
    .description("change a link: what is not named stays")
    .argument("<name>")
    .option("--url <url>", "where the peer serves now")
    .addOption(
      new Option("--direction <direction>", "as seen from this folder: pull receives").choices([
        "pull",
        "push",
        "both",
      ]),
    )
    .option("--mode <mode>", "manual, live or every:5m")
    .option("--scope <file>", "a JSON file that says which objects the link carries")
    .addOption(noScopeOption())
    .option("--max-removals <share>", "stop when more would be removed at once")
    .option("--token-file <file>", "a file with the token that the peer gave out")
    .option("--refuse-purges", "do not carry out purges that come from the peer")
    .option("--accept-purges", "carry them out, also those refused so far")
    .addOption(leaveOption("keep what leaves the scope as it was, or drop it"))
    .addHelpText(
      "after",
      examples(
        "syncline link set hq --mode live",
        "syncline link set hq --scope water.json --direction pull",
        "syncline link set hq --refuse-purges",
        "syncline link set hq --max-removals 100",
        "syncline link set hq --on-leave drop",
      ),
    )
    .action((name: string, options: Options) => set(cli, name, options));
}

/**
 * A flag of its own, not the negation of `--scope`, of which the last one given would be taken: who
 * gives both meant one of them, and which one decides what leaves the folder.
 */
function noScopeOption(): Option {
  const what = "carry everything again, but what stays home without a scope";
  return Object.assign(new Option("--no-scope", what), { negate: false }).conflicts("scope");
}

async function set(cli: Cli, name: string, options: Options): Promise<void> {
  const change = await changeIn(cli, options);
  const link = await withWriter(cli, (writer) => writer.setLink(name, change));
  if (cli.json) printJson(cli, link);
  else cli.out.write(`link ${printable(name)} ${describe(change).join(", ")}\n`);
}

async function changeIn(cli: Cli, options: Options): Promise<LinkChange> {
  const { scope, noScope, tokenFile, refusePurges, acceptPurges, ...plain } = options;
  if (refusePurges && acceptPurges) {
    throw new SynclineError("USAGE", "purges cannot be refused and accepted", {
      hint: "give one of --refuse-purges and --accept-purges",
    });
  }
  return {
    ...plain,
    ...(scope === undefined ? {} : { scope: await readScope(cli, scope) }),
    ...(noScope === true ? { scope: null } : {}),
    ...(tokenFile === undefined ? {} : { tokenFile: resolve(cli.cwd, tokenFile) }),
    ...(refusePurges ? { refusesPurges: true } : {}),
    ...(acceptPurges ? { refusesPurges: false } : {}),
  };
}

const DIRECTIONS = { pull: "pulls", push: "pushes", both: "goes both ways" } as const;

function describe(change: LinkChange): string[] {
  const { url, direction, mode, scope, maxRemovals, refusesPurges, onLeave } = change;
  const verb = refusesPurges ? "refuses" : "carries out";
  return [
    ...(url === undefined ? [] : [`leads to ${printable(url)}`]),
    ...(direction === undefined ? [] : [DIRECTIONS[direction]]),
    ...(mode === undefined ? [] : [mode === "manual" ? "waits to be run" : `runs ${mode}`]),
    ...(scope === undefined ? [] : [scope === null ? "has no scope" : "has another scope"]),
    ...(refusesPurges === undefined ? [] : [`${verb} purges of its peer`]),
    ...(maxRemovals === undefined ? [] : [`removes ${describeLimit(maxRemovals)}`]),
    ...(onLeave === undefined ? [] : [`${onLeave}s what leaves its scope`]),
  ];
}
