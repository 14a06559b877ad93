import { SynclineError } from "../base/errors.ts";
import type { ObjectId } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import { averageRating, type Grant, grantedRole, isRole, ROLES } from "../catalog/index.ts";
import { objectsOf } from "../store/objects-of.ts";
import type { ObjectRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { findObject } from "./find-object.ts";
import type { ObjectRef, RatingView, RoleView } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";

type Reader = Pick<Store, "object" | "objects">;

/** Throws `USAGE` for what is no role. */
export async function setDefaultRole({ store }: InstanceParts, role: unknown): Promise<void> {
  if (!isRole(role)) {
    throw new SynclineError("USAGE", `"${String(role)}" is no role`, {
      hint: `the roles are ${ROLES.join(", ")}`,
    });
  }
  await store.saveSettings({ ...(await store.settings()), defaultRole: role });
}

/**
 * What a user may do with an object here: by the roles on it and on the organization that owns it,
 * else by the default role. Looks through all roles and memberships.
 */
export async function roleOf(
  { store, search }: InstanceParts,
  user: ObjectRef,
  ref: ObjectRef,
): Promise<RoleView> {
  const person = await findObject(store, search, user);
  if (person.type !== "user") {
    throw new SynclineError("USAGE", `${user} is no user`, {
      hint: "name a user, as in user/ida",
    });
  }
  const object = await findObject(store, search, ref);
  const grants = await grantsOn(store, object);
  const groups = grants.some(({ group }) => group !== undefined)
    ? await groupsOf(store, person.id)
    : new Set<string>();
  const { defaultRole } = await store.settings();
  const granted = grantedRole(person.id, groups, grants, defaultRole);
  return { object: object.id, user: person.id, ...granted };
}

/** The ratings of a package that are here. Looks through all ratings. */
export async function ratingsOf(
  { store, search }: InstanceParts,
  ref: ObjectRef,
): Promise<RatingView> {
  const { id } = await findObject(store, search, ref);
  const ratings: unknown[] = [];
  for await (const { text } of objectsOf(store, "rating")) {
    const content = JSON.parse(text) as JsonObject;
    if (content.package === id) ratings.push(content.rating);
  }
  return { package: id, ...averageRating(ratings) };
}

async function grantsOn(store: Reader, { id, text }: ObjectRow): Promise<Grant[]> {
  const { owner_org: owner } = JSON.parse(text) as JsonObject;
  const grants: Grant[] = [];
  for await (const row of objectsOf(store, "role")) {
    const { object, user, group, role } = JSON.parse(row.text) as JsonObject;
    if (object !== id && (typeof owner !== "string" || object !== owner)) continue;
    if (typeof user === "string") grants.push({ id: row.id, role, user });
    else if (typeof group === "string") {
      grants.push({ id: row.id, role, group: await canonicalOf(store, group) });
    }
  }
  return grants;
}

/** The groups and organizations that a user is a member of. */
async function groupsOf(store: Reader, user: ObjectId): Promise<Set<string>> {
  const groups = new Set<string>();
  for await (const { text } of objectsOf(store, "membership")) {
    const { table, object, group } = JSON.parse(text) as JsonObject;
    if (table !== "user" || object !== user || typeof group !== "string") continue;
    groups.add(await canonicalOf(store, group));
  }
  return groups;
}

/** Groups of one name are one group, whichever of them is named. */
async function canonicalOf(store: Reader, id: string): Promise<string> {
  return (await store.object(id as ObjectId))?.canonical ?? id;
}
