import { compareCodeUnits } from "../../base/canonical.ts";
import type { Json, JsonObject, MutableJsonObject } from "../../base/json.ts";
import { namedTagId } from "../identity.ts";
import { inside, listAt, objectAt } from "../invalid.ts";
import { isDeleted, mapAt } from "../stored.ts";
import type { ListField } from "../type-definition.ts";

/**
 * `tags: [{name, …}]` ↔ `/tags/<tag id>` = true. The shorthand `["water"]` is read too. Tags are
 * objects of their own, embedded here; the same tag twice is one tag. What is printed is read as
 * the same tag again: one whose id does not follow from its name carries the id.
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
    const printed = new Map<string, PrintedTag>();
    for (const member in mapAt({ tags: stored ?? null }, "tags")) {
      if (lookup.content(member) === undefined) continue;
      // Aliases are one tag, whichever of them a package names.
      const id = lookup.canonical?.(member) ?? member;
      const tag = lookup.content(id);
      if (tag === undefined || isDeleted(tag) || typeof tag.name !== "string") continue;
      printed.set(id, printTag(id, tag as JsonObject & { name: string }));
    }
    return [...printed.values()].sort(
      (a, b) =>
        compareCodeUnits(a.name, b.name) ||
        compareCodeUnits(a.vocabulary_id ?? "", b.vocabulary_id ?? "") ||
        compareCodeUnits(a.id ?? "", b.id ?? ""),
    );
  },
};

type PrintedTag = {
  readonly id?: string;
  readonly name: string;
  readonly state?: Json;
  readonly vocabulary_id?: string | null;
};

function printTag(id: string, tag: JsonObject & { readonly name: string }): PrintedTag {
  const { name, state } = tag;
  const vocabulary_id = typeof tag.vocabulary_id === "string" ? tag.vocabulary_id : undefined;
  if (state !== undefined || id !== namedTagId(vocabulary_id, name)) {
    return { id, name, state: state ?? "active", vocabulary_id: vocabulary_id ?? null };
  }
  return vocabulary_id === undefined ? { name } : { name, vocabulary_id };
}
