import { compareCodeUnits } from "../../base/canonical.ts";
import type { Json, JsonObject, MutableJsonObject } from "../../base/json.ts";
import { inside, listAt, objectAt } from "../invalid.ts";
import { isDeleted, mapAt } from "../stored.ts";
import type { ListField } from "../type-definition.ts";

/**
 * `tags: [{name, …}]` ↔ `/tags/<tag id>` = true. The shorthand `["water"]` is read too. Tags are
 * objects of their own, embedded here; the same tag twice is one tag.
 */
export const tagsField: ListField = {
  read(list, context) {
    const where = inside(context.where, "tags");
    const stored: MutableJsonObject = {};
    let empty = true;
    const items = listAt(list, where);
    for (let index = 0; index < items.length; index++) {
      const place = inside(where, index);
      const item = items[index] as Json;
      const tag = typeof item === "string" ? { name: item } : objectAt(item, place);
      if (tag.state === "deleted") continue;
      stored[context.embed("tag", tag, place)] = true;
      empty = false;
    }
    return empty ? undefined : stored;
  },
  print(stored, { lookup }) {
    const printed: Tag[] = [];
    for (const id in mapAt({ tags: stored ?? null }, "tags")) {
      const tag = lookup.content(id);
      if (tag === undefined || isDeleted(tag) || typeof tag.name !== "string") continue;
      const { name, vocabulary_id } = tag as JsonObject & { name: string };
      printed.push(vocabulary_id === undefined ? { name } : { name, vocabulary_id });
    }
    printed.sort(compareTags);
    // Aliases are one tag, whichever of them a package names.
    return printed.filter((tag, at) => at === 0 || compareTags(tag, printed[at - 1] as Tag) !== 0);
  },
};

type Tag = {
  readonly name: string;
  readonly vocabulary_id?: Json;
};

function compareTags(a: Tag, b: Tag): number {
  return (
    compareCodeUnits(a.name, b.name) ||
    compareCodeUnits(String(a.vocabulary_id ?? ""), String(b.vocabulary_id ?? ""))
  );
}
