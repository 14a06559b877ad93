import type { Rehearsal, Would } from "../../instance/rehearsal/rehearse.ts";
import type { Output } from "./output.ts";
import { stylesFor } from "./styles.ts";
import { printable, truncate } from "./text.ts";
import { count, counted } from "./units.ts";

/** What a person reads through. */
const LISTED_MAX = 10;

/** What a run would do, in some lines. */
export function describeRehearsal(run: Rehearsal, output: Output): string {
  const { link, would } = run;
  const { strong, faint } = stylesFor(output);
  const lines = [
    `${strong(printable(link))}: ${faint("a rehearsal, nothing was written")}`,
    ...come(would),
    ...conflict(would),
    ...go(would),
    ...leave(would),
    ...hold(would, output),
    ...refuse(run),
    ...(would.send === null ? [] : [sent(would.send)]),
  ];
  if (lines.length === 1) lines.push("  nothing would come or go");
  return lines.map((line) => `${truncate(line, output.columns)}\n`).join("");
}

function come({ objects, changes }: Would): string[] {
  const parts = (["created", "changed", "undeleted"] as const)
    .filter((what) => objects[what] > 0)
    .map((what) => `${counted(objects[what], "object")} ${what}`);
  if (parts.length === 0) return [];
  const which = changes.filter(({ what }) => what !== "deleted" && what !== "purged");
  return [`  would come: ${parts.join(", ")}`, ...listed(which.map(changeLine))];
}

function conflict({ conflicts }: Would): string[] {
  if (conflicts.length === 0) return [];
  const which = conflicts.map(
    ({ type, name, object, path }) => `${type}/${name ?? object} ${path}`,
  );
  return [`  would conflict: at ${counted(conflicts.length, "path")}`, ...listed(which)];
}

function go({ objects, changes }: Would): string[] {
  const parts = (["deleted", "purged"] as const)
    .filter((what) => objects[what] > 0)
    .map((what) => `${counted(objects[what], "object")} ${what}`);
  if (parts.length === 0) return [];
  const which = changes.filter(({ what }) => what === "deleted" || what === "purged");
  return [`  would go: ${parts.join(", ")}`, ...listed(which.map(changeLine))];
}

function hold({ removals }: Would, output: Output): string[] {
  const { before, max, held } = removals;
  if ((before ?? 0) + removals.count <= max) return [];
  const after = before === undefined ? "" : ` after ${count(before)} did`;
  const why = `${count(removals.count)} live objects would go${after}, and ${count(max)} may at once`;
  const { strong, warning } = stylesFor(output);
  return [`  ${held ? warning("would be held") : strong("would be accepted")}: ${why}`];
}

function refuse({ refused, refusedMore = 0 }: Rehearsal): string[] {
  const all = refused.length + refusedMore;
  return all === 0 ? [] : [`  would be refused: ${counted(all, "record")}`];
}

function leave({ left }: Would): string[] {
  const dropped = left.filter(({ isDropped }) => isDropped);
  const kept = left.filter(({ isDropped }) => !isDropped);
  return [
    ...leaving("would be dropped, having left the scope", dropped),
    ...leaving("would leave the scope, and stay here", kept),
  ];
}

function leaving(title: string, objects: Would["left"]): string[] {
  if (objects.length === 0) return [];
  const lines = objects.map(({ type, name, object }) => `${type}/${name ?? object}`);
  return [`  ${title}: ${counted(objects.length, "object")}`, ...listed(lines)];
}

function changeLine({ type, name, object, what }: Would["changes"][number]): string {
  return `${what.padEnd(9)} ${type}/${name ?? object}`;
}

function sent({ revisions, objects }: NonNullable<Would["send"]>): string {
  if (revisions === 0) return "  would send: nothing";
  return `  would send: ${counted(revisions, "revision")} of ${counted(objects, "object")}`;
}

function listed(lines: readonly string[]): string[] {
  const shown = lines.slice(0, LISTED_MAX).map((line) => `    ${printable(line)}`);
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown, `    … and ${count(more)} more`];
}
