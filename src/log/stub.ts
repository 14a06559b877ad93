import type { RevisionId } from "../base/ids.ts";

/**
 * A stub stands on the wire for a revision whose object is gone at the source: its id and hash, so
 * that the chain can be followed. It is never stored.
 */
export function stubLine(id: RevisionId, hash: Uint8Array): Uint8Array {
  return Buffer.from(`{"hash":"${Buffer.from(hash).toString("hex")}","stub":"${id}"}`);
}

/** The id and hash of a stub; undefined for any other line. */
export function parseStub(
  line: Uint8Array,
): { readonly id: RevisionId; readonly hash: Uint8Array } | undefined {
  if (line.length !== STUB_BYTES) return undefined;
  const found = STUB_FORM.exec(Buffer.from(line).toString("latin1"));
  if (found === null) return undefined;
  const [, hash, id] = found as unknown as [string, string, RevisionId];
  return { id, hash: Buffer.from(hash, "hex") };
}

const STUB_FORM = /^\{"hash":"([0-9a-f]{64})","stub":"([0-9a-f-]{36})"\}$/;
const STUB_BYTES: number = '{"hash":"","stub":""}'.length + 64 + 36;
