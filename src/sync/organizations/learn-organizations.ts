import { SynclineError } from "../../base/errors.ts";
import type { ObjectId } from "../../base/ids.ts";
import { objectsOf } from "../../store/objects-of.ts";
import type { LinkOrganizations, OrganizationPair } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { targetsOf } from "./rules.ts";

/**
 * The rules with the ids of the peer's organizations that have come by now: from then on one is
 * known by its id, whatever it is called later. The same rules when nothing new is known. Throws
 * `OBJECT_AMBIGUOUS` when several of one name came.
 */
export async function learnOrganizations(
  store: Store,
  rules: LinkOrganizations,
): Promise<LinkOrganizations> {
  if (rules.map.every(({ id }) => id !== null)) return rules;
  const byName = await organizationsByName(store, rules);
  const map = rules.map.map((pair): OrganizationPair => {
    const found = pair.id === null ? (byName.get(pair.theirs) ?? []) : [];
    if (found.length < 2) return { ...pair, id: pair.id ?? found[0] ?? null };
    throw new SynclineError("OBJECT_AMBIGUOUS", `several organizations came as ${pair.theirs}`, {
      where: `organization/${pair.theirs}`,
      hint: `name the one that is meant by its id: ${found.join(", ")}`,
    });
  });
  const isNew = map.some(({ id }, index) => id !== rules.map[index]?.id);
  return isNew ? { ...rules, map } : rules;
}

/** Those that came from elsewhere; one that was made here counts where none of its name came. */
async function organizationsByName(
  store: Store,
  rules: LinkOrganizations,
): Promise<Map<string, ObjectId[]>> {
  const wanted = new Set(rules.map.filter(({ id }) => id === null).map(({ theirs }) => theirs));
  const ours = targetsOf(rules);
  const own = new Map<string, ObjectId[]>();
  const came = new Map<string, ObjectId[]>();
  // Deleted ones too: packages may still say that they belong to them.
  for await (const { id, name } of objectsOf(store, "organization", { includeDeleted: true })) {
    if (name === null || !wanted.has(name)) continue;
    const [creation] = await store.entries({ object: id, limit: 1 });
    const isOwn = creation === undefined || creation.source === null;
    if (isOwn && ours.has(id)) continue;
    const found = isOwn ? own : came;
    found.set(name, [...(found.get(name) ?? []), id]);
  }
  return new Map([...own, ...came]);
}

/** Throws `OBJECT_NOT_FOUND` when an organization that packages shall get is not live here. */
export async function checkTargets(store: Store, rules: LinkOrganizations): Promise<void> {
  for (const id of targetsOf(rules)) {
    const row = await store.object(id as ObjectId);
    if (row?.type === "organization" && !row.deleted) continue;
    throw new SynclineError(
      "OBJECT_NOT_FOUND",
      `the organization ${id}, which packages of the peer shall get, is not here any more`,
      { where: `organization/${id}`, hint: "map to another one: syncline link map" },
    );
  }
}
