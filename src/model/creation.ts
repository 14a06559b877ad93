import type { Revision } from "./record.ts";

const HEAD = '"patch":[{"op":"add","path":"","value":';

/**
 * The canonical content text inside the canonical text of a creation record, without parsing it:
 * a record's content stands there byte for byte, so it need not be stored or printed again.
 * Undefined when the record is no creation.
 */
export function contentTextOfCreation(record: Revision, text: string): string | undefined {
  const write = record.patch[0];
  if (record.patch.length !== 1 || write?.op !== "add" || write.path !== "") return undefined;
  const start = text.indexOf(HEAD);
  const end = text.length - tailOf(record).length;
  return start < 0 ? undefined : text.slice(start + HEAD.length, end);
}

/** What follows the content in a creation's canonical text. */
function tailOf(record: Revision): string {
  const pins = record.pins === undefined ? "" : `,"pins":${JSON.stringify(record.pins)}`;
  const resolves =
    record.resolves === undefined ? "" : `,"resolves":${JSON.stringify(record.resolves)}`;
  const type = JSON.stringify(record.type);
  return `}]${pins}${resolves},"schema":${record.schema},"seq":${record.seq},"type":${type},"v":1}`;
}
