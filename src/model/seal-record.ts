import { canonicalize } from "../base/canonical.ts";
import { sha256 } from "../base/hash.ts";
import type { JsonObject } from "../base/json.ts";
import type {
  Changeset,
  ParsedChangeset,
  ParsedPurge,
  ParsedRecord,
  ParsedRevision,
  Pin,
  Purge,
  Revision,
  Write,
} from "./record.ts";

/**
 * A record made here, with its canonical text and hash. Optional fields that are undefined or
 * empty are left out. Prints only: `checkPatch` says whether others will take a revision.
 */
export function sealRecord(record: Revision): ParsedRevision;
export function sealRecord(record: Changeset): ParsedChangeset;
export function sealRecord(record: Purge): ParsedPurge;
export function sealRecord(record: Revision | Changeset | Purge): ParsedRecord {
  if ("patch" in record) return sealRevision(record);
  return "author" in record ? sealChangeset(record) : sealPurge(record);
}

function sealRevision(revision: Revision): ParsedRevision {
  const { pins, resolves } = revision;
  // The fields stand in canonical order, so that printing need not sort them.
  const record: Revision = {
    actor: revision.actor,
    algorithm: revision.algorithm,
    bodyHash: revision.bodyHash,
    changeset: revision.changeset,
    hlc: revision.hlc,
    id: revision.id,
    object: revision.object,
    parents: revision.parents,
    patch: revision.patch.map(orderedWrite),
    ...(pins === undefined || pins.length === 0 ? {} : { pins: pins.map(orderedPin) }),
    ...(resolves === undefined || resolves.length === 0 ? {} : { resolves }),
    schema: revision.schema,
    seq: revision.seq,
    type: revision.type,
    v: revision.v,
  };
  return { kind: "revision", record, ...printRecord(record) };
}

function sealChangeset(changeset: Changeset): ParsedChangeset {
  const { actor, author, hlc, id, message, v } = changeset;
  const record: Changeset = { actor, author, hlc, id, message, v };
  return { kind: "changeset", record, ...printRecord(record) };
}

function sealPurge(purge: Purge): ParsedPurge {
  const { actor, hlc, id, object, reason, seq, v } = purge;
  const record: Purge = { actor, hlc, id, object, reason, seq, v };
  return { kind: "purge", record, ...printRecord(record) };
}

function printRecord(record: Revision | Changeset | Purge): { text: string; hash: Buffer } {
  const text = canonicalize(record as unknown as JsonObject);
  return { text, hash: sha256(text) };
}

function orderedWrite(write: Write): Write {
  const { op, path } = write;
  return op === "remove" ? { op, path } : { op, path, value: write.value };
}

function orderedPin(pin: Pin): Pin {
  return {
    ...(pin.merged === undefined ? {} : { merged: pin.merged }),
    of: pin.of,
    path: pin.path,
    ...(pin.value === undefined ? {} : { value: pin.value }),
  };
}
