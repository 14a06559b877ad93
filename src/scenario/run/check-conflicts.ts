import { isDeepStrictEqual } from "node:util";
import { isSynclineError } from "../../base/errors.ts";
import type { ConflictItem } from "../../instance/conflicts/conflict-item.ts";
import type { Checks, ConflictCheck } from "../format/checks.ts";
import type { Miss } from "./failure.ts";
import { objectOf, refOf, type Scene } from "./scene.ts";
import { diffLines } from "./value-diff.ts";

/**
 * What of the listed conflicts is not there as it has to be. With `strict` nobody has another one:
 * neither who has a list, nor who has none, where a conflict counts as listed that another has listed.
 */
export async function conflictMisses(
  scene: Scene,
  { conflicts = {}, strict }: Checks,
): Promise<readonly Miss[]> {
  const found: Miss[] = [];
  const listed = new Set<string>();
  for (const [who, wanted] of Object.entries(conflicts)) {
    const left = [...(await itemsOf(scene, who, found))];
    for (const one of wanted) {
      const misses = await Promise.all(left.map((item) => missOf(scene, who, item, one)));
      const at = misses.indexOf(undefined);
      if (at >= 0) for (const { id } of left.splice(at, 1)) listed.add(id);
      else {
        const near = misses.find((miss) => miss !== undefined && miss !== "elsewhere");
        const [why, diff] = near ?? ["none is there", []];
        const what = `${who} has no such conflict at ${one.path} of ${one.object}`;
        found.push({ message: `${what}: ${why}`, ...(diff.length === 0 ? {} : { diff }) });
      }
    }
    if (strict === true || wanted.length === 0) found.push(...left.map((it) => unlisted(who, it)));
  }
  if (strict !== true) return found;
  for (const who of scene.names.filter((name) => !Object.hasOwn(conflicts, name))) {
    const others = (await itemsOf(scene, who, found)).filter(({ id }) => !listed.has(id));
    found.push(...others.map((item) => unlisted(who, item)));
  }
  return found;
}

async function itemsOf(scene: Scene, who: string, found: Miss[]): Promise<readonly ConflictItem[]> {
  try {
    return (await scene.look(who).conflicts()).items;
  } catch (error) {
    if (!isSynclineError(error)) throw error;
    found.push({ message: `${who} cannot show it: ${error.code}: ${error.message}` });
    return [];
  }
}

function unlisted(who: string, { path, type, kind, status }: ConflictItem): Miss {
  const what = `${kind} at ${path} of a ${type} (${status})`;
  return { message: `${who} has a conflict that is not listed: ${what}` };
}

/** Why a conflict is not the one that is wanted; undefined when it is. */
async function missOf(
  scene: Scene,
  who: string,
  item: ConflictItem,
  one: ConflictCheck,
): Promise<"elsewhere" | readonly [why: string, diff: readonly string[]] | undefined> {
  const about = await objectIn(scene, who, one.object);
  if (item.object !== about || item.path !== one.path) return "elsewhere";
  const revision = (label: string): string => scene.labels.get(label)?.revision ?? label;
  const found: Record<string, unknown> = {
    kind: item.kind,
    status: item.status,
    rule: item.rule,
    value: item.chosen.value,
    chosen: item.chosen.revision,
    candidates: item.candidates.map((candidate) => candidate.revision),
  };
  const { object: _object, path: _path, ...fields } = one;
  const wanted: Record<string, unknown> = { ...fields };
  if (one.chosen !== undefined) wanted.chosen = revision(one.chosen);
  if (one.candidates !== undefined) wanted.candidates = one.candidates.map(revision).sort();
  const keys = Object.keys(wanted);
  const wrong = keys.find((key) => !isDeepStrictEqual(found[key], wanted[key]));
  if (wrong === undefined) return undefined;
  const named = (value: unknown): string =>
    withLabels(scene, value === undefined ? "nothing" : JSON.stringify(value));
  const why = `its ${wrong} is ${named(found[wrong])}, not ${named(wanted[wrong])}`;
  const shown = Object.fromEntries(keys.map((key) => [key, found[key]]));
  return [why, diffLines(wanted, shown).map((line) => withLabels(scene, line))];
}

/** Whom a name means here and now; of what is gone, whom it meant at first. */
async function objectIn(scene: Scene, who: string, ref: string): Promise<string | undefined> {
  try {
    return (await scene.look(who).get(refOf(scene, ref))).id;
  } catch (error) {
    if (isSynclineError(error) && GONE.has(error.code)) return objectOf(scene, ref);
    throw error;
  }
}

const GONE: ReadonlySet<string> = new Set(["OBJECT_NOT_FOUND", "OBJECT_PURGED"]);

function withLabels({ labels }: Scene, line: string): string {
  let text = line;
  for (const [label, { revision }] of labels) text = text.replaceAll(`"${revision}"`, label);
  return text;
}
