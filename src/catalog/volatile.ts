/**
 * What is dropped at the door, on every way in. Docs list the same names (a test compares them).
 *
 * Volatile fields are derived by a server from other data, or differ between servers that hold the
 * same catalog; stored, they would make every sync a conflict. The lists follow what CKAN's
 * `lib/dictization` adds to a record. `metadata_created` stays: it is provenance, not derived.
 */

/** Never stored, whatever the type and wherever in an object: what must not leave its server. */
export const SECRET_FIELDS: readonly string[] = [
  "apikey",
  "password",
  "password_hash",
  "plugin_data",
  "plugin_extras",
  "reset_key",
];

/** Dropped at the top level of an object, by type. `default` stands for types not known here. */
export const VOLATILE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  default: ["metadata_modified", "revision_id"],
  package: [
    "creator_user_id",
    "isopen",
    "license_title",
    "license_url",
    "metadata_modified",
    "num_resources",
    "num_tags",
    "organization",
    "ratings_average",
    "ratings_count",
    "revision_id",
    "tracking_summary",
  ],
  group: [
    "created",
    "display_name",
    "image_display_url",
    "is_organization",
    "member_count",
    "metadata_modified",
    "num_followers",
    "package_count",
    "packages",
    "revision_id",
    "users",
  ],
  organization: [
    "created",
    "display_name",
    "image_display_url",
    "is_organization",
    "member_count",
    "metadata_modified",
    "num_followers",
    "package_count",
    "packages",
    "revision_id",
    "users",
  ],
  tag: ["display_name", "metadata_modified", "packages", "revision_id", "type"],
  vocabulary: ["metadata_modified", "revision_id", "tags", "type"],
  user: [
    "activity_streams_email_notifications",
    "created",
    "datasets",
    "display_name",
    "email",
    "email_hash",
    "image_display_url",
    "last_active",
    "metadata_modified",
    "num_followers",
    "number_created_packages",
    "number_of_edits",
    "revision_id",
    "sysadmin",
    "type",
  ],
  membership: ["metadata_modified", "modified", "revision_id", "type"],
  role: ["metadata_modified", "modified", "revision_id", "type"],
  rating: ["created", "metadata_modified", "revision_id", "type", "user_ip_address"],
};

/** Dropped inside a resource. `position` becomes a fractional position, `state` the flag. */
export const RESOURCE_VOLATILE_FIELDS: readonly string[] = [
  "cache_last_updated",
  "created",
  "datastore_active",
  "datastore_contains_all_records_of_source_file",
  "metadata_modified",
  "package_id",
  "position",
  "revision_id",
  "state",
  "tracking_summary",
];

/** Dropped inside a relationship. Its key is made of subject, object and type. */
export const RELATIONSHIP_VOLATILE_FIELDS: readonly string[] = ["id", "revision_id", "state"];

/** Extras that a harvester adds about its own run on one server. */
export const VOLATILE_EXTRAS: readonly string[] = [
  "harvest_object_id",
  "harvest_source_id",
  "harvest_source_title",
];
