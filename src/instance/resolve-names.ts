import { SynclineError } from "../base/errors.ts";
import { isUuid } from "../base/ids.ts";
import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from "../base/json.ts";
import { PAGE_ITEMS_MAX } from "../base/limits.ts";
import type { Types } from "../catalog/index.ts";
import type { Store } from "../store/store.ts";
import { withoutAliases } from "./find-object.ts";

type Reader = Pick<Store, "object" | "objects">;

/** The lists of a CKAN form whose members may be given by name alone, and the type they name. */
const NAMED_LISTS: Readonly<Record<string, string>> = { groups: "group", tags: "tag" };

/**
 * What a person gives by name is the object of that name here: the form with the ids of the live
 * organizations, groups and tags that it names, and of what a role, rating or membership connects.
 * Names of the former that nobody has stay as they are. An import does not do this: two sites that
 * import the same dump must agree. Throws `OBJECT_AMBIGUOUS`, `OBJECT_NOT_FOUND`.
 */
export async function resolveNames(
  reader: Reader,
  type: string,
  form: JsonObject,
  types: Types,
): Promise<JsonObject> {
  const resolved: MutableJsonObject = { ...form };
  const owner = form.owner_org;
  if (typeof owner === "string" && owner !== "" && !isUuid(owner.toLowerCase())) {
    resolved.owner_org = (await idOf(reader, "organization", owner)) ?? owner;
  }
  for (const [field, listed] of Object.entries(NAMED_LISTS)) {
    const list = form[field];
    if (Array.isArray(list)) resolved[field] = await resolveList(reader, listed, list);
  }
  for (const named of types.get(type)?.named ?? []) {
    for (const field of named.fields) {
      const given = form[field];
      if (typeof given !== "string" || given === "" || isUuid(given.toLowerCase())) continue;
      resolved[field] = await requiredId(reader, named.types(form), given, field);
    }
  }
  return resolved;
}

/** What such a field names has to be here: nothing is made of a name that nobody has. */
async function requiredId(
  reader: Reader,
  types: readonly string[],
  name: string,
  field: string,
): Promise<string> {
  for (const type of types) {
    const id = await idOf(reader, type, name);
    if (id !== undefined) return id;
  }
  throw new SynclineError("OBJECT_NOT_FOUND", `no ${types.join(" or ")} named ${name}`, {
    where: `/${field}`,
    hint: "give the name of one that is here, or its id",
  });
}

function resolveList(reader: Reader, type: string, list: readonly Json[]): Promise<Json[]> {
  return Promise.all(
    list.map(async (item) => {
      const member: JsonObject = typeof item === "string" ? { name: item } : (item as JsonObject);
      if (!isJsonObject(member) || member.id !== undefined || typeof member.name !== "string") {
        return item;
      }
      // A tag of a vocabulary is another one than the free tag of that name.
      if (type === "tag" && typeof member.vocabulary_id === "string") return item;
      const id = await idOf(reader, type, member.name);
      return id === undefined ? item : { ...member, id };
    }),
  );
}

async function idOf(reader: Reader, type: string, name: string): Promise<string | undefined> {
  const found = await reader.objects({ type, name, limit: PAGE_ITEMS_MAX });
  const free = found.filter(
    ({ text }) =>
      type !== "tag" || typeof (JSON.parse(text) as JsonObject).vocabulary_id !== "string",
  );
  const fitting = await withoutAliases(reader, free);
  if (fitting.length < 2) return fitting[0]?.id;
  throw new SynclineError("OBJECT_AMBIGUOUS", `several live objects are ${type}/${name}`, {
    where: `${type}/${name}`,
    hint: "give the id instead of the name",
  });
}
