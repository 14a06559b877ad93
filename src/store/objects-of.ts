import type { ObjectId } from "../base/ids.ts";
import type { ObjectRow } from "./rows.ts";
import type { Store } from "./store.ts";

/** Few, because an object may be large. */
const PAGE_OBJECTS = 200;

/** The live objects of a type in id order; those that change meanwhile as they are by then. */
export async function* objectsOf(
  store: Pick<Store, "objects">,
  type: string,
  options: { readonly includeDeleted?: boolean } = {},
): AsyncGenerator<ObjectRow> {
  let after: ObjectId | undefined;
  for (;;) {
    const from = after === undefined ? {} : { after };
    const page = await store.objects({ type, limit: PAGE_OBJECTS, ...options, ...from });
    yield* page;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}
