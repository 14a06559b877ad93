import type { ObjectId, RevisionId } from "../../base/ids.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import { type Leaf, leavesOf } from "./leaves.ts";
import type { Checker, InstanceState, LoggedEntry } from "./world-state.ts";

/**
 * No edit is lost without a trace: what a revision wrote stands, or somebody who had seen it wrote
 * over it, or it is a candidate of a conflict, so that a person can restore it. And where its whole
 * unit is deleted, the deletion was made by somebody who had seen it, or is in conflict with it.
 */
export const noLostEdit: Checker = ({ instances }) =>
  distinct([...instances.values()]).flatMap((instance) => {
    const histories = historiesOf(instance);
    return instance.objects.flatMap(({ id, text, parked }) => {
      // What waits for a newer version is all in the log, and shown when that is there.
      if (parked) return [];
      const history = histories.get(id) as History;
      const standing = new Map(leavesOf(JSON.parse(text) as JsonObject, ""));
      return history.entries.flatMap((entry) =>
        lostBy(entry, history, standing).map(
          (path) => `${instance.name}: what ${entry.id} wrote at ${path} of ${id} is lost`,
        ),
      );
    });
  });

/** One of those that are in the same state. */
function distinct(instances: readonly InstanceState[]): readonly InstanceState[] {
  return [...new Map(instances.map((one) => [`${one.digest} ${one.policy}`, one])).values()];
}

/** What an instance holds of one object. */
interface History {
  readonly entries: LoggedEntry[];
  readonly ancestors: Map<RevisionId, ReadonlySet<RevisionId>>;
  readonly conflicts: { readonly path: string; readonly candidates: ReadonlySet<RevisionId> }[];
}

function historiesOf({ log, conflicts }: InstanceState): Map<ObjectId, History> {
  const histories = new Map<ObjectId, History>();
  for (const entry of log) {
    if (entry.kind === "purge") continue;
    const { id, object, parents } = entry;
    const known = histories.get(object);
    const history: History = known ?? { entries: [], ancestors: new Map(), conflicts: [] };
    if (known === undefined) histories.set(object, history);
    const above = parents.flatMap((parent) => [parent, ...(history.ancestors.get(parent) ?? [])]);
    history.ancestors.set(id, new Set(above));
    history.entries.push(entry);
  }
  for (const { object, path, candidates } of conflicts) {
    const revisions = new Set(candidates.map(({ revision }) => revision));
    histories.get(object)?.conflicts.push({ path, candidates: revisions });
  }
  return histories;
}

/** The paths at which what a revision wrote is lost. */
function lostBy(
  entry: LoggedEntry,
  { entries, ancestors, conflicts }: History,
  standing: ReadonlyMap<string, Json | undefined>,
): string[] {
  const descendants = entries.filter(({ id }) => ancestors.get(id)?.has(entry.id));
  const writers = new Set([entry.id, ...descendants.map(({ id }) => id)]);
  const isOverwritten = (path: string): boolean =>
    descendants.some(({ patch }) => patch.some((write) => isRelated(write.path, path)));
  const isContested = (path: string, by: readonly RevisionId[]): boolean =>
    conflicts.some((one) => isRelated(one.path, path) && by.some((id) => one.candidates.has(id)));
  return writesOf(entry).flatMap(([path, value]) => {
    const stands = JSON.stringify(standing.get(path)) === JSON.stringify(value);
    // An edit below a unit says again that it is not deleted, as whoever undeleted it had said.
    const sayers = path.endsWith("/@deleted") ? [...writers] : [entry.id];
    if (!stands && !isOverwritten(path) && !isContested(path, sayers)) return [path];
    const flags = isLive(path, value) ? flagsAbove(path).filter((flag) => standing.has(flag)) : [];
    return flags.filter((flag) => {
      const isSeen = entry.patch
        .concat(...descendants.map((one) => one.patch))
        .some((write) => write.path === flag);
      const pinned = [entry, ...descendants].some(({ pins }) => pins.includes(flag));
      return !isSeen && !pinned && !isContested(flag, [...writers]);
    });
  });
}

function writesOf({ patch }: LoggedEntry): Leaf[] {
  return patch.flatMap((write): readonly Leaf[] => {
    if (write.op === "remove") return [[write.path, undefined]];
    return isJsonObject(write.value)
      ? leavesOf(write.value, write.path)
      : [[write.path, write.value]];
  });
}

/** True for what keeps the units around it: a value, and the return of an inner unit. */
function isLive(path: string, value: Json | undefined): boolean {
  return path.endsWith("/@deleted") ? value === undefined : value !== undefined;
}

/** The deletion flags of all units that a path may be in. */
function flagsAbove(path: string): string[] {
  const keys = path.split("/").slice(0, -1);
  return keys.map((_, depth) => `${keys.slice(0, depth + 1).join("/")}/@deleted`);
}

/** True for one path, and for one within the other. */
function isRelated(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
