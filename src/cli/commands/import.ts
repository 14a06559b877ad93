import { basename } from "node:path";
import type { Command } from "commander";
import { SynclineError } from "../../base/errors.ts";
import type { ImportOptions, ImportReport } from "../../instance/instance.ts";
import { withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { openInput } from "../input/open-input.ts";
import { interruptible } from "../interrupt.ts";
import { EXIT_REFUSED } from "../output/failure.ts";
import { commandProgress } from "../output/progress.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";
import { count, counted, duration } from "../output/units.ts";

interface Options extends AttributionOptions {
  readonly strict?: true;
  readonly type?: string;
  readonly complete?: true;
  readonly maxRemovals?: string;
  readonly acceptRemovals?: true;
}

const REFUSED_SHOWN_MAX = 10;

export function addImport(program: Command, cli: Cli): void {
  const command = program
    .command("import")
    .description("import CKAN JSON lines (ckanapi dump), gz too")
    .argument("<file>", "a file, or - for standard input")
    .option("--strict", "stop at the first bad line instead of skipping it")
    .option("--complete", "the file is all there is of its types: delete what it does not hold")
    .option(
      "--max-removals <share>",
      "with --complete: how much may go at once (default: 5%, or 20)",
    )
    .option("--accept-removals", "with --complete: let more go")
    .option("--type <type>", "the type of all lines (default: told from each line)");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        "syncline import datasets.jsonl.gz",
        "ckanapi dump datasets --all -r https://data.example | syncline import -",
        "syncline import groups.jsonl --type group --strict",
        "syncline import all-datasets.jsonl.gz --type package --complete",
      ),
    )
    .action((file: string, options: Options) => importFile(cli, file, options));
}

async function importFile(cli: Cli, file: string, options: Options): Promise<void> {
  const { author } = attributionOf(cli, options);
  const input = await openInput(cli, file);
  const startedMs = cli.clock.monotonicMs();
  const report = await withWriter(cli, (writer) =>
    interruptible(cli, async (signal) => {
      const progress = commandProgress(cli, `importing ${basename(input.name)}`);
      try {
        return await writer.import(input.bytes, {
          author,
          // Not the path: the message goes to other instances.
          message: options.message ?? `import of ${basename(input.name)}`,
          file: input.name,
          strict: options.strict ?? false,
          ...(options.type === undefined ? {} : { type: options.type }),
          ...completing(options),
          signal,
          onProgress: ({ lines, absent }) => {
            if (absent !== undefined) sayAbsent(cli, absent, input.name);
            progress.update({ ...input.position(), units: lines, unit: "line" });
          },
        });
      } finally {
        progress.end();
        input.close();
      }
    }),
  );
  if (report.refusedTotal > 0) cli.exitCode = EXIT_REFUSED;
  if (cli.json) printJson(cli, report);
  else cli.out.write(describe(report, (cli.clock.monotonicMs() - startedMs) / 1000));
  if (!cli.json) cli.err.write(describeRefused(cli, report) + describeTypeless(report));
}

function completing({ complete, maxRemovals, acceptRemovals }: Options): Partial<ImportOptions> {
  if (complete === true) {
    return {
      complete,
      ...(maxRemovals === undefined ? {} : { maxRemovals }),
      ...(acceptRemovals === undefined ? {} : { acceptRemovals }),
    };
  }
  if (maxRemovals === undefined && acceptRemovals === undefined) return {};
  throw new SynclineError("USAGE", "only a complete import removes anything", {
    hint: "add --complete, or leave --max-removals and --accept-removals out",
  });
}

/** Said before anything is stored, so that it can still be stopped. */
function sayAbsent(cli: Cli, absent: number, file: string): void {
  if (cli.json || absent === 0) return;
  const what = counted(absent, "object");
  cli.err.write(`${printable(file)} does not hold ${what} that will be deleted at the end\n`);
}

function describe(report: ImportReport, seconds: number): string {
  const parts = [
    `${count(report.created)} created`,
    `${count(report.changed)} changed`,
    `${count(report.unchanged)} unchanged`,
    `${count(report.refusedTotal)} refused`,
  ];
  return (
    `imported ${counted(report.lines, "line")}: ${parts.join(", ")}\n` +
    completed(report) +
    `stored ${counted(report.revisions, "revision")} in ` +
    `${counted(report.changesets, "changeset")}, ${duration(seconds)}\n`
  );
}

function completed({ complete, refusedTotal }: ImportReport): string {
  if (complete === undefined) return "";
  const { types, absent, deleted } = complete;
  const what = `of ${types.join(", ") || "no type"} absent from the file`;
  if (refusedTotal > 0)
    return `deleted nothing: some lines were refused; ${count(absent)} ${what}\n`;
  return `deleted ${count(deleted)} of ${counted(absent, "object")} ${what}\n`;
}

/** Of what types an empty file is all there is, nobody can tell from it. */
function describeTypeless({ complete }: ImportReport): string {
  if (complete === undefined || complete.types.length > 0) return "";
  return "the file holds objects of no type, so nothing is absent from it; --type names its type\n";
}

function describeRefused(cli: Cli, { refused, refusedTotal }: ImportReport): string {
  const styles = stylesFor(cli.err);
  const lines = refused.slice(0, REFUSED_SHOWN_MAX).map(({ file, line, code, message }) => {
    const place = `${file ?? "input"}:${line}`;
    return `${styles.warning("refused")} ${printable(`${place}: ${message}`)} [${code}]\n`;
  });
  const more = refusedTotal - lines.length;
  return lines.join("") + (more > 0 ? `and ${count(more)} more; --json lists them\n` : "");
}
