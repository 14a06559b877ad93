import { SynclineError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import { parseCanonical } from "../base/ingress/parse-canonical.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { RECORD_BYTES_MAX } from "../base/limits.ts";
import { checkChangeset, checkPurge, checkRevision } from "./check-envelope.ts";
import {
  type Changeset,
  type ParsedRecord,
  type Purge,
  RECORD_VERSION,
  type Revision,
} from "./record.ts";

export { sealRecord } from "./seal-record.ts";

/**
 * The record that canonical bytes spell, with its hash. Checks bytes and envelope; what a revision
 * writes and pins has yet to pass `checkPatch`, so that a record with a bad patch can be kept in
 * quarantine under its own id. Throws what parseCanonical throws, and `INVALID_RECORD`. Formats newer
 * than `newest` are not read.
 */
export function parseRecord(bytes: Uint8Array, newest: number = RECORD_VERSION): ParsedRecord {
  const { value, text } = parseCanonical(bytes, { bytesMax: RECORD_BYTES_MAX });
  if (!isFormat(value.v, newest)) throw wrongVersion(value, newest);
  if (Object.hasOwn(value, "patch")) {
    checkRevision(value);
    return { kind: "revision", record: value as unknown as Revision, text, hash: sha256(bytes) };
  }
  if (Object.hasOwn(value, "author")) {
    checkChangeset(value);
    return { kind: "changeset", record: value as unknown as Changeset, text, hash: sha256(bytes) };
  }
  if (Object.hasOwn(value, "reason")) {
    checkPurge(value);
    return { kind: "purge", record: value as unknown as Purge, text, hash: sha256(bytes) };
  }
  throw new SynclineError("INVALID_RECORD", "neither a revision, a changeset nor a purge", {
    hint: "a revision has a patch, a changeset an author, a purge a reason",
  });
}

/** Where the id of a record stands in its canonical form: after scalars, of which one is free text. */
const ID_PLACE = /"hlc":\d+,"id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/;
const ID_PLACE_BYTES_MAX = 8 * 1024;

/** The id that bytes name which spell no record; null when none can be made out. */
export function idSeenIn(bytes: Uint8Array): string | null {
  const { buffer, byteOffset, length } = bytes.subarray(0, ID_PLACE_BYTES_MAX);
  return ID_PLACE.exec(Buffer.from(buffer, byteOffset, length).toString("latin1"))?.[1] ?? null;
}

function isFormat(v: Json | undefined, newest: number): boolean {
  return v === RECORD_VERSION || (Number.isInteger(v) && Number(v) >= 1 && Number(v) <= newest);
}

function wrongVersion(value: JsonObject, newest: number): SynclineError {
  const newer = typeof value.v === "number" && value.v > newest;
  return new SynclineError("INVALID_RECORD", `the record's v is not ${newest}`, {
    where: "/v",
    hint: newer ? "a newer version wrote it: update Syncline" : "a record states its format as v",
  });
}
