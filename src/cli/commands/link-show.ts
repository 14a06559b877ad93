import type { Command } from "commander";
import { linkNamed } from "../../instance/links.ts";
import type { LinkRow, RunRow } from "../../store/rows.ts";
import { describeLimit } from "../../sync/host/removal-limit.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { describeMapping } from "../output/mapping.ts";
import { describeRun } from "../output/run.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";

const RUNS_SHOWN_MAX = 5;

export function addLinkShow(link: Command, cli: Cli): void {
  link
    .command("show")
    .description("show one link and its last runs")
    .argument("<name>")
    .addHelpText("after", examples("syncline link show hq", "syncline link show hq --json"))
    .action((name: string) => show(cli, name));
}

async function show(cli: Cli, name: string): Promise<void> {
  const [link, runs, mapping] = await withReader(cli, async (instance) => {
    const found = linkNamed(await instance.links(), name);
    const { store } = instance;
    return [found, await instance.runs(name), await describeMapping(store, found)] as const;
  });
  if (cli.json) printJson(cli, { ...link, runs });
  else cli.out.write(describe(cli, link, runs, mapping));
}

function describe(
  cli: Cli,
  link: LinkRow,
  runs: readonly RunRow[],
  mapping: string | undefined,
): string {
  const { strong } = stylesFor(cli.out);
  const fields: readonly (readonly [string, string])[] = [
    ["url", link.url],
    ["direction", link.direction],
    ["mode", link.mode],
    ["peer", link.peer === null ? "not met yet" : `${link.peerName ?? ""} (${link.peer})`],
    ["purges", link.refusesPurges === true ? "refused" : "carried out"],
    ["leaving", link.onLeave === "drop" ? "what leaves the scope is dropped" : "it stays"],
    ["scope", link.scope ?? "all but private and draft packages and roles"],
    ...(mapping === undefined ? [] : [["maps", mapping] as const]),
    ["removals", describeLimit(link.maxRemovals)],
  ];
  const lines = fields.map(([title, value]) => `  ${title.padEnd(10)} ${printable(value)}`);
  const past = runs.slice(0, RUNS_SHOWN_MAX).map((run) => `  ${run.ended}  ${describeRun(run)}`);
  const history = past.length === 0 ? ["  no runs yet"] : past;
  return [strong(link.name), ...lines, ...history, ...trouble(runs[0])].join("\n").concat("\n");
}

/** Why the newest run did not come to its end, and what to do about it. */
function trouble(newest: RunRow | undefined): string[] {
  if (newest?.error === undefined) return [];
  const { code, message, hint } = newest.error;
  const lines = [`  error: ${printable(message)} [${code}]`];
  return hint === undefined ? lines : [...lines, `  hint: ${printable(hint)}`];
}
