import type { JsonObject } from "../../base/json.ts";
import { leavesOf } from "../checkers/leaves.ts";
import type { Scene } from "../run/scene.ts";
import { readDerived } from "../world/read-derived.ts";

type Shown = Pick<Scene, "names" | "look">;

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** The end of a name that was derived from an id. */
const SUFFIX = /--[0-9a-f]{6,}(-\d+)?/g;

/**
 * What each instance shows, in lines that two runs with other ids have alike: objects by their names
 * with all that they hold, and conflicts.
 */
export async function endsOf(scene: Shown): Promise<Readonly<Record<string, readonly string[]>>> {
  const ends: Record<string, readonly string[]> = {};
  for (const name of scene.names) ends[name] = await endOf(scene, name);
  return ends;
}

async function endOf(scene: Shown, who: string): Promise<readonly string[]> {
  const { objects, conflicts } = await readDerived(scene.look(who).store);
  const labels = new Map(
    objects.map(({ id, type, effectiveName, name }) => [id, `${type}/${effectiveName ?? name}`]),
  );
  const told = (text: string): string =>
    text.replaceAll(ID, (id) => labels.get(id as never) ?? "…").replaceAll(SUFFIX, "--…");
  const held = objects.flatMap(({ id, text }) =>
    leavesOf(JSON.parse(text) as JsonObject).map(([path, value]) => {
      return told(`${id} ${path} ${JSON.stringify(value)}`);
    }),
  );
  const open = conflicts.map(({ object, path, kind, status, chosen }) =>
    told(`${object} ${path} ${kind} ${status} ${JSON.stringify(chosen.value)}`),
  );
  return [...held, ...open].sort();
}
