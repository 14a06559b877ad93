import { compareCodeUnits } from "../../base/canonical.ts";
import type { Json, MutableJsonObject } from "../../base/json.ts";
import { inside, listAt, objectAt } from "../invalid.ts";
import { isDeleted, mapAt } from "../stored.ts";
import type { ListField } from "../type-definition.ts";

/**
 * A package's `groups: [{id, name, …}]` ↔ `/groups/<group id>` = true. The shorthand of names or
 * ids, `["health"]`, is read too. A group given with its name is embedded.
 */
export const groupsField: ListField = {
  read(list, context) {
    const where = inside(context.where, "groups");
    const stored: MutableJsonObject = {};
    let empty = true;
    const items = listAt(list, where);
    for (let index = 0; index < items.length; index++) {
      const place = inside(where, index);
      const item = items[index] as Json;
      // A bare word can be either: as an id it counts when it is one, as a name otherwise.
      const group = typeof item === "string" ? bareReference(item) : objectAt(item, place);
      if (group.state === "deleted") continue;
      stored[context.embed("group", group, place)] = true;
      empty = false;
    }
    return empty ? undefined : stored;
  },
  print(stored, { lookup }) {
    const printed = new Map<string, { id: string; name: string }>();
    for (const member in mapAt({ groups: stored ?? null }, "groups")) {
      const group = lookup.content(member);
      if (group === undefined || isDeleted(group) || typeof group.name !== "string") continue;
      // Aliases are one group, whichever of them a package names.
      const id = lookup.canonical?.(member) ?? member;
      printed.set(id, { id, name: group.name });
    }
    return [...printed.values()].sort(byNameThenId);
  },
};

export function bareReference(word: string): { [key: string]: Json } {
  return word.length === 36 && /^[0-9a-f-]{36}$/i.test(word) ? { id: word } : { name: word };
}

export function byNameThenId(
  a: { id: string; name: string },
  b: { id: string; name: string },
): number {
  return compareCodeUnits(a.name, b.name) || compareCodeUnits(a.id, b.id);
}
