import { canonicalize } from "../base/canonical.ts";
import { isUuid } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import { NAMING_LIST_KEYS, NAMING_LISTS, type Scope } from "./scope.ts";
import type { FoundNames, ScopeTables } from "./scope-tables.ts";
import type { NamedObjects } from "./selection.ts";

type Finder = Pick<ScopeTables, "named" | "aliases">;

/**
 * The objects that the names in a scope stand for. What a name was found for before stays, also
 * when it goes by another name now, as long as it is here: a rename does not empty a scope.
 */
export function findNames(tables: Finder, scope: Scope, before: FoundNames): FoundNames {
  const found: Record<string, Record<string, readonly string[]>> = {};
  for (const list of NAMING_LIST_KEYS) {
    const names = scope[list];
    if (names === undefined) continue;
    found[list] = Object.fromEntries(
      names.map((name) => [
        name,
        findName(tables, NAMING_LISTS[list], name, before[list]?.[name] ?? []),
      ]),
    );
  }
  return found;
}

function findName(
  tables: Finder,
  type: string,
  name: string,
  before: readonly string[],
): readonly string[] {
  const still = before.flatMap((id) => tables.aliases(id));
  const now = isUuid(name) ? tables.aliases(name) : tables.named(type, name);
  const ids = still.length > 0 ? still : now.flatMap((id) => tables.aliases(id));
  return [...new Set(ids)].sort();
}

export function sameNames(a: FoundNames, b: FoundNames): boolean {
  return canonicalize(a as JsonObject) === canonicalize(b as JsonObject);
}

export function namedObjects(found: FoundNames): NamedObjects {
  const sets = NAMING_LIST_KEYS.flatMap((list) => {
    const names = found[list];
    return names === undefined ? [] : [[list, new Set(Object.values(names).flat())] as const];
  });
  return Object.fromEntries(sets);
}

/** The names that stand for nothing here, as `type/name`. */
export function unknownNames(found: FoundNames): string[] {
  return NAMING_LIST_KEYS.flatMap((list) =>
    Object.entries(found[list] ?? {})
      .filter(([, ids]) => ids.length === 0)
      .map(([name]) => `${NAMING_LISTS[list]}/${name}`),
  );
}
