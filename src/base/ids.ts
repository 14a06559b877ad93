import { v5 } from "uuid";
import { canonicalize } from "./canonical.ts";
import { SynclineError } from "./errors.ts";
import { sha256 } from "./hash.ts";
import type { Json } from "./json.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The UUID of an object, the same on every instance. */
export type ObjectId = Branded<"ObjectId">;
/** The UUID (version 7) of an authored revision, or a derived one (version 8) of a merge. */
export type RevisionId = Branded<"RevisionId">;
/** The UUID (version 7) of a changeset. */
export type ChangesetId = Branded<"ChangesetId">;
/** The UUID of an instance. */
export type InstanceId = Branded<"InstanceId">;
/** `<instance uuid>/<epoch uuid>`: who numbered a revision. */
export type ActorId = Branded<"ActorId">;
/** A position in one instance's log; 1 is the first entry. */
export type Lsn = number;

/**
 * The UUIDv5 name space of everything Syncline names by content: tags created here, and imported
 * objects that came without an id. Changing it would give the same dump other ids on other sites.
 */
export const NAMESPACE = "6f1ab9de-0d4c-5f5e-9b0e-3a4c5d1f2b70";

const UUID_FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a UUID in its canonical lower-case form, of any version. */
export function isUuid(text: unknown): text is string {
  return typeof text === "string" && UUID_FORM.test(text);
}

/** True for `<uuid>/<uuid>`. */
export function isActorId(text: unknown): text is ActorId {
  return (
    typeof text === "string" &&
    text.length === 73 &&
    text[36] === "/" &&
    isUuid(text.slice(0, 36)) &&
    isUuid(text.slice(37))
  );
}

export function actorId(instance: string, epoch: string): ActorId {
  return `${instance}/${epoch}` as ActorId;
}

/** The instance part of an actor. */
export function instanceOf(actor: ActorId): InstanceId {
  return actor.slice(0, 36) as InstanceId;
}

/** The epoch part of an actor. */
export function epochOf(actor: ActorId): string {
  return actor.slice(37);
}

/** The value of each lower-case hexadecimal digit by its character code; -1 for the others. */
const DIGITS: Int8Array = new Int8Array(128).fill(-1);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  DIGITS[digit.charCodeAt(0)] = value;
}
const HYPHEN = 45;

/**
 * The 16 bytes of a UUID in its canonical form. Throws `INVALID_RECORD` for anything else. Read by
 * hand, since it runs several times for each record. `bytes`: where to write them, if not anew.
 */
export function uuidBytes(id: string, bytes: Buffer = Buffer.allocUnsafe(16)): Buffer {
  let isUuidForm = id.length === 36;
  for (let from = 0, to = 0; isUuidForm && to < 16; from += 2, to++) {
    if (to === 4 || to === 6 || to === 8 || to === 10) {
      isUuidForm = id.charCodeAt(from++) === HYPHEN;
    }
    // Another character's place in the table is empty, and its digit undefined or -1.
    const [high, low] = [DIGITS[id.charCodeAt(from)] ?? -1, DIGITS[id.charCodeAt(from + 1)] ?? -1];
    isUuidForm &&= high >= 0 && low >= 0;
    bytes[to] = high * 16 + low;
  }
  if (isUuidForm) return bytes;
  throw new SynclineError("INVALID_RECORD", `not a UUID: ${id.slice(0, 60)}`);
}

/** The UUID that 16 bytes spell. */
export function uuidText<Id extends string>(bytes: Uint8Array): Id {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
  const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-`;
  return `${text}${hex.slice(16, 20)}-${hex.slice(20)}` as Id;
}

/** UUIDv5 of a name in Syncline's name space; the parts are joined as canonical JSON. */
export function namedId(...parts: readonly Json[]): string {
  return v5(canonicalize(parts), NAMESPACE);
}

/**
 * The UUID (version 8) of something that is derived from others: the first 16 bytes of SHA-256 over
 * the canonical JSON of the parts, with version and variant set.
 */
export function derivedId(parts: Json): string {
  const bytes = sha256(canonicalize(parts)).subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return uuidText(bytes);
}
