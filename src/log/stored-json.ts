import { SynclineError } from "../base/errors.ts";
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

function damaged(message: string, where: string, cause?: unknown): SynclineError {
  return new SynclineError("STORE_CORRUPT", message, {
    where,
    cause,
    hint: "run syncline verify, or go back to a backup",
  });
}
