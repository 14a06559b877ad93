import type { ObjectId } from "../base/ids.ts";
import type { ObjectRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** Few, because an object may be large. */
const PAGE_OBJECTS = 200;

/** The live objects of a type in id order; those that change meanwhile as they are by then. */
export async function* liveObjects(
  store: Pick<Store, "objects">,
  type: string,
): AsyncGenerator<ObjectRow> {
  let after: ObjectId | undefined;
  for (;;) {
    const from = after === undefined ? {} : { after };
    const page = await store.objects({ type, limit: PAGE_OBJECTS, ...from });
    yield* page;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}
