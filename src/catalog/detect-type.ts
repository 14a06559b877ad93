import type { JsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";

/** Types that a line can name outright; a package's own `type` is another matter ("dataset"). */
const NAMED_TYPES = new Set([
  ...["tag", "vocabulary", "user", "membership", "group", "organization", "role", "rating"],
]);
/** Fields that only CKAN's form of a user has. */
const USER_FIELDS = ["fullname", "email_hash", "number_created_packages", "sysadmin"];
/** Fields that a package has and no other type. */
const PACKAGE_FIELDS = ["resources", "owner_org", "notes", "license_id", "private"];

/**
 * Guesses the type of a line of a dump (`ckanapi dump` writes datasets, groups, organizations and
 * users, each in a file of its own; Syncline's export mixes them): a package unless it reads as
 * something else.
 */
export function detectType(input: JsonObject): string {
  const { type, is_organization } = input;
  if (typeof is_organization === "boolean") return is_organization ? "organization" : "group";
  if (PACKAGE_FIELDS.some((field) => Object.hasOwn(input, field))) return "package";
  if (typeof type === "string" && NAMED_TYPES.has(type)) return type;
  if (isMembership(input)) return "membership";
  if (Object.hasOwn(input, "package_id") && Object.hasOwn(input, "user_id")) {
    return Object.hasOwn(input, "rating") ? "rating" : "role";
  }
  if (USER_FIELDS.some((field) => Object.hasOwn(input, field))) return "user";
  if (Object.hasOwn(input, "vocabulary_id")) return "tag";
  return isVocabulary(input) ? "vocabulary" : "package";
}

function isMembership(input: JsonObject): boolean {
  return (
    (Object.hasOwn(input, "table_name") && Object.hasOwn(input, "table_id")) ||
    (Object.hasOwn(input, "group") && Object.hasOwn(input, "table"))
  );
}

/** A vocabulary lists tags that name it. */
function isVocabulary(input: JsonObject): boolean {
  const { id, tags } = input;
  return (
    typeof id === "string" &&
    Array.isArray(tags) &&
    tags.length > 0 &&
    tags.every((tag) => isJsonObject(tag) && tag.vocabulary_id === id)
  );
}
