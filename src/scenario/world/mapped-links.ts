import { isSynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import { type OrganizationChange, organizationsOf } from "../../instance/link-organizations.ts";
import { MemorySearch } from "../../search/memory/memory-search.ts";
import type { LinkOrganizations } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { PlannedLink } from "./links.ts";

const NOT_HERE = ["OBJECT_NOT_FOUND", "OBJECT_DELETED"] as const;

/**
 * Sets the mapping of a link's organizations, as its operator does once those are here that it
 * names. Until then packages come as they are; the run after that maps them, too. Returns where the
 * log ended then; undefined when nothing is new.
 */
export async function mapWhenPossible(
  store: Store,
  { name, organizations: wish }: PlannedLink,
): Promise<Lsn | undefined> {
  if (wish === undefined) return undefined;
  const row = (await store.links()).find((one) => one.name === name);
  if (row === undefined || row.organizations !== undefined) return undefined;
  try {
    const parts = { store, search: new MemorySearch(store) };
    const organizations = await organizationsOf(parts, row, undefined, wish);
    await store.saveLink({ ...row, organizations });
    return (await store.head()).lsn;
  } catch (error) {
    const isThere = !NOT_HERE.some((code) => isSynclineError(error, code));
    if (isThere) throw error;
    return undefined;
  }
}

/** A person sets the rules of a link anew, over those that a run could not follow. */
export async function mapAnew(
  store: Store,
  { name }: PlannedLink,
  changed: (before: LinkOrganizations) => OrganizationChange,
): Promise<void> {
  const row = (await store.links()).find((one) => one.name === name);
  if (row?.organizations === undefined) return;
  const parts = { store, search: new MemorySearch(store) };
  const change = changed(row.organizations);
  const organizations = await organizationsOf(parts, row, row.organizations, change);
  await store.saveLink({ ...row, organizations });
}

/** Packages come as they are from now on. */
export function nothingMapped({ map }: LinkOrganizations): OrganizationChange {
  return { unmap: map.map(({ theirs }) => theirs), unmapped: "create" };
}
