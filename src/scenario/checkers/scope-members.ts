import { isUuid } from "../../base/ids.ts";
import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";
import type { ObjectRow } from "../../store/rows.ts";
import { type NamedOnce, namedOnce } from "./named-once.ts";
import { readOnce } from "./read-once.ts";
import type { InstanceState } from "./world-state.ts";

/** A scope as its JSON says it. */
interface Wanted {
  readonly types?: readonly string[];
  readonly organizations?: readonly string[];
  readonly groups?: readonly string[];
  readonly tags?: readonly string[];
  readonly private?: true;
  readonly roles?: true;
}

/**
 * The objects inside a scope. A name stands for what it was found for first, which a state does not
 * tell when objects were renamed: `sure` are inside whatever that was, `possible` perhaps.
 */
export interface Members {
  readonly sure: ReadonlySet<string>;
  readonly possible: ReadonlySet<string>;
}

const COME_ALONG = ["tag", "vocabulary", "group", "organization", "user"];
const LISTS = { organizations: "organization", groups: "group", tags: "tag" } as const;

/**
 * What is inside a scope at an instance, found anew from everything it shows: slow, and apart from
 * what the program does, so that one can be checked by the other.
 */
export function membersOf(state: Pick<InstanceState, "objects" | "log">, scope: string): Members {
  const wanted = JSON.parse(scope) as Wanted;
  const shown = state.objects.map(shownOf);
  let named: NamedOnce | undefined;
  const inside = (which: "sure" | "ever"): ReadonlySet<string> =>
    closed(wanted, shown, (list, names) => {
      named ??= namedOnce(state);
      return new Set(names.flatMap((name) => named?.[which](LISTS[list], name) ?? []));
    });
  return {
    get sure() {
      return inside("sure");
    },
    get possible() {
      return inside("ever");
    },
  };
}

type Meaning = (list: keyof typeof LISTS, names: readonly string[]) => ReadonlySet<string>;

/** An object, and the ids that its visible content holds anywhere. */
interface Shown {
  readonly row: ObjectRow;
  readonly content: JsonObject;
  readonly ids: ReadonlySet<string>;
  readonly isRole: boolean;
  readonly isPrivate: boolean;
}

function shownOf(row: ObjectRow): Shown {
  const { content, ids: said } = contentOf(row.text);
  // A membership whose table is gone, or no type, does not say any more what it connects.
  const isVague = row.type === "membership" && !COME_ALONG.includes(String(content.table));
  const ids = isVague ? new Set([...said].filter((id) => id !== content.object)) : said;
  const { state, private: flag } = content;
  const isUnfinished = typeof state === "string" && state !== "active" && state !== "deleted";
  const isPrivate = row.type === "package" && (flag === true || isUnfinished);
  return { row, content, ids, isRole: row.type === "role", isPrivate };
}

const contentOf = readOnce((text): Pick<Shown, "content" | "ids"> => {
  const content = JSON.parse(text) as JsonObject;
  return { content, ids: new Set(idsIn({ ...content, "@deleted": null })) };
});

function idsIn(value: Json): string[] {
  if (typeof value === "string") return isUuid(value) ? [value] : [];
  if (!isJsonObject(value) || value["@deleted"] === true) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(isUuid(key) && member !== null ? [key] : []),
    ...idsIn(member),
  ]);
}

function closed(wanted: Wanted, all: readonly Shown[], meaning: Meaning): ReadonlySet<string> {
  const { types, private: withPrivate = false, roles = false } = wanted;
  const lists = (Object.keys(LISTS) as (keyof typeof LISTS)[]).flatMap((list) => {
    const names = wanted[list];
    return names === undefined ? [] : [meaning(list, names)];
  });
  const takesAll = types === undefined && lists.length === 0;
  const isPublic = ({ isPrivate }: Shown): boolean => !isPrivate || withPrivate;
  const isSelected = (one: Shown): boolean => {
    if (one.isRole) return takesAll && roles;
    if (!isPublic(one) || types?.includes(one.row.type) === false) return false;
    return lists.every((ids) => ids.has(one.row.id) || [...one.ids].some((id) => ids.has(id)));
  };
  const inside = new Set<string>(all.filter(isSelected).map(({ row }) => row.id));
  for (let size = -1; size !== inside.size; ) {
    size = inside.size;
    const taken = new Set(
      all.filter(({ row }) => inside.has(row.id)).flatMap(({ ids }) => [...ids]),
    );
    for (const { row, isRole, content } of all) {
      const comesAlong = isRole
        ? roles && inside.has(String(content.object))
        : COME_ALONG.includes(row.type) && taken.has(row.id);
      if (comesAlong) inside.add(row.id);
    }
  }
  return inside;
}
