import { hlcToIso } from "../../base/hlc.ts";
import type { Changeset, Revision, Write } from "../../model/record.ts";
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
 * One log entry as people read it: which, when, who; what, why; where. Ids stand there whole:
 * revision ids begin with the time, so those of one import would look alike when shortened.
 */
export function describeEntry(entry: EntryRow, name: string, output: Output): string {
  const { id, strong, faint } = stylesFor(output);
  const revision = JSON.parse(entry.text) as Revision;
  const { author, message } = JSON.parse(entry.changeset) as Changeset;
  const room = output.columns - INDENT.length;
  const cut = (text: string): string => truncate(printable(text), room);
  const time = hlcToIso(revision.hlc).replace(/\.\d+Z$/, "Z");
  const who = truncate(printable(author), Math.max(room - 30, 8));
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

function describeChange({ parents, patch }: Revision): string {
  if (parents.length === 0) return "created";
  const shown = patch.slice(0, PATHS_SHOWN_MAX).map(describeWrite).join("  ");
  const more = patch.length - PATHS_SHOWN_MAX;
  return more > 0 ? `${shown}  and ${counted(more, "more path", "more paths")}` : shown;
}

/** A write as its sign and path: `~ /title`. */
export function describeWrite({ op, path }: Write): string {
  return `${SIGNS[op]} ${path}`;
}
