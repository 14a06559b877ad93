import { isSynclineError } from "../../base/errors.ts";
import { organizationsOf } from "../../instance/link-organizations.ts";
import { MemorySearch } from "../../search/memory/memory-search.ts";
import type { Store } from "../../store/store.ts";
import type { PlannedLink } from "./links.ts";

/**
 * Sets the mapping of a link's organizations, as its operator does once those are here that it
 * names. Until then packages come as they are; the run after that maps them, too.
 */
export async function mapWhenPossible(
  store: Store,
  { name, organizations: wish }: PlannedLink,
): Promise<void> {
  if (wish === undefined) return;
  const row = (await store.links()).find((one) => one.name === name);
  if (row === undefined || row.organizations !== undefined) return;
  try {
    const parts = { store, search: new MemorySearch(store) };
    const organizations = await organizationsOf(parts, row, undefined, wish);
    await store.saveLink({ ...row, organizations });
  } catch (error) {
    if (!isSynclineError(error, "OBJECT_NOT_FOUND")) throw error;
  }
}
