import { hlcToIso } from "../../base/hlc.ts";
import type { HistoryEntry } from "../../instance/instance.ts";
import type { Changeset, Purge, Revision, Write } from "../../model/record.ts";
import type { EntryRow } from "../../store/rows.ts";
import type { Output } from "./output.ts";
import { stylesFor } from "./styles.ts";
import { displayWidth, printable, truncate } from "./text.ts";
import { counted } from "./units.ts";

const PATHS_SHOWN_MAX = 6;
const INDENT = "    ";
const GAP = "  ";
const SIGNS = { add: "+", replace: "~", remove: "-" } as const;

/**
 * One log entry as people read it: which, when, who, and at which instance if not here; what, why;
 * where. Ids stand there whole: revision ids begin with the time, so those of one import would look alike when shortened.
 */
export function describeEntry(
  entry: EntryRow,
  { name, instance }: { readonly name: string; readonly instance: string | null },
  output: Output,
): string {
  const { id, strong, faint } = stylesFor(output);
  const room = output.columns - INDENT.length;
  const cut = (text: string): string => truncate(printable(text), room);
  if (entry.changeset === null) return describePurge(entry, output, cut);
  const revision = JSON.parse(entry.text) as Revision;
  const { author, message } = JSON.parse(entry.changeset) as Changeset;
  const time = hlcToIso(revision.hlc).replace(/\.\d+Z$/, "Z");
  const whom = instance === null ? author : `${author} at ${instance}`;
  const who = truncate(printable(whom), Math.max(room - 30, 8));
  const by = `${faint(time)}${GAP}${who}${GAP}${faint(`#${entry.lsn}`)}`;
  const ref = cut(`${revision.type}/${name}`);
  const lines = [
    ...beside(id(revision.id), by, output.columns),
    ...beside(strong(ref), cut(message), room),
    faint(cut(describeChange(revision))),
  ];
  return lines.map((line, i) => (i === 0 ? line : INDENT + line)).join("\n");
}

/** Two texts in one line where they fit, else in two; an empty one is left out. */
function beside(first: string, second: string, width: number): string[] {
  if (second === "") return [first];
  const one = `${first}${GAP}${second}`;
  return displayWidth(one) <= width ? [one] : [first, second];
}

/** A merge in an object's history: nobody made it, so it has no author. */
export function describeMerge({ revision, parents }: HistoryEntry, output: Output): string {
  const { id, faint } = stylesFor(output);
  const [first, ...more] = parents;
  const lines = [`    merge of ${first}`, ...more.map((parent) => `         and ${parent}`)];
  return [id(revision), ...lines.map((line) => faint(truncate(line, output.columns)))].join("\n");
}

function describePurge(
  { id: purge, lsn, text }: EntryRow,
  output: Output,
  cut: (text: string) => string,
): string {
  const { id, strong, faint } = stylesFor(output);
  const { object, reason, hlc } = JSON.parse(text) as Purge;
  const time = hlcToIso(hlc).replace(/\.\d+Z$/, "Z");
  const lines = [
    `${id(purge)}  ${faint(time)}  ${faint(`#${lsn}`)}`,
    `    ${strong(cut(object))}${reason === "" ? "" : cut(`  ${reason}`)}`,
    `    ${faint("purged")}`,
  ];
  return lines.join("\n");
}

function describeChange({ parents, patch, resolves = [] }: Revision): string {
  if (parents.length === 0) return "created";
  const parts = patch.slice(0, PATHS_SHOWN_MAX).map(describeWrite);
  const more = patch.length - PATHS_SHOWN_MAX;
  if (more > 0) parts.push(`and ${counted(more, "more path", "more paths")}`);
  if (resolves.length > 0) parts.push(`decided ${counted(resolves.length, "conflict")}`);
  return parts.join("  ");
}

/** A write as its sign and path: `~ /title`. */
export function describeWrite({ op, path }: Write): string {
  return `${SIGNS[op]} ${path}`;
}
