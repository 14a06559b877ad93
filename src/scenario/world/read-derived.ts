import type { ObjectId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { Awaitable, Store } from "../../store/store.ts";
import type { Derived } from "../checkers/world-state.ts";

/** Reads what a store derives from the revisions, purges and policy that it holds. */
export async function readDerived(store: Store): Promise<Derived> {
  return {
    digest: await store.digest(),
    conflicts: await readAll((after) => store.conflicts({ ...from(after), limit })),
    objects: await readAll((after) =>
      store.objects({ ...from(after), includeDeleted: true, limit }),
    ),
  };
}

/** The ids of the objects that are live there. */
export async function readLive(store: Store): Promise<ReadonlySet<string>> {
  const read = (after: ObjectId | undefined) => store.objects({ ...from(after), limit });
  const objects = await readAll(read);
  return new Set(objects.map(({ id }) => id));
}

const limit = PAGE_ITEMS_MAX;

function from<Id>(after: Id | undefined): { readonly after?: Id } {
  return after === undefined ? {} : { after };
}

async function readAll<Row extends { readonly id: string }>(
  read: (after: Row["id"] | undefined) => Awaitable<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await read(rows.at(-1)?.id);
    rows.push(...page);
    if (page.length < PAGE_ITEMS_MAX) return rows;
  }
}
