import { isDeepStrictEqual } from "node:util";
import { canonicalize } from "../../base/canonical.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { nameSpaceOf } from "../../catalog/index.ts";
import type { ObjectRow } from "../../store/rows.ts";
import type { Flow, InstanceState } from "../checkers/world-state.ts";
import { readLog } from "../world/log-mirror.ts";
import { readDerived } from "../world/read-derived.ts";
import type { Scene } from "./scene.ts";

/** A flow between two instances, and what flows. */
export interface Way {
  readonly flow: Flow;
  readonly there: Holdings;
  readonly inside: ReadonlySet<string>;
}

export type Holdings = Pick<InstanceState, "objects" | "conflicts" | "log"> & {
  /** Objects that left the scope of a link, and are kept as they were. */
  readonly left: ReadonlySet<string>;
};

export async function holdingsOf(scene: Scene, name: string): Promise<Holdings> {
  const { store } = scene.look(name);
  const left = new Set((await store.departures()).map(({ object }) => object));
  return { ...(await readDerived(store)), log: await readLog(store), left };
}

/**
 * Of what flows, the target holds all; where it holds nothing more of an object, it shows the same. What
 * the source purged is gone there too, whatever the scope.
 */
export async function wayFailures(scene: Scene, way: Way): Promise<readonly string[]> {
  const { flow, there, inside } = way;
  const { source, target } = flow;
  const here = await holdingsOf(scene, target);
  const rows = new Map(here.objects.map((row) => [row.id, row]));
  const held = new Set(here.log.map(({ id }) => id));
  const shown = there.objects.flatMap((row) => {
    if (!inside.has(row.id)) return [];
    const own = rows.get(row.id);
    const label = `${row.type}/${row.name ?? row.id}`;
    if (own === undefined || !row.heads.every((head) => held.has(head))) {
      return [`${target} does not hold ${label} as ${source} does`];
    }
    if (!isDeepStrictEqual(own.heads, row.heads)) return [];
    const isSame = own.bodyHash === row.bodyHash && sameConflicts(there, here, row.id, isOfValue);
    if (!isSame) return [`${target} shows ${label} in another way than ${source}`];
    return nameFailures(way, here, { label, row, own });
  });
  return [...shown, ...purgeFailures(scene, way, held)];
}

function purgeFailures(
  scene: Scene,
  { flow, there }: Way,
  held: ReadonlySet<string>,
): readonly string[] {
  const { source, target, refusesPurges } = flow;
  if (refusesPurges) return [];
  const refs = new Map([...scene.created].map(([ref, id]) => [id, ref]));
  return there.log
    .filter(({ kind, id }) => kind === "purge" && !held.has(id))
    .map(({ object }) => {
      return `${target} does not hold the purge of ${refs.get(object) ?? object} as ${source} does`;
    });
}

interface Shown {
  readonly label: string;
  /** As the source has it, and as the target has it. */
  readonly row: ObjectRow;
  readonly own: ObjectRow;
}

/**
 * An object goes by the same name on both sides; but where the source has it share the name with what does
 * not flow, or the target with what it keeps although that left the scope, names are not the same.
 */
function nameFailures(
  { flow, there, inside }: Way,
  here: Holdings,
  { label, row, own }: Shown,
): readonly string[] {
  const { source, target } = flow;
  const [theirs, ours] = [namesakes(there, row), namesakes(here, own)];
  const isPart =
    theirs.some(({ id }) => !inside.has(id)) || ours.some(({ id }) => here.left.has(id));
  if (isPart) return [];
  if (own.effectiveName !== row.effectiveName) {
    const [is, wanted] = [JSON.stringify(own.effectiveName), JSON.stringify(row.effectiveName)];
    return [`${target} shows ${label} as ${is}, and ${source} as ${wanted}`];
  }
  // Beside that the target may hold more, which is in conflicts of its own with what came.
  if (!isDeepStrictEqual(versions(theirs), versions(ours))) return [];
  if (sameConflicts(there, here, row.id, (kind) => kind === "name")) return [];
  return [`${target} has other conflicts about the name of ${label} than ${source}`];
}

/** The live objects whose names bear on the name that an object goes by, itself among them. */
function namesakes({ objects }: Holdings, row: ObjectRow): readonly ObjectRow[] {
  const key = keyOf(row);
  if (key === undefined) return [];
  const space = spaceOf(row);
  return objects.filter((one) => {
    const other = keyOf(one);
    const isClose = other === key || other?.startsWith(`${key}--`) === true;
    return isClose && !one.deleted && spaceOf(one) === space;
  });
}

function keyOf({ name }: ObjectRow): string | undefined {
  return name?.normalize("NFC");
}

function spaceOf({ type, text }: ObjectRow): string {
  return nameSpaceOf(type, JSON.parse(text) as JsonObject);
}

function versions(rows: readonly ObjectRow[]): readonly string[] {
  return rows.map(({ id, heads }) => `${id} ${heads.join(" ")}`).sort();
}

const isOfValue = (kind: string): boolean => kind !== "name";

function sameConflicts(
  one: Holdings,
  other: Holdings,
  object: string,
  isMeant: (kind: string) => boolean,
): boolean {
  const of = ({ conflicts }: Holdings): string => {
    const some = conflicts.filter((it) => it.object === object && isMeant(it.kind));
    return canonicalize(some as unknown as Json);
  };
  return of(one) === of(other);
}
