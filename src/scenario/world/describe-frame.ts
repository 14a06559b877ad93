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

/** True for frames that a quiet network does not send: batches, and purges ahead of them. */
export function carriesRecords(data: string | Uint8Array): boolean {
  return typeof data !== "string" || data.startsWith('{"m":"purges"');
}
