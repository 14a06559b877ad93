import type { InstanceId, ObjectId } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";
import type {
  ConflictCandidateItem,
  ConflictItem,
} from "../../instance/conflicts/conflict-item.ts";
import { sameValue, waysToDecide } from "./conflict-commands.ts";
import { briefValue, describeValue, isLongText } from "./conflict-value.ts";
import { kindInWords, placeInWords, ruleInWords } from "./conflict-words.ts";
import type { Output } from "./output.ts";
import { type Styles, stylesFor } from "./styles.ts";
import { printable, truncate } from "./text.ts";

/** What a conflict's description needs beside the conflict. */
export interface ConflictContext {
  /** `package/bus-stops`. */
  readonly object: string;
  /** What stands there now; undefined for nothing. */
  readonly now: Json | undefined;
  readonly instanceName: (id: InstanceId) => string;
  /** The object that has the plain name, in a clash of names. */
  readonly other: { readonly id: ObjectId; readonly name: string } | null;
  /** The revision that decided it, and the value that it left there. */
  readonly decision: ConflictCandidateItem | null;
  /** How the program is called here: `syncline`, with the folder if one was given. */
  readonly program: string;
}

/** A conflict for reading: what it was, what each side wants, what stands, how to overrule it. */
export function describeConflict(
  item: ConflictItem,
  context: ConflictContext,
  output: Output,
): string {
  const lines = [
    ...heading(item, context, stylesFor(output)),
    ...(item.kind === "name" ? [] : ["", `  before    ${briefValue(item, item.base, output)}`]),
    ...item.candidates.flatMap((one) => ["", ...side(item, one, context, output)]),
    "",
    ...outcome(item, context, output),
    "",
    ...advice(item, context, output),
  ];
  return `${lines.join("\n")}\n`;
}

function heading(item: ConflictItem, { object }: ConflictContext, styles: Styles): string[] {
  const { id, status } = item;
  const state = status === "open" ? styles.warning(status) : status;
  return [
    `conflict ${styles.id(id)}  ${state}`,
    `${styles.strong(printable(object))}  ${printable(placeInWords(item))}`,
    styles.faint(kindInWords(item)),
  ];
}

/** Who wants what. */
function side(
  item: ConflictItem,
  candidate: ConflictCandidateItem,
  context: ConflictContext,
  output: Output,
): string[] {
  const { strong, faint, good, id } = stylesFor(output);
  return [
    `  ${strong(who(candidate, context))}${good(mark(item, candidate, context))}`,
    ...message(candidate, "    ", output).map(faint),
    `    revision ${id(candidate.revision)}`,
    ...describeValue(item, candidate.value, output),
  ];
}

function mark(
  { kind, chosen }: ConflictItem,
  { revision, value }: ConflictCandidateItem,
  { now }: ConflictContext,
): string {
  if (kind === "name") return revision === chosen.revision ? "  has the plain name" : "";
  return sameValue(value, now) ? "  stands" : "";
}

function who(
  { author, instance, time }: ConflictCandidateItem,
  { instanceName }: ConflictContext,
): string {
  if (author === null || instance === null || time === null) return "unknown: it is not here";
  const when = time.replace(/\.\d+Z$/, "Z");
  return printable(`${author} at ${instanceName(instance)}, ${when}`);
}

function message(candidate: ConflictCandidateItem, indent: string, { columns }: Output): string[] {
  if (candidate.message === null || candidate.message === "") return [];
  return [`${indent}${truncate(printable(candidate.message), columns - indent.length)}`];
}

/** What stands, and why. */
function outcome(item: ConflictItem, context: ConflictContext, output: Output): string[] {
  const { decision } = context;
  if (decision === null) {
    return [...standing(item, context, output), `  because   ${ruleInWords(item)}`];
  }
  const isEdited = item.kind !== "name" && !sameValue(decision.value, context.now);
  return [
    ...standing(item, context, output),
    `  ${isEdited ? "edited   " : "because  "} ${isEdited ? "after it was " : ""}decided by ${who(decision, context)}`,
    ...message(decision, "            ", output).map(stylesFor(output).faint),
  ];
}

function standing(item: ConflictItem, context: ConflictContext, output: Output): string[] {
  const { now, other } = context;
  if (item.kind === "name") {
    const shown = printable(String(item.chosen.value));
    return [`  stands    ${other === null ? shown : `${shown}, beside ${printable(other.name)}`}`];
  }
  // What one side wanted is told above; a merged text belongs to none of them.
  if (isLongText(now) && !item.candidates.some(({ value }) => sameValue(value, now))) {
    return ["  stands    changed like this:", ...describeValue(item, now, output)];
  }
  return [`  stands    ${stylesFor(output).good(briefValue(item, now, output))}`];
}

function advice(item: ConflictItem, context: ConflictContext, output: Output): string[] {
  const { faint } = stylesFor(output);
  const title =
    item.status === "superseded"
      ? "Later edits disagree there, in a conflict of their own:"
      : `To decide it${item.status === "open" ? "" : " otherwise"}:`;
  return [
    title,
    ...waysToDecide(item, context).flatMap(({ command, meaning }) => [
      `  ${faint(`# ${truncate(printable(meaning), output.columns - 4)}`)}`,
      `  ${printable(command)}`,
    ]),
  ];
}
