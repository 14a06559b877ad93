import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import type { RevisionDiff } from "../../instance/instance.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { describeWrite } from "../output/entry.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";
import { addDiffMerge } from "./diff-merge.ts";

export function addDiff(program: Command, cli: Cli): void {
  const command = program
    .command("diff")
    .description("what changed between two revisions of an object")
    .argument("<object@from>", "the object and the earlier revision")
    .argument("<to>", "the later revision")
    .addHelpText(
      "after",
      examples(
        "syncline diff package/bus-stops@REVISION1 REVISION2",
        "syncline diff package/bus-stops@REVISION1 REVISION2 --json | jq .patch",
      ),
    )
    .action((from: string, to: string) => diff(cli, from, to));
  addDiffMerge(command, cli);
}

async function diff(cli: Cli, start: string, to: string): Promise<void> {
  const at = start.lastIndexOf("@");
  if (at < 1) {
    throw new SynclineError("USAGE", "the earlier revision is missing", {
      where: start,
      hint: `write ${start}@REVISION; syncline log ${start} shows the revisions`,
    });
  }
  const ref = start.slice(0, at);
  const from = start.slice(at + 1);
  const found = await withReader(cli, (instance) => instance.diff(ref, from, to));
  if (cli.json) printJson(cli, found);
  else cli.out.write(describe(cli, found));
}

function describe(cli: Cli, { patch, before }: RevisionDiff): string {
  if (patch.length === 0) return "no difference\n";
  const { strong, good, bad } = stylesFor(cli.out);
  const value = (json: Json): string => printable(JSON.stringify(json));
  const lines = patch.flatMap((write) => [
    strong(printable(describeWrite(write))),
    ...(Object.hasOwn(before, write.path) ? [bad(`  - ${value(before[write.path] as Json)}`)] : []),
    ...(write.op === "remove" ? [] : [good(`  + ${value(write.value)}`)]),
  ]);
  return `${lines.join("\n")}\n`;
}
