import { canonicalize } from "../../src/base/canonical.ts";
import type { ErrorCode } from "../../src/base/error-codes.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";

/**
 * Which door the bytes are for: any JSON (`parseJson`), a record (`parseRecord`), a record whose
 * patch or pins must be refused (`parseRecord` takes it, `checkPatch` does not), or a patch that a
 * person wrote (`parseJson`, then `applyUserPatch` on `VISIBLE_DOCUMENT`).
 */
export type HostileEntry = "json" | "record" | "patch" | "user-patch";

/** One hostile input and the code that its refusal must have. */
export interface HostileCase {
  readonly name: string;
  readonly entry: HostileEntry;
  readonly code: ErrorCode;
  /** Made on demand: some are many megabytes. */
  readonly bytes: () => Uint8Array;
}

/** A UUID that ends in the given number. */
export function uuid(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
}

/** A change to an object, right in every field. */
export const CHANGE: JsonObject = {
  v: 1,
  id: uuid(100),
  object: uuid(1),
  type: "package",
  parents: [uuid(10), uuid(11)],
  actor: `${uuid(2)}/${uuid(3)}`,
  seq: 7,
  hlc: 1768471200000000,
  changeset: uuid(4),
  schema: 1,
  algorithm: 1,
  patch: [{ op: "replace", path: "/title", value: "B" }],
  bodyHash: "ab".repeat(32),
};

export const CHANGESET: JsonObject = {
  v: 1,
  id: uuid(4),
  actor: `${uuid(2)}/${uuid(3)}`,
  hlc: 1768471200000000,
  author: "ana",
  message: "Correct the title",
};

export const PURGE: JsonObject = {
  v: 1,
  id: uuid(101),
  object: uuid(1),
  actor: `${uuid(2)}/${uuid(3)}`,
  seq: 8,
  hlc: 1768471200000001,
  reason: "asked for by the owner",
};

/** The document that hostile user patches are applied to. */
export const VISIBLE_DOCUMENT: JsonObject = {
  name: "rivers",
  title: "Rivers",
  extras: { area: "12", "a/b": "x" },
  tags: { [uuid(50)]: true },
  spatial: [
    [1, 2],
    [3, 4],
  ],
};

/** Fields to replace; undefined takes a field away. */
export type Fields = { readonly [field: string]: Json | undefined };

/** The canonical bytes of a record with some fields replaced. */
export function recordBytes(base: JsonObject, fields: Fields = {}): Uint8Array {
  return Buffer.from(canonicalize(withFields(base, fields)));
}

function withFields(base: JsonObject, fields: Fields): JsonObject {
  const members = Object.entries({ ...base, ...fields });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** The canonical text of a change whose field holds a text put in verbatim. */
export function recordWithRaw(field: string, raw: string): Uint8Array {
  const text = canonicalize({ ...CHANGE, [field]: "@@@" });
  return Buffer.from(text.replace('"@@@"', () => raw));
}

/** A case of one door, from a name, code and text or generator. */
export function caseOf(
  entry: HostileEntry,
  name: string,
  code: ErrorCode,
  input: string | Uint8Array | (() => string | Uint8Array),
): HostileCase {
  const bytes = (): Uint8Array => {
    const made = typeof input === "function" ? input() : input;
    return typeof made === "string" ? Buffer.from(made) : made;
  };
  return { name: `${entry}: ${name}`, entry, code, bytes };
}
