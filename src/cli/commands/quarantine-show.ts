import type { Command } from "commander";
import { ERROR_CODES, type ErrorCode } from "../../base/error-codes.ts";
import type { QuarantineView } from "../../instance/quarantine.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { stylesFor } from "../output/styles.ts";
import { printable, truncate } from "../output/text.ts";
import { bytes } from "../output/units.ts";
import { peerOf } from "./quarantine-list.ts";

const RECORD_CHARS_SHOWN = 4000;

export function addQuarantineShow(quarantine: Command, cli: Cli): void {
  quarantine
    .command("show")
    .description("show one refused record: why, and what it says")
    .argument("<key>", "its key, the first 8 or more digits of one, or the record's id")
    .addHelpText(
      "after",
      examples(
        "syncline quarantine show 3f2a9c1e",
        "syncline quarantine show 3f2a9c1e --json | jq -r .record",
      ),
    )
    .action((key: string) => show(cli, key));
}

async function show(cli: Cli, key: string): Promise<void> {
  const view = await withReader(cli, (instance) => instance.quarantined(key));
  if (cli.json) printJson(cli, view);
  else cli.out.write(describe(cli, view));
}

function describe(cli: Cli, view: QuarantineView): string {
  const { strong, faint } = stylesFor(cli.out);
  const about = [view.kind ?? "no readable record", view.type, view.object];
  const fields: readonly (readonly [string, string | null])[] = [
    ["record", about.filter((part) => part !== null).join(" ")],
    ["id", view.id],
    ["from", view.peer === null ? "a file" : `${peerOf(view)} (${view.peer.id})`],
    ["since", view.received],
    ["size", view.bytes === 0 ? "not kept: the quarantine was full" : bytes(view.bytes)],
    ["code", `${view.code}: ${meaningOf(view.code)}`],
    ["why", view.message],
    ["waits for", view.waitsFor],
    ["next", nextStep(view)],
  ];
  const lines = fields
    .filter(([, value]) => value !== null)
    .map(([title, value]) => `  ${faint(title.padEnd(10))} ${printable(value as string)}\n`);
  return `${strong(view.key)}\n${lines.join("")}${recordText(cli, view)}`;
}

function meaningOf(code: string): string {
  return Object.hasOwn(ERROR_CODES, code)
    ? ERROR_CODES[code as ErrorCode]
    : "a code that this version does not know";
}

function nextStep({ key, waitsFor, bytes: size }: QuarantineView): string {
  if (size === 0) return "have it sent again: syncline revisions export at its origin, import here";
  if (waitsFor !== null) return "nothing: it is taken up when that arrives";
  return `once the cause is gone: syncline quarantine retry ${key.slice(0, 12)}`;
}

function recordText(cli: Cli, { record }: QuarantineView): string {
  if (record === null) return "";
  const text = truncate(printable(record.slice(0, RECORD_CHARS_SHOWN)), RECORD_CHARS_SHOWN);
  const rest = record.length > RECORD_CHARS_SHOWN ? " … (--json shows all)" : "";
  return `\n${stylesFor(cli.out).faint(text)}${rest}\n`;
}
