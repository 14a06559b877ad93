import type { ObjectId } from "../src/base/ids.ts";
import type { JsonObject, MutableJsonObject } from "../src/base/json.ts";
import { positionAt } from "../src/catalog/position.ts";
import { VOLATILE_FIELDS } from "../src/catalog/volatile.ts";
import type { Package } from "./generate.ts";

/**
 * Generated packages in stored form and back, with nothing lost: the digest of a phase is over the
 * generator's own form. Resources become keyed members, as in any package. The generator's lists of
 * tags, groups and extras repeat names and keys, which a catalog would unite; here they are kept as
 * indivisible values, beside its volatile fields, under names of their own.
 */
const KEPT: readonly string[] = [
  ...["tags", "groups", "extras", "owner_org", "state"],
  ...(VOLATILE_FIELDS.package ?? []),
];
const keptName = (field: string): string => `given_${field}`;

interface Resource extends JsonObject {
  readonly id: string;
}

export function contentOf(given: Package): { readonly id: ObjectId; readonly content: JsonObject } {
  const { id, resources, ...fields } = given as Package & { resources: readonly Resource[] };
  const content: MutableJsonObject = {};
  for (const [field, value] of Object.entries(fields)) {
    const kept = KEPT.some((name) => name === field);
    content[kept ? keptName(field) : field] = value as JsonObject[string];
  }
  content.resources = Object.fromEntries(
    resources.map(({ id: key, ...members }, index) => {
      return [key, { ...members, position: positionAt(index) }];
    }),
  );
  return { id: id as ObjectId, content };
}

export function packageOf(id: string, content: JsonObject): Package {
  const { resources, ...fields } = content as JsonObject & { resources: JsonObject };
  const given: MutableJsonObject = { id };
  for (const [field, value] of Object.entries(fields)) {
    const kept = KEPT.find((name) => keptName(name) === field);
    given[kept ?? field] = value;
  }
  const members = Object.entries(resources) as [string, JsonObject & { position: string }][];
  given.resources = members
    .sort(([, a], [, b]) => (a.position < b.position ? -1 : 1))
    .map(([key, { position: _, ...rest }]) => ({ id: key, ...rest }));
  return given as unknown as Package;
}
