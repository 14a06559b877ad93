import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import { parseJson } from "../../base/ingress/parse-json.ts";
import type { Json } from "../../base/json.ts";
import { DOCUMENT_BYTES_MAX } from "../../base/limits.ts";
import type { ConflictChoice } from "../../instance/conflicts/decisions.ts";
import type { ResolveReport, ResolveRule } from "../../instance/conflicts/resolve-conflicts.ts";
import type { Attribution } from "../../instance/instance.ts";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import { type Cli, printJson } from "../cli.ts";
import { withPlaceFilters } from "../conflict-options.ts";
import { examples } from "../examples.ts";
import { printAuthored } from "../output/authored.ts";
import { EXIT_REFUSED } from "../output/failure.ts";
import { stylesFor } from "../output/styles.ts";
import { counted } from "../output/units.ts";

interface Options extends AttributionOptions, Omit<ResolveRule, "take"> {
  readonly keep?: true;
  readonly pick?: string;
  readonly value?: string;
  readonly absent?: true;
  readonly take?: string;
}

export function addConflictsResolve(conflicts: Command, cli: Cli): void {
  const command = conflicts
    .command("resolve")
    .description("decide one conflict, or with --take many at once")
    .argument("[id]", "the conflict's id or its beginning")
    .option("--keep", "what stands is right")
    .option("--pick <revision>", "what this candidate wanted stands")
    .option("--value <json>", "this value stands")
    .option("--absent", "nothing stands there")
    .option("--take <whose>", "of all open ones that fit: newest, oldest, or an instance's");
  withAttribution(withPlaceFilters(command))
    .addHelpText(
      "after",
      examples(
        "syncline conflicts resolve 3f2a9c1e --pick 01a2023f-5cd0-7000-8000-006f4bd0e1a7",
        `syncline conflicts resolve 3f2a9c1e --value '"Bus and tram stops"' --by ann`,
        "syncline conflicts resolve --take newest --type package --path /title",
        "syncline conflicts resolve --take hq",
      ),
    )
    .action((id: string | undefined, options: Options) =>
      id === undefined ? resolveMany(cli, options) : resolveOne(cli, id, options),
    );
}

async function resolveOne(cli: Cli, id: string, options: Options): Promise<void> {
  const choice = choiceOf(options);
  const by = byOf(cli, options);
  const outcome = await withWriter(cli, (writer) => writer.resolveConflict(id, choice, by));
  printAuthored(cli, "decided", outcome);
}

/** Without a message of the person's own, the decision says what it is about. */
function byOf(cli: Cli, options: Options): Attribution {
  const { author, message } = attributionOf(cli, options);
  return message === "" ? { author } : { author, message };
}

/** The one decision that the options spell. Throws `USAGE`. */
function choiceOf({ keep, pick, value, absent, ...others }: Options): ConflictChoice {
  const choices: ConflictChoice[] = [];
  if (keep) choices.push({ keep });
  if (pick !== undefined) choices.push({ pick });
  if (value !== undefined) choices.push({ value: parseValue(value) });
  if (absent) choices.push({ absent });
  const [choice, second] = choices;
  const isFiltered = [others.take, others.type, others.object, others.path].some(Boolean);
  if (choice !== undefined && second === undefined && !isFiltered) return choice;
  throw new SynclineError(
    "USAGE",
    "a conflict is decided by one of --keep, --pick, --value, --absent",
    {
      hint: "syncline conflicts show ID shows what there is to choose; --take is for many at once",
    },
  );
}

function parseValue(text: string): Json {
  try {
    return parseJson(text, { bytesMax: DOCUMENT_BYTES_MAX, where: "--value" });
  } catch (error) {
    if (/^[[{"]/.test(text.trim())) throw error;
    throw new SynclineError("USAGE", "--value is JSON", {
      where: `--value ${text.slice(0, 60)}`,
      hint: `a text needs quotes of its own: --value '${JSON.stringify(text.slice(0, 60))}'`,
    });
  }
}

async function resolveMany(cli: Cli, options: Options): Promise<void> {
  const { keep, pick, value, absent, take, type, object, path } = options;
  if (take === undefined || [keep, pick, value, absent].some((one) => one !== undefined)) {
    throw new SynclineError("USAGE", "which conflict? give its id, or --take for many", {
      hint: "syncline conflicts list --status open; then conflicts resolve ID --keep",
    });
  }
  const given = Object.entries({ type, object, path }).filter(([, one]) => one !== undefined);
  const rule: ResolveRule = { take, ...Object.fromEntries(given) };
  const by = byOf(cli, options);
  const report = await withWriter(cli, (writer) => writer.resolveConflicts(rule, by));
  if (report.refused.length > 0) cli.exitCode = EXIT_REFUSED;
  if (cli.json) printJson(cli, report);
  else printReport(cli, report);
}

function printReport(cli: Cli, { resolved, skipped, changesets, refused }: ResolveReport): void {
  const skips = skipped === 0 ? "" : `, ${skipped} skipped: the rule does not decide them`;
  const stored = resolved === 0 ? "" : ` in ${counted(changesets, "changeset")}`;
  cli.out.write(`decided ${counted(resolved, "conflict")}${stored}${skips}\n`);
  const { warning } = stylesFor(cli.err);
  for (const { id, code } of refused) {
    cli.err.write(`${warning("refused")} conflict ${id} [${code}]\n`);
  }
}
