import type { ObjectId, RevisionId } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";

/** One revision of a package, in log order, as far as its owner is concerned. */
export interface OwnerEdit {
  readonly id: RevisionId;
  readonly parents: readonly RevisionId[];
  readonly hlc: number;
  /** What it makes the owner; undefined when it leaves it as it is, null when there is none. */
  readonly owner: Json | undefined;
  /** `link`: it came over the link; `mapping`: the link authored it; `other`: somebody's edit. */
  readonly by: "link" | "mapping" | "other";
}

/**
 * The owner that a package shall be given here: that of the newest edit that came over the link, was
 * not overwritten since, and names a mapped organization. What somebody here decided stays: a
 * mapping that was undone is not made again, and a concurrent edit keeps what it won. Undefined:
 * nothing to do. Pure, and the same however often it is asked.
 *
 * @param standing the owner that readers see
 * @param target the own organization for an owner, undefined for one that stays
 */
export function ownerToMap(
  history: readonly OwnerEdit[],
  standing: Json | undefined,
  target: (owner: Json | undefined) => ObjectId | undefined,
): ObjectId | undefined {
  const edits = lastEdits(history);
  const mapped = edits.filter(({ by, owner }) => by === "link" && target(owner) !== undefined);
  const newest = mapped.reduce<OwnerEdit | undefined>(later, undefined);
  if (newest === undefined) return undefined;
  const isOurs = edits.some(({ by }) => by === "other");
  if (isOurs && standing !== newest.owner) return undefined;
  const owner = target(newest.owner);
  return owner === standing ? undefined : owner;
}

/** The edits of the owner that no later one has overwritten. */
function lastEdits(history: readonly OwnerEdit[]): OwnerEdit[] {
  const byId = new Map(history.map((edit) => [edit.id, edit]));
  const edits = history.filter(({ owner }) => owner !== undefined);
  const overwritten = new Set<RevisionId>();
  for (const { parents } of edits) {
    const rest = [...parents];
    const seen = new Set<RevisionId>();
    for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      overwritten.add(id);
      rest.push(...(byId.get(id)?.parents ?? []));
    }
  }
  return edits.filter(({ id }) => !overwritten.has(id));
}

function later(one: OwnerEdit | undefined, other: OwnerEdit): OwnerEdit {
  if (one === undefined || other.hlc > one.hlc) return other;
  return other.hlc === one.hlc && other.id > one.id ? other : one;
}
