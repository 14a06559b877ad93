import { z } from "zod";
import type { JsonObject, MutableJsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import { extrasField } from "../fields/extras.ts";
import { groupsField } from "../fields/groups.ts";
import { relationshipsField } from "../fields/relationships.ts";
import { resourcesField } from "../fields/resources.ts";
import { tagsField } from "../fields/tags.ts";
import { referencedId, uuidOf } from "../identity.ts";
import { inside } from "../invalid.ts";
import { isDeleted, mapAt } from "../stored.ts";
import type { ReadContext, Reference, TypeDefinition } from "../type-definition.ts";
import {
  authoredRelationshipsSchema,
  authoredResourcesSchema,
  idSetSchema,
  referenceSchema,
  textSchemas,
  textsSchema,
  wordsSchema,
} from "./authored-parts.ts";
import { defineType } from "./define.ts";
import {
  flagSchema,
  mapSchema,
  nameSchema,
  relationshipsSchema,
  resourcesSchema,
  setSchema,
  stateSchema,
} from "./parts.ts";

const SUBJECT = "relationships_as_subject";
const OBJECT = "relationships_as_object";

/** A package (dataset): its fields, tags, groups, extras, resources and relationships. */
export const packageType: TypeDefinition = defineType({
  name: "package",
  schema: z.looseObject({
    name: nameSchema,
    state: stateSchema,
    private: flagSchema,
    owner_org: z.string().nullable().optional(),
    tags: setSchema,
    groups: setSchema,
    extras: mapSchema,
    resources: resourcesSchema,
    [SUBJECT]: relationshipsSchema,
    [OBJECT]: relationshipsSchema,
  }),
  authored: {
    owner_org: referenceSchema,
    title: wordsSchema,
    notes: wordsSchema,
    ...textSchemas("type", "url", "version", "license_id", "metadata_created"),
    ...textSchemas("author", "author_email", "maintainer", "maintainer_email"),
    tags: idSetSchema,
    groups: idSetSchema,
    extras: textsSchema,
    resources: authoredResourcesSchema,
    [SUBJECT]: authoredRelationshipsSchema,
    [OBJECT]: authoredRelationshipsSchema,
  },
  lists: {
    tags: tagsField,
    groups: groupsField,
    extras: extrasField,
    resources: resourcesField,
    [SUBJECT]: relationshipsField(SUBJECT),
    [OBJECT]: relationshipsField(OBJECT),
  },
  units: ["resources", SUBJECT, OBJECT],
  finishStored: readOwner,
  finishCkan(output, { lookup }) {
    if (typeof output.owner_org !== "string" || output.owner_org === "") return;
    const owner = lookup.content(output.owner_org);
    if (owner === undefined || isDeleted(owner)) output.owner_org = null;
  },
  references: packageReferences,
});

/**
 * `owner_org` becomes the organization's UUID: its own when it is one, else the embedded
 * organization's id, else what an organization of that name gets. An organization embedded
 * without a UUID belongs to the `owner_org` beside it. An `owner_org` that is null or "" says that
 * there is no owner, whatever copy of an organization is still beside it.
 */
function readOwner(content: MutableJsonObject, input: JsonObject, context: ReadContext): void {
  const { owner_org, organization } = input;
  let owner = uuidOf(owner_org);
  if (isJsonObject(organization)) {
    const form =
      uuidOf(organization.id) === undefined && owner !== undefined
        ? { ...organization, id: owner }
        : organization;
    const embedded = context.embed("organization", form, inside(context.where, "organization"));
    if (owner_org !== null && owner_org !== "") owner ??= embedded;
  }
  if (owner === undefined && typeof owner_org === "string" && owner_org !== "") {
    owner = referencedId("organization", owner_org);
  }
  if (owner !== undefined) content.owner_org = owner;
}

function packageReferences(content: JsonObject): Reference[] {
  const found: Reference[] = [];
  const owner = uuidOf(content.owner_org);
  if (owner !== undefined) found.push({ id: owner, type: "organization" });
  for (const id in mapAt(content, "groups")) found.push({ id, type: "group" });
  for (const id in mapAt(content, "tags")) found.push({ id, type: "tag" });
  for (const field of [SUBJECT, OBJECT]) {
    for (const relationship of Object.values(mapAt(content, field))) {
      if (!isJsonObject(relationship)) continue;
      for (const end of ["subject", "subject_package_id", "object", "object_package_id"]) {
        const id = uuidOf(relationship[end]);
        if (id !== undefined) found.push({ id, type: "package" });
      }
    }
  }
  return found;
}
