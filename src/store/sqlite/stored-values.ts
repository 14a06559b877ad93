import { SynclineError } from "../../base/errors.ts";
import { isUuid, type Lsn, uuidBytes, uuidText } from "../../base/ids.ts";

/** Conversions between ids and texts and what the tables hold of them. */

/** A UUID as it is stored; null, which no row has, for a text that is none. */
export function uuidBlob(id: string): Buffer | null {
  return isUuid(id) ? uuidBytes(id) : null;
}

const bound: Buffer = Buffer.allocUnsafeSlow(16);

/**
 * The bytes of a UUID for a statement, which copies them: good until the next call. Received records
 * ask for several each.
 */
export function boundUuid(id: string): Buffer {
  return uuidBytes(id, bound);
}

/** The UUID in a row. Throws `STORE_CORRUPT` when something else stands there. */
export function storedUuid<Id extends string>(value: unknown): Id {
  if (value instanceof Uint8Array && value.length === 16) return uuidText<Id>(value);
  throw damaged("an id");
}

/** The id of a log row: to that of what was dropped here, the position is added where that happened. */
export function loggedUuid<Id extends string>(value: unknown): Id {
  const isLonger = value instanceof Uint8Array && value.length === 16 + POSITION_BYTES;
  return storedUuid(isLonger ? value.subarray(0, 16) : value);
}

const POSITION_BYTES = 6;

/** A position of the log, as it is added to an id. */
export function positionBytes(lsn: Lsn): Buffer {
  const bytes = Buffer.alloc(POSITION_BYTES);
  bytes.writeUIntBE(lsn, 0, POSITION_BYTES);
  return bytes;
}

/** The bytes in a row. Throws `STORE_CORRUPT` when something else stands there. */
export function storedBytes(value: unknown): Buffer {
  // A file whose bytes were damaged can hold any type of value in any column.
  if (value instanceof Uint8Array) return value as Buffer;
  throw damaged("bytes");
}

/** The text in a row. Throws `STORE_CORRUPT` when something else stands there. */
export function storedText(value: unknown): string {
  if (typeof value === "string") return value;
  throw damaged("text");
}

/** The error for a row that another one names, and that is missing. */
export function missingRow(where: string): SynclineError {
  return new SynclineError("STORE_CORRUPT", "a row that another one names is missing", {
    where,
    hint: "run syncline verify, or go back to a backup",
  });
}

/** The error for a row that holds something else than `what`. */
export function damaged(what: string): SynclineError {
  return new SynclineError("STORE_CORRUPT", `a row does not hold ${what} where it should`, {
    hint: "run syncline verify, or go back to a backup",
  });
}

const FORM = "00000000-0000-0000-0000-000000000000";

/** The first and last UUID that begin with a text; undefined when none does. */
export function uuidRange(prefix: string): { from: Buffer; to: Buffer } | undefined {
  if (prefix.length > FORM.length) return undefined;
  const rest = FORM.slice(prefix.length);
  if (!isUuid(prefix + rest)) return undefined;
  return { from: uuidBytes(prefix + rest), to: uuidBytes(prefix + rest.replaceAll("0", "f")) };
}
