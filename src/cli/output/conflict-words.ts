import type { Json } from "../../base/json.ts";
import type { ConflictItem } from "../../instance/conflicts/conflict-item.ts";

/** What happened, by kind. */
const KINDS: Readonly<Record<ConflictItem["kind"], string>> = {
  value: "different values for one field",
  text: "one text, changed on several sides",
  delete: "removed on one side, changed on another",
  structure: "a value where others have fields below",
  name: "one name, given to two objects",
};

/** Why what stands stands, by rule. */
const RULES: Readonly<Record<string, string>> = {
  newest: "the newest edit wins",
  priority: "the instance that comes first in the policy wins",
  set: "adding wins over removing",
  text: "the texts were merged",
  "edit-wins": "an edit wins over a removal",
  "delete-wins": "a removal wins over an edit",
  structure: "the fields below stay",
  authored: "somebody who saw it wrote this",
  restated: "somebody saved something else over it and left this",
  suffix: "the earlier one keeps the plain name",
  alias: "equal names of this type are one; the earlier one stands for both",
};

export function kindInWords({ kind }: Pick<ConflictItem, "kind">): string {
  return KINDS[kind];
}

export function ruleInWords({ rule }: Pick<ConflictItem, "rule">): string {
  return RULES[rule] ?? rule;
}

/** True for the path of a unit's deletion flag. */
function isFlag(path: string): boolean {
  return path.endsWith("/@deleted");
}

/** A value at a conflict's path as people read it, on one line. */
export function valueInWords(
  { path, kind }: Pick<ConflictItem, "path" | "kind">,
  value: Json | undefined,
): string {
  if (isFlag(path)) return value === true ? "deleted" : "not deleted";
  if (value === undefined) return kind === "structure" ? "(fields below)" : "(nothing)";
  return JSON.stringify(value);
}

/** The path as people read it: of a deletion flag, what is deleted. */
export function placeInWords({ path }: Pick<ConflictItem, "path">): string {
  if (!isFlag(path)) return path;
  return path === "/@deleted" ? "(object)" : path.slice(0, -"/@deleted".length);
}
