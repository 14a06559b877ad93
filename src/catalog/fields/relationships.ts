import { canonicalize, compareCodeUnits } from "../../base/canonical.ts";
import { namedId } from "../../base/ids.ts";
import type { Json, JsonObject, MutableJsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import { inside, invalid, listAt, objectAt } from "../invalid.ts";
import { DELETED, isDeleted, visibleMembers } from "../stored.ts";
import type { ListField } from "../type-definition.ts";
import { storedMap } from "../values.ts";
import { RELATIONSHIP_VOLATILE_FIELDS, SECRET_FIELDS } from "../volatile.ts";

const DROPPED = new Set([...RELATIONSHIP_VOLATILE_FIELDS, ...SECRET_FIELDS]);
/** The fields that say what a relationship connects, in the spellings CKAN has used. */
const ENDS = ["subject", "subject_package_id", "object", "object_package_id", "type"];

/**
 * `relationships_as_subject: [{…}]` ↔ `/relationships_as_subject/<key>/<field>`, and the same for
 * `…_as_object`. The key is made of both ends and the type, because CKAN's relationship ids are
 * local. An empty list is kept as the indivisible value [], so that a dump comes back as it was;
 * an absent one stays absent.
 */
export function relationshipsField(field: string): ListField {
  return {
    read(list, context) {
      const where = inside(context.where, field);
      const items = listAt(list, where);
      if (items.length === 0) return [];
      return keyed(items.map((item, index) => readRelationship(item, inside(where, index))));
    },
    print(stored) {
      if (stored === undefined || !isJsonObject(stored)) return stored;
      const printed: JsonObject[] = [];
      for (const key of Object.keys(stored).sort(compareCodeUnits)) {
        const relationship = stored[key] as Json;
        if (!isJsonObject(relationship) || isDeleted(relationship)) continue;
        printed.push(visibleMembers(relationship) ?? {});
      }
      return printed;
    },
  };
}

function readRelationship(item: Json, where: string): JsonObject {
  const input = objectAt(item, where);
  const relationship = storedMap(input, where, DROPPED);
  if (relationship === undefined) {
    throw invalid("a relationship says nothing", where, "give subject, object and type");
  }
  return input.state === "deleted" ? { ...relationship, [DELETED]: true } : relationship;
}

/** The map of relationships: equal ones are one, others with the same ends are counted through. */
function keyed(relationships: readonly JsonObject[]): JsonObject {
  const byText = new Map(relationships.map((one) => [canonicalize(one), one]));
  const stored: MutableJsonObject = {};
  for (const text of [...byText.keys()].sort(compareCodeUnits)) {
    const relationship = byText.get(text) as JsonObject;
    const ends = ENDS.map((end) => relationship[end] ?? null);
    let key = namedId("relationship", ...ends);
    for (let ordinal = 1; Object.hasOwn(stored, key); ordinal++) {
      key = namedId("relationship", ...ends, ordinal);
    }
    stored[key] = relationship;
  }
  return stored;
}
