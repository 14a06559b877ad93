import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../base/json.ts";
import type { RevisionDiff } from "../../instance/instance.ts";
import type { Revision } from "../../model/record.ts";
import { ALL_OR_NONE, type ChangesetCheck, type DiffCheck } from "../format/checks.ts";
import type { Miss } from "./failure.ts";
import type { Labeled, Scene } from "./scene.ts";
import { diffLines } from "./value-diff.ts";

type Leaves = DiffCheck["changes"];

/** What a diff of two revisions says that it should not, or does not say. */
export async function diffMisses(
  scene: Scene,
  who: string,
  { from, to, changes: wanted }: DiffCheck,
): Promise<readonly Miss[]> {
  const start = scene.labels.get(from) as Labeled;
  const instance = scene.look(who);
  const end =
    to === undefined
      ? (await instance.get(start.object)).revision
      : (scene.labels.get(to) as Labeled).revision;
  const found = leavesIn(await instance.diff(start.object, start.revision, end));
  const paths = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort();
  const wrong = paths.filter((path) => !isDeepStrictEqual(found[path], wanted[path]));
  if (wrong.length === 0) return [];
  const which = `${from} and ${to ?? "what is shown"}`;
  const message = `on ${who}, the diff of ${which} says something else of ${wrong.join(", ")}`;
  return [{ message, diff: diffLines(only(wanted, wrong), only(found, wrong)) }];
}

/** A diff as checks have it: by path, what was there and what is. */
function leavesIn({ patch, before }: RevisionDiff): Leaves {
  const leaves: Record<string, { was?: Json; is?: Json }> = {};
  for (const write of patch) {
    leaves[write.path] = {
      ...(write.op === "add" ? {} : { was: before[write.path] as Json }),
      ...(write.op === "remove" ? {} : { is: write.value }),
    };
  }
  return leaves;
}

function only(leaves: Leaves, paths: readonly string[]): Leaves {
  return Object.fromEntries(Object.entries(leaves).filter(([path]) => paths.includes(path)));
}

/** In what a changeset that an instance has differs from what it should be of. */
export async function changesetMisses(
  scene: Scene,
  who: string,
  label: string,
  wanted: ChangesetCheck,
): Promise<readonly Miss[]> {
  const changeset = scene.changesets.get(label);
  if (changeset === undefined) return [{ message: `nobody made the changeset ${label}` }];
  const { store } = scene.look(who);
  const entries = await Promise.all(changeset.revisions.map((id) => store.entry(id)));
  const here = entries
    .filter((entry) => entry !== undefined)
    .filter(({ text }) => (JSON.parse(text) as Revision).changeset === changeset.id)
    .map(({ id }) => id);
  if (wanted === ALL_OR_NONE) {
    if (here.length === 0 || here.length === entries.length) return [];
    const message = `${who} has ${here.length} of the ${entries.length} revisions of ${label}`;
    return [{ message }];
  }
  const names = new Map([...scene.labels].map(([name, { revision }]) => [revision, name]));
  const found = here.map((id) => names.get(id) ?? id).sort();
  if (isDeepStrictEqual(found, [...wanted].sort())) return [];
  const message = `${who} has ${found.join(", ") || "nothing"} of ${label}, not ${wanted.join(", ") || "nothing"}`;
  return [{ message }];
}
