import { CONTROL_RECORDS_BYTES_MAX } from "../../base/limits.ts";
import type { Policy } from "../../protocol/policy.ts";

/** Bytes of a record inside a message. */
function sizeOf(record: string): number {
  return Buffer.byteLength(JSON.stringify(record)) + 1;
}

/** False for a purge with an extreme reason, which comes in its place in the log alone. */
export function fitsMessage(record: string): boolean {
  return sizeOf(record) <= CONTROL_RECORDS_BYTES_MAX;
}

/** Records in lists that fit into one message each. */
export function* inMessages(records: readonly string[]): Generator<readonly string[]> {
  let list: string[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (list.length > 0 && bytes + size > CONTROL_RECORDS_BYTES_MAX) {
      yield list;
      [list, bytes] = [[], 0];
    }
    list.push(record);
    bytes += size;
  }
  if (list.length > 0) yield list;
}

/** Policy records as messages; all but the last say that another one goes on. */
export function policyMessages(records: readonly string[]): Policy[] {
  const parts = [...inMessages(records)];
  return parts.map((revisions, at) => {
    const message = { m: "policy", revisions } as const;
    return at === parts.length - 1 ? message : { ...message, more: true };
  });
}
