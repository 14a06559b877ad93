/**
 * Every error code there is. Codes are stable: scripts and peers may rely on them.
 * The key is the code, the value says when it is used.
 */
export const ERROR_CODES = {
  INTERNAL: "a fault inside Syncline; please report it",
  USAGE: "the command line or request does not fit",

  // input: text and JSON
  INPUT_TOO_LARGE: "a document or line is larger than the limit",
  INVALID_UTF8: "bytes are not UTF-8",
  INVALID_JSON: "text is not JSON",
  TOO_DEEP: "JSON is nested deeper than the limit",
  DUPLICATE_KEY: "an object names the same key twice",
  FORBIDDEN_KEY: "a key is __proto__, constructor or prototype, or a reserved key",
  LONE_SURROGATE: "a string holds half of a surrogate pair",
  UNSAFE_NUMBER: "a number is not finite, or an integer beyond 2^53-1",
  NOT_CANONICAL: "a record's bytes are not canonical JSON",
  TRUNCATED_INPUT: "a file ends early",
  FILE_NOT_FOUND: "a file or folder does not exist",
  FILE_NOT_READABLE: "a file cannot be read",

  // records
  INVALID_RECORD: "a record does not have the form of a revision, changeset or purge",
  INVALID_PATCH: "a patch is malformed or does not apply",
  INVALID_POINTER: "a path is not a JSON pointer",
  ARRAY_INDEX_PATH: "a path addresses a member of a list by its position",
  EMPTY_MAP: "a write would store an empty map",
  EMPTY_PATCH: "a patch writes nothing",
  CLASHING_WRITES: "a patch writes at a path and below it",
  INVALID_PIN: "a pin names a revision that is no ancestor writing its path",
  BODY_HASH_MISMATCH: "the content after the patch does not have the stated hash",
  ID_REUSED: "an id that is already taken arrived with other bytes",
  PARENT_MISSING: "a revision arrived before its parent",
  CHANGESET_MISSING: "a revision arrived without its changeset",
  TYPE_MISMATCH: "a revision names another type than its object has",
  CLOCK_NOT_AFTER_PARENT: "a revision's time is not after its parents'",
  ACTOR_FORK: "one actor used a sequence number twice: a copied instance",

  PURGE_REFUSED: "a purge came over a link that refuses them",
  ORGANIZATION_UNMAPPED: "a package's organization is not mapped on the link that refuses such",

  // catalog
  UNKNOWN_TYPE: "no such object type",
  INVALID_OBJECT: "an object does not fit its type's schema",
  OBJECT_NOT_FOUND: "no object with that name or id",
  OBJECT_AMBIGUOUS: "several objects fit",
  OBJECT_EXISTS: "an object with that id exists already",
  OBJECT_PURGED: "the object was purged or shunned here, for good",
  OBJECT_DELETED: "the object is deleted",
  OBJECT_PARKED: "the object waits for a newer version of Syncline",
  OBJECT_NOT_DELETED: "the object is not deleted",
  REVISION_NOT_FOUND: "no revision with that id",
  INVALID_POLICY: "a policy document does not have its form",
  INVALID_SCOPE: "a scope document does not have its form",
  POLICY_CONFLICT: "two instances changed the policy apart from each other",
  RUN_NOT_FOUND: "no run with that id",
  QUARANTINE_NOT_FOUND: "no record in quarantine with that key",
  CONFLICT_NOT_FOUND: "no conflict with that id",
  STALE_EDIT: "the object changed since it was read",
  CHANGESET_TOO_LARGE: "one changeset holds more than the limit",

  // folder and store
  NOT_AN_INSTANCE: "the folder does not hold an instance",
  INSTANCE_EXISTS: "the folder holds an instance already",
  INSTANCE_BUSY: "another process has the folder open for writing",
  FORMAT_TOO_NEW: "the folder was written by a newer version",
  SQLITE_TOO_OLD: "the SQLite library is older than required",
  DURABILITY: "the database cannot be set to synchronous=FULL",
  READ_ONLY: "the instance is open for reading only",
  DISK_FULL: "no space is left, or a file size limit was reached",
  NO_PERMISSION: "the file system refused access",
  STORE_CORRUPT: "the database is damaged",
  STORE_IO: "the file system reported an error",
  CLOSED: "the instance or connection is closed",

  // network and sync
  PORT_IN_USE: "the address is taken by another process",
  CONNECT_FAILED: "the peer cannot be reached",
  NOT_A_PEER: "what answered is not a Syncline instance",
  PROTOCOL_VERSION: "the peers share no protocol version",
  PROTOCOL_ERROR: "a message does not fit the protocol",
  FRAME_TOO_LARGE: "a frame is larger than the limit",
  FRAME_DAMAGED: "a frame was changed on its way",
  SAME_IDENTITY: "the peer has the same identity as this instance",
  PEER_CHANGED: "the address now answers with another identity",
  NOT_ALLOWED: "the other side does not allow this",
  ORIGIN_REFUSED: "a web page from another origin tried to connect",
  DISCONNECTED: "the connection ended before the sync was complete",
  TIMEOUT: "the other side did not answer in time",
  LINK_NOT_FOUND: "no link with that name",
  LINK_EXISTS: "a link with that name exists already",
  LINK_UNSUPPORTED: "this kind of link is not available in this version",
  REMOVALS_HELD: "more live objects would be deleted or purged than is allowed at once",
  SYNC_FAILED: "a sync ended without reaching the goal",
  INTERRUPTED: "the work was stopped before its end",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
