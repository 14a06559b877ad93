import { compareCodeUnits } from "../../base/canonical.ts";
import type { Json, JsonObject, MutableJsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import { checkKey, inside, invalid, listAt, objectAt } from "../invalid.ts";
import { mapAt, visibleValue } from "../stored.ts";
import type { ListField } from "../type-definition.ts";
import { storedValue } from "../values.ts";
import { SECRET_FIELDS, VOLATILE_EXTRAS } from "../volatile.ts";

const SECRETS = new Set(SECRET_FIELDS);
const DROPPED = new Set(VOLATILE_EXTRAS);

/**
 * `extras: [{key, value}]` ↔ `/extras/<key>`. The shorthand `{key: value}` is read too. CKAN says
 * that a key stands once; a second one is refused, not dropped.
 */
export const extrasField: ListField = {
  read(list, context) {
    const where = inside(context.where, "extras");
    const stored: MutableJsonObject = {};
    for (const [key, value, place] of entries(list, where)) {
      checkKey(key, place);
      if (DROPPED.has(key)) continue;
      if (Object.hasOwn(stored, key)) {
        throw invalid(`the extra "${key}" stands twice`, place, "keep one extra of each key");
      }
      const kept = storedValue(value, place, SECRETS);
      if (kept !== undefined) stored[key] = kept;
    }
    return Object.keys(stored).length === 0 ? undefined : stored;
  },
  print(stored) {
    const extras = mapAt({ extras: stored ?? null }, "extras");
    const printed: JsonObject[] = [];
    for (const key of Object.keys(extras).sort(compareCodeUnits)) {
      const value = visibleValue(extras[key] as Json);
      if (value !== undefined) printed.push({ key, value });
    }
    return printed;
  },
};

function* entries(list: Json, where: string): Generator<[string, Json, string]> {
  if (isJsonObject(list)) {
    for (const key of Object.keys(list)) yield [key, list[key] as Json, inside(where, key)];
    return;
  }
  for (const [index, item] of listAt(list, where).entries()) {
    const place = inside(where, index);
    const { key, value, state } = objectAt(item, place);
    if (typeof key !== "string") {
      throw invalid("an extra has no key", inside(place, "key"), 'give {"key": "…", "value": …}');
    }
    if (state !== "deleted") yield [key, value ?? null, place];
  }
}
