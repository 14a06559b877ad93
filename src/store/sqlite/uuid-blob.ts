import { isUuid, uuidBytes } from "../../base/ids.ts";

/** A UUID as it is stored; null, which no row has, for a text that is none. */
export function uuidBlob(id: string): Buffer | null {
  return isUuid(id) ? uuidBytes(id) : null;
}

const FORM = "00000000-0000-0000-0000-000000000000";

/** The first and last UUID that begin with a text; undefined when none does. */
export function uuidRange(prefix: string): { from: Buffer; to: Buffer } | undefined {
  if (prefix.length > FORM.length) return undefined;
  const from = prefix + FORM.slice(prefix.length);
  if (!isUuid(from)) return undefined;
  return { from: uuidBytes(from), to: uuidBytes(prefix + ends(prefix.length)) };
}

function ends(length: number): string {
  return FORM.slice(length).replaceAll("0", "f");
}
