import { hash } from "node:crypto";

/** SHA-256 of bytes, or of a string's UTF-8, as 64 hexadecimal digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/**
 * SHA-256 of bytes, or of a string's UTF-8, as 32 bytes. By way of the digits: small buffers made
 * from text share memory, while each made by the hash function has an allocation of its own, which
 * costs more to make and to collect.
 */
export function sha256(data: string | Uint8Array): Buffer {
  return Buffer.from(sha256Hex(data), "hex");
}

/** The chain before the first entry: 16 zero bytes. */
export const CHAIN_START: Uint8Array = new Uint8Array(16);

/** What the next link is the hash of; used again, since there is one for each record. */
const linked: Buffer = Buffer.allocUnsafeSlow(64);

/**
 * The next link of the log's hash chain:
 * the first 16 bytes of SHA-256(previous ‖ id (16 bytes) ‖ hash (32 bytes)).
 */
export function nextChain(previous: Uint8Array, id: Uint8Array, recordHash: Uint8Array): Buffer {
  linked.set(previous, 0);
  linked.set(id, 16);
  linked.set(recordHash, 32);
  return Buffer.from(sha256Hex(linked).slice(0, 32), "hex");
}
