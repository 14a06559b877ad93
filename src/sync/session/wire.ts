import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import type { LogHead } from "../../log/reader.ts";
import type { LogPoint } from "../../log/source-chain.ts";
import type { WireHead, WireRung } from "../../protocol/fields.ts";
import type { Rung } from "../../store/rows.ts";

/** Bytes as hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Where every log begins. */
export const BEGINNING: LogPoint = { lsn: 0, chain: hex(CHAIN_START) };

export function wireHead({ lsn, chain }: LogHead): WireHead {
  return [lsn, hex(chain)];
}

export function wireRung({ epoch, lsn, chain }: Rung): WireRung {
  return [epoch, lsn, chain];
}

/**
 * True when a target with this rung has everything. The chain decides alone: equal chains mean
 * equal logs up to there, whatever the epoch was.
 */
export function covers(rung: WireRung | undefined, head: WireHead): boolean {
  if (rung === undefined) return head[0] === 0;
  return rung[1] === head[0] && rung[2] === head[1];
}

/** The error for a message that does not fit where the session stands. */
export function unexpected(what: string): SynclineError {
  return new SynclineError("PROTOCOL_ERROR", `unexpected: ${what}`);
}
