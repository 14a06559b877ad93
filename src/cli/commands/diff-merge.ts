import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";
import type { DiffConflict, MergedDiffs } from "../../instance/merge-diffs.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { readJsonFile } from "../input/read-json-file.ts";
import { kindInWords, placeInWords, ruleInWords, valueInWords } from "../output/conflict-words.ts";
import { printable } from "../output/text.ts";

export function addDiffMerge(diff: Command, cli: Cli): void {
  diff
    .command("merge")
    .description("merge two diffs onto what they are based on; nothing is stored")
    .argument(
      "<base>",
      "a file with a document in the stored form, - for standard input, or object@revision",
    )
    .argument("<diff1>", "a file with a JSON patch, or with what diff --json printed")
    .argument("<diff2>", "the same; where both write one field, this one counts as newer")
    .option("--type <type>", "the type of a document in a file (default: package)")
    .addHelpText(
      "after",
      examples(
        "syncline diff merge package/bus-stops@REVISION ours.json theirs.json",
        "syncline show package/bus-stops --json | jq .document > base.json",
        "syncline diff merge base.json ours.json theirs.json --json | jq .conflicts",
      ),
    )
    .action((base: string, one: string, other: string, options: { type?: string }) =>
      merge(cli, base, [one, other], options),
    );
}

async function merge(
  cli: Cli,
  start: string,
  [one, other]: readonly [string, string],
  options: { type?: string },
): Promise<void> {
  const base = await baseOf(cli, start);
  const diffs = [await readJsonFile(cli, one), await readJsonFile(cli, other)] as const;
  const merged = await withReader(cli, (instance) =>
    instance.mergeDiffs({ base, diffs, ...options }),
  );
  if (cli.json) printJson(cli, merged);
  else describe(cli, merged);
}

/** A file is taken for one; what is none names an object. */
async function baseOf(cli: Cli, start: string): Promise<JsonObject | string> {
  if (start !== "-" && !existsSync(resolve(cli.cwd, start)) && !start.endsWith(".json"))
    return start;
  const base = await readJsonFile(cli, start);
  if (isJsonObject(base)) return base;
  throw new SynclineError("INVALID_OBJECT", "the base is no document: a document is a map", {
    where: start,
    hint: "syncline show OBJECT --json has one under .document",
  });
}

function describe(cli: Cli, { document, conflicts }: MergedDiffs): void {
  cli.out.write(document === null ? "deleted\n" : `${JSON.stringify(document, null, 2)}\n`);
  for (const conflict of conflicts) cli.err.write(`${printable(inWords(conflict))}\n`);
}

function inWords(conflict: DiffConflict): string {
  const say = (value: Json | undefined): string => valueInWords(conflict, value);
  const { candidates, chosen } = conflict;
  const wishes = candidates.map(({ diff, value }) => `diff ${diff} ${say(value)}`).join(", ");
  const why = `${kindInWords(conflict)}; ${ruleInWords(conflict)}`;
  return `conflict at ${placeInWords(conflict)}: ${wishes}; stands ${say(chosen.value)} (${why})`;
}
