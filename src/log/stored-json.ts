import { SynclineError } from "../base/errors.ts";
import { contentTextOfCreation } from "../model/creation.ts";
import type { Revision } from "../model/record.ts";

/** Parses JSON that was printed and stored here. Throws `STORE_CORRUPT`: only damage can do that. */
export function parseStored<Value>(text: string, where: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (cause) {
    throw damaged("stored JSON is not readable", where, cause);
  }
}

/** Parses a stored revision as far as readers rely on its form. Throws `STORE_CORRUPT`. */
export function parseStoredRevision(text: string, where: string): Revision {
  const record = parseStored<Partial<Revision> | null>(text, where);
  if (Array.isArray(record?.parents) && Array.isArray(record.patch)) return record as Revision;
  throw damaged("a stored record is no revision", where);
}

/** The canonical content inside a creation record. Throws `STORE_CORRUPT` for any other record. */
export function textOfCreation(record: Uint8Array | null, where: string): string {
  const text = record === null ? "" : textOf(record);
  const content = contentTextOfCreation(parseStoredRevision(text, where), text);
  if (content !== undefined) return content;
  throw damaged("an object without body is served by no creation", where);
}

/** The text that bytes spell in UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

function damaged(message: string, where: string, cause?: unknown): SynclineError {
  return new SynclineError("STORE_CORRUPT", message, {
    where,
    cause,
    hint: "run syncline verify, or go back to a backup",
  });
}
