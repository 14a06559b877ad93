import type { Revision } from "../../model/record.ts";
import { decodeBatch } from "../../protocol/batch.ts";

/** What a frame says, for the timeline: a control message whole, of a batch its header. */
export function describeFrame(data: string | Uint8Array): string {
  if (typeof data === "string") return data;
  const { header, more } = decodeBatch(data);
  return `BATCH ${JSON.stringify(header)}${more ? " …" : ""}`;
}

/** The position that an ACK confirms; undefined for every other frame. */
export function ackedLsn(data: string | Uint8Array): number | undefined {
  if (typeof data !== "string" || !data.startsWith('{"m":"ack"')) return undefined;
  return (JSON.parse(data) as { readonly lsn: number }).lsn;
}

/** How many objects a START says are deleted on the way and live again; undefined for other frames. */
export function passingIn(data: string | Uint8Array): number | undefined {
  if (typeof data !== "string" || !data.startsWith('{"m":"start"')) return undefined;
  return (JSON.parse(data) as { readonly passing?: number }).passing;
}

/** The revisions in a frame, as far as it is not compressed and holds them whole. */
export function revisionsIn(data: string | Uint8Array): readonly Revision[] {
  if (typeof data === "string") return [];
  const lines = Buffer.from(decodeBatch(data).body).toString().split("\n");
  return lines.filter((line) => line.includes('"patch":')).flatMap(revisionOf);
}

/** Nothing for a piece of one, at the edge of a fragment. */
function revisionOf(line: string): readonly Revision[] {
  try {
    return [JSON.parse(line) as Revision];
  } catch {
    return [];
  }
}

export function isEvict(data: string | Uint8Array): boolean {
  return typeof data === "string" && data.startsWith('{"m":"evict"');
}

/** True for history of what entered a scope. */
export function hasEntered(data: string | Uint8Array): boolean {
  return typeof data !== "string" && decodeBatch(data).header.entered === true;
}

/** True for frames that a quiet network does not send: batches, and what goes ahead of them. */
export function carriesRecords(data: string | Uint8Array): boolean {
  return typeof data !== "string" || /^\{"m":"(purges|evict)"/.test(data);
}
