import { z } from "zod";
import { extrasField } from "../fields/extras.ts";
import { parentsField } from "../fields/parents.ts";
import { tagsField } from "../fields/tags.ts";
import { uuidOf } from "../identity.ts";
import { mapAt } from "../stored.ts";
import type { TypeDefinition } from "../type-definition.ts";
import {
  idSetSchema,
  parentsSchema,
  textSchemas,
  textsSchema,
  wordsSchema,
} from "./authored-parts.ts";
import { defineType } from "./define.ts";
import { mapSchema, nameSchema, setSchema, stateSchema } from "./parts.ts";

/**
 * Groups and organizations have one form. CKAN keeps both in one table and tells them apart by
 * `is_organization`; here they are two types, because they merge by different rules.
 */
function defineGroup(name: "group" | "organization"): TypeDefinition {
  return defineType({
    name,
    schema: z.looseObject({
      name: nameSchema,
      state: stateSchema,
      tags: setSchema,
      groups: mapSchema,
      extras: mapSchema,
    }),
    authored: {
      title: wordsSchema,
      description: wordsSchema,
      ...textSchemas("type", "image_url", "approval_status"),
      tags: idSetSchema,
      groups: parentsSchema,
      extras: textsSchema,
    },
    lists: { tags: tagsField, groups: parentsField, extras: extrasField },
    fixed: { is_organization: name === "organization" },
    references(content) {
      const parents = Object.keys(mapAt(content, "groups")).filter((key) => uuidOf(key) === key);
      return [
        ...parents.map((id) => ({ id, type: name })),
        ...Object.keys(mapAt(content, "tags")).map((id) => ({ id, type: "tag" })),
      ];
    },
  });
}

/** A group: a theme that packages are gathered under. */
export const groupType: TypeDefinition = defineGroup("group");

/** An organization: the publisher that owns packages. */
export const organizationType: TypeDefinition = defineGroup("organization");
