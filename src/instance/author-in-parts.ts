import type { AuthorCommand, AuthorOutcome } from "../log/author.ts";
import type { Store } from "../store/store.ts";

/**
 * Authors changes in their order, in as many changesets as that takes. Each is stored whole or not
 * at all, and those before one that fails stay: what is referred to has to come first.
 */
export async function* authorInParts(
  store: Pick<Store, "author">,
  { changes, ...by }: AuthorCommand,
  changesMax: number,
): AsyncGenerator<AuthorOutcome> {
  for (let start = 0; start < changes.length; start += changesMax) {
    yield await store.author({ ...by, changes: changes.slice(start, start + changesMax) });
  }
}
