import { z } from "zod";
import type { TypeDefinition } from "./type-definition.ts";
import { defineType } from "./types/define.ts";
import { groupType, organizationType } from "./types/group.ts";
import { membershipType } from "./types/membership.ts";
import { packageType } from "./types/package.ts";
import { ratingType } from "./types/rating.ts";
import { roleType } from "./types/role.ts";
import { tagType } from "./types/tag.ts";
import { userType } from "./types/user.ts";
import { vocabularyType } from "./types/vocabulary.ts";

/** The object types that a program knows, by name. */
export type Types = ReadonlyMap<string, TypeDefinition>;

/** The registry: every type this version knows. */
export const TYPES: Types = new Map(
  [
    ...[packageType, tagType, vocabularyType, groupType, organizationType],
    ...[userType, membershipType, roleType, ratingType],
  ].map((definition) => [definition.name, definition]),
);

/** The names of the known types. */
export const KNOWN_TYPES: readonly string[] = [...TYPES.keys()];

const unknownTypes = new Map<string, TypeDefinition>();

/** The definition of a type; one that only carries fields for a type not known here. */
export function typeDefinition(type: string, types: Types = TYPES): TypeDefinition {
  const known = types.get(type) ?? unknownTypes.get(type);
  if (known !== undefined) return known;
  const definition = defineType({ name: type, schema: z.looseObject({}) });
  if (unknownTypes.size < 100) unknownTypes.set(type, definition);
  return definition;
}

/** The schema version that revisions of this type carry; 1 for types not known here. */
export function schemaVersion(type: string, types: Types = TYPES): number {
  return types.get(type)?.version ?? 1;
}
