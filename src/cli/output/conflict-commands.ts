import { sameJson } from "../../base/canonical.ts";
import type { Json } from "../../base/json.ts";
import type { ConflictItem } from "../../instance/conflicts/conflict-item.ts";
import { shortPick } from "../../instance/conflicts/decisions.ts";
import type { ConflictContext } from "./conflict.ts";
import { isLongText } from "./conflict-value.ts";
import { valueInWords } from "./conflict-words.ts";

/** A command line, and what it brings about. */
export interface Advice {
  readonly command: string;
  readonly meaning: string;
}

/** The commands that decide a conflict, or decide it otherwise. */
export function waysToDecide(item: ConflictItem, context: ConflictContext): Advice[] {
  const { program, object } = context;
  if (item.status === "superseded") {
    const filters = `--status open --object ${object} --path '${item.path}'`;
    return [{ command: `${program} conflicts list ${filters}`, meaning: "what is open there now" }];
  }
  const resolve = `${program} conflicts resolve ${item.id.slice(0, 8)}`;
  const kept = item.kind === "name" ? "the names stay so" : "what stands is right";
  const keep = item.status === "open" ? [{ command: `${resolve} --keep`, meaning: kept }] : [];
  const others =
    item.kind === "name" ? otherNames(context, resolve) : otherValues(item, context, resolve);
  return [...keep, ...others];
}

function otherNames({ other, program }: ConflictContext, resolve: string): Advice[] {
  const own = { command: `${resolve} --value '"NEW-NAME"'`, meaning: "this one gets another name" };
  if (other === null) return [own];
  const command = `${program} rename ${other.id} NEW-NAME`;
  return [own, { command, meaning: `${other.name} gets another name` }];
}

function otherValues(item: ConflictItem, { now }: ConflictContext, resolve: string): Advice[] {
  const picks = item.candidates
    .filter(({ value }) => !sameValue(value, now))
    .map(({ revision, author, value }) => {
      const what = isLongText(value) ? "the whole text" : valueInWords(item, value);
      const command = `${resolve} --pick ${shortPick(revision, item)}`;
      return { command, meaning: `${author ?? "this one"}: ${what}` };
    });
  if (item.path.endsWith("/@deleted")) return picks;
  return [...picks, { command: `${resolve} --value JSON`, meaning: "another value" }];
}

export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameJson(a, b));
}
