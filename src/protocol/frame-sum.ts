import { crc32 } from "node:zlib";
import { SynclineError } from "../base/errors.ts";

/**
 * CRC-32 over the parts of a frame. TCP lets about one damaged segment in 65,536 pass, and what
 * stands between two instances (a proxy, a tunnel, a network card) may change bytes as well: without
 * a sum, a damaged record would be refused as a bad one, and a damaged id be believed. It guards
 * against accidents only; against people, use wss.
 */
export function frameSum(...parts: readonly (string | Uint8Array)[]): number {
  return parts.reduce((sum, part) => crc32(part, sum), 0);
}

/** The error for a frame that is not what was sent. */
export function damagedFrame(what: string): SynclineError {
  return new SynclineError(
    "FRAME_DAMAGED",
    `${what} was changed on its way: its checksum differs`,
    {
      retriable: true,
      hint: "sync again: nothing of it was stored; if it goes on, look at the network in between",
    },
  );
}
