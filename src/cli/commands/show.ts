import type { Command } from "commander";
import type { ObjectView } from "../../instance/instance.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";

export function addShow(program: Command, cli: Cli): void {
  program
    .command("show")
    .description("show an object as it is stored, now or earlier")
    .argument("<object>", "type/name, a UUID or its beginning; @REVISION for an earlier state")
    .addHelpText(
      "after",
      examples(
        "syncline show package/bus-stops",
        "syncline show package/bus-stops@REVISION",
        "syncline show package/bus-stops --json | jq .ckan",
      ),
    )
    .action((ref: string) => show(cli, ref));
}

async function show(cli: Cli, ref: string): Promise<void> {
  const view = await withReader(cli, (instance) => instance.get(ref));
  if (cli.json) printJson(cli, view);
  else cli.out.write(describe(cli, view));
}

function describe(cli: Cli, view: ObjectView): string {
  const { strong, faint, warning, id } = stylesFor(cli.out);
  const name = printable(view.effectiveName ?? view.name ?? "(no name)");
  const heads = view.heads.length;
  const state =
    (view.document === null ? warning("  deleted") : "") +
    (view.parked === true ? warning("  waits for a newer version of Syncline") : "") +
    (view.left === undefined ? "" : warning("  left its link at the peer; stays as it was")) +
    (heads > 1 && view.parked !== true ? warning(`  merged from ${heads} sides`) : "");
  const body =
    view.document === null ? "" : `${printableLines(JSON.stringify(view.document, null, 2))}\n`;
  const isRenamed = view.effectiveName !== null && view.effectiveName !== view.name;
  const authored = isRenamed ? `named ${printable(String(view.name))} by its authors\n` : "";
  return (
    `${strong(`${printable(view.type)}/${name}`)}  ${faint(view.id)}${state}\n${authored}` +
    `revision ${id(view.revision)}\n${body}`
  );
}

/** JSON text escapes most control characters itself; the others must not reach the terminal. */
function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
