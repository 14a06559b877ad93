import { isDeepStrictEqual } from "node:util";
import { zstdCompressSync } from "node:zlib";
import { BATCH_FRAGMENT_BYTES_MAX } from "../../../src/base/limits.ts";
import { decodeBatch, encodeBatch } from "../../../src/protocol/batch.ts";
import { decodeControl, encodeControl } from "../../../src/protocol/control.ts";
import { frameSum } from "../../../src/protocol/frame-sum.ts";
import { zstdCodec } from "../../../src/sync/zstd-codec.ts";
import { CHAIN_0, eveEpoch, HELLO, WELCOME } from "../../hostile/attacker.ts";
import { summed } from "../../hostile/handshake-cases.ts";
import { demand, type FuzzTarget } from "../target.ts";

const rung = [eveEpoch, 7, CHAIN_0];
const MESSAGES: readonly object[] = [
  HELLO,
  WELCOME,
  { m: "resume", ladder: [rung, rung], more: true, credit: 4_000_000 },
  { m: "start", from: 3, to: 50, maxSeqKnownOfYou: 9 },
  { m: "policy", revisions: ['{"v":1}'], more: true },
  { m: "purges", records: ['{"v":1}'] },
  { m: "ack", lsn: 3, chain: CHAIN_0, credit: 5, refused: [{ id: null, code: "X" }] },
  { m: "caughtUp", lsn: 3, chain: CHAIN_0 },
  { m: "evict", objects: [eveEpoch] },
  { m: "error", code: "DISK_FULL", message: "no space", retriable: true, hint: "make some" },
  { m: "ping" },
];

/** Text frames whose checksum is right, whatever they say. */
export const control: FuzzTarget = {
  name: "control",
  seeds: MESSAGES.map((message) => Buffer.from(JSON.stringify(message))),
  feed(bytes) {
    const text = Buffer.from(bytes).toString();
    const message = decodeControl(summed(text));
    demand(
      isDeepStrictEqual(decodeControl(encodeControl(message)), message),
      "a message does not come back as it was",
    );
  },
};

const HEADER = { after: 0, to: 3, chain: CHAIN_0, revisions: 3, changesets: 1 };

function frameOf(raw: Uint8Array, more: boolean): Uint8Array {
  const body = zstdCompressSync(raw);
  return encodeBatch({ ...HEADER, rawBytes: raw.length }, more, [body]);
}

/** Binary frames whose checksum is right; what they hold is unpacked. */
export const batch: FuzzTarget = {
  name: "batch",
  seeds: [
    frameOf(Buffer.from('{"v":1}\n'), false),
    frameOf(Buffer.alloc(100_000, "ab"), true),
    frameOf(Buffer.from(JSON.stringify(MESSAGES)), false),
  ],
  async feed(bytes) {
    const frame = Buffer.from(bytes);
    if (frame.length >= 10) {
      frame.writeUInt32LE(frameSum(frame.subarray(0, 6), frame.subarray(10)), 6);
    }
    const { header, body } = decodeBatch(frame);
    const codec = zstdCodec();
    try {
      const raw = await codec.decompress(body, header.rawBytes);
      demand(raw.length === header.rawBytes, "another number of bytes than stated");
      demand(raw.length <= BATCH_FRAGMENT_BYTES_MAX, "more bytes than a frame may have");
    } finally {
      codec.close();
    }
  },
};
