import { compareCodeUnits } from "../../base/canonical.ts";
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
      const stored: MutableJsonObject = {};
      for (let index = 0; index < items.length; index++) {
        const place = inside(where, index);
        const input = objectAt(items[index], place);
        const relationship: MutableJsonObject = { ...storedMap(input, place, DROPPED) };
        if (Object.keys(relationship).length === 0) {
          throw invalid("a relationship says nothing", place, "give subject, object and type");
        }
        const key = keyOf(relationship);
        if (input.state === "deleted") relationship[DELETED] = true;
        stored[key] = relationship;
      }
      return items.length === 0 ? [] : stored;
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

function keyOf(relationship: JsonObject): string {
  const ends = ENDS.map((end) => relationship[end] ?? null);
  return ends.every((end) => end === null)
    ? namedId("relationship", relationship)
    : namedId("relationship", ...ends);
}
