import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../base/json.ts";
import { membersOf } from "../checkers/scope-members.ts";
import { readDerived } from "../world/read-derived.ts";
import { holdingsOf, type Way, wayFailures } from "./converged-way.ts";
import type { Miss } from "./failure.ts";
import type { Scene } from "./scene.ts";
import { diffLines } from "./value-diff.ts";

/**
 * What keeps a group of instances from holding the same. Where a link between two goes one way, or
 * leaves something out that is there, what flows is compared: beside that, the target may hold more.
 */
export async function convergedFailures(
  scene: Scene,
  group: readonly string[],
): Promise<readonly Miss[]> {
  const [first = "", ...others] = group;
  const found: Miss[] = [];
  for (const other of others) {
    const ways = await waysBetween(scene, first, other);
    const isEqual = ways.length === 0 || new Set(ways.filter(isAll).map(sourceOf)).size === 2;
    if (isEqual) found.push(...(await differences(scene, first, other)));
    else {
      for (const way of ways) {
        for (const message of await wayFailures(scene, way)) found.push({ message });
      }
    }
  }
  return found;
}

const sourceOf = ({ flow }: Way): string => flow.source;
const isAll = ({ there, inside }: Way): boolean => there.objects.every(({ id }) => inside.has(id));

async function waysBetween(scene: Scene, one: string, other: string): Promise<readonly Way[]> {
  const between = scene.flows.filter(
    ({ source, target }) => [one, other].includes(source) && [one, other].includes(target),
  );
  const ways = between.map(async (flow) => {
    const there = await holdingsOf(scene, flow.source);
    return { flow, there, inside: membersOf(there, flow.scope).sure };
  });
  return await Promise.all(ways);
}

async function differences(scene: Scene, one: string, other: string): Promise<readonly Miss[]> {
  const [a, b] = await Promise.all([stateOf(scene, one), stateOf(scene, other)]);
  const found: Miss[] = [];
  if (a.digest !== b.digest) {
    const [shownByOne, shownByOther] = [await shownBy(scene, one), await shownBy(scene, other)];
    const isOther = (object: string): boolean =>
      !isDeepStrictEqual(shownByOne.get(object), shownByOther.get(object));
    const objects = [...new Set([...shownByOne.keys(), ...shownByOther.keys()])].filter(isOther);
    const pick = (shown: ReadonlyMap<string, Json>): object =>
      Object.fromEntries(objects.filter((it) => shown.has(it)).map((it) => [it, shown.get(it)]));
    const message = `${other} holds another state than ${one}`;
    found.push({ message, diff: diffLines(pick(shownByOne), pick(shownByOther)) });
  }
  if (!isDeepStrictEqual(a.conflicts, b.conflicts)) {
    const message = `${other} has another conflict log than ${one}`;
    found.push({ message, diff: diffLines(a.conflicts, b.conflicts) });
  }
  return found;
}

async function stateOf(scene: Scene, name: string) {
  const instance = scene.look(name);
  const { items } = await instance.conflicts();
  return { digest: (await instance.status()).digest, conflicts: items };
}

/** What each object holds, by what people call it. */
async function shownBy(scene: Scene, name: string): Promise<ReadonlyMap<string, Json>> {
  const { objects } = await readDerived(scene.look(name).store);
  return new Map(
    objects.map(({ id, type, effectiveName, text, heads }) => {
      return [`${type}/${effectiveName ?? id}`, { ...JSON.parse(text), heads: [...heads] } as Json];
    }),
  );
}
