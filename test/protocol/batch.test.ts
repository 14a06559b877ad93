// Proves that BATCH frames survive the trip, that no bit of them can change unnoticed, and that no
// hostile frame is read beyond its bounds or answered with anything but PROTOCOL_ERROR.
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BATCH_FRAGMENT_BYTES_MAX } from "../../src/base/limits.ts";
import { type BatchHeader, decodeBatch, encodeBatch } from "../../src/protocol/batch.ts";

const header: BatchHeader = {
  after: 5,
  to: 9,
  chain: "0123456789abcdef0123456789abcdef",
  revisions: 4,
  changesets: 2,
  rawBytes: 100,
};
const body = Buffer.from("compressed");
const good = Buffer.from(encodeBatch(header, true, [body.subarray(0, 3), body.subarray(3)]));

const PREFIX_BYTES = 10;

/** A frame with the sum that belongs to it, so that it is refused for its own fault. */
function summed(frame: Buffer): Buffer {
  const sum = crc32(Buffer.concat([frame.subarray(0, 6), frame.subarray(PREFIX_BYTES)]));
  frame.writeUInt32LE(sum, 6);
  return frame;
}

/** A frame whose header is this text. */
function withHeader(text: string, records: Buffer = body): Buffer {
  const frame = Buffer.concat([Buffer.alloc(PREFIX_BYTES), Buffer.from(text), records]);
  frame[0] = 1;
  frame.writeUInt32LE(Buffer.byteLength(text), 2);
  return summed(frame);
}

function changed(change: (frame: Buffer) => void): Buffer {
  const frame = Buffer.from(good);
  change(frame);
  return summed(frame);
}

test("a frame comes back as it was", () => {
  expect(decodeBatch(good)).toEqual({ header, more: true, body });
  expect(decodeBatch(encodeBatch(header, false, [body])).more).toBe(false);
});

test("a frame inside a larger buffer is read within its bounds", () => {
  const inside = Buffer.concat([Buffer.from("before"), good, Buffer.from("after")]);
  const view = new Uint8Array(inside.buffer, inside.byteOffset + 6, good.length);
  expect(decodeBatch(view)).toEqual({ header, more: true, body });
});

test("a frame with any bit flipped is damaged", () => {
  for (let bit = 0; bit < good.length * 8; bit++) {
    const frame = Buffer.from(good);
    frame[bit >> 3] = (frame[bit >> 3] as number) ^ (1 << (bit & 7));
    const error = expect.objectContaining({ code: "FRAME_DAMAGED", retriable: true });
    expect(() => decodeBatch(frame)).toThrow(error);
  }
});

describe("refuses", () => {
  const json = (changes: object): string => JSON.stringify({ ...header, ...changes });
  test.each<[string, Buffer]>([
    ["an empty frame", Buffer.alloc(0)],
    ["a frame of one byte", good.subarray(0, 1)],
    ["a prefix without its end", good.subarray(0, PREFIX_BYTES - 1)],
    ["a prefix alone", summed(Buffer.from(good.subarray(0, PREFIX_BYTES)))],
    ["a header without its end", summed(Buffer.from(good.subarray(0, 40)))],
    ["a frame without records", withHeader(json({}), Buffer.alloc(0))],
    ["another layout version", changed((frame) => frame.writeUInt8(2, 0))],
    ["layout version 0", changed((frame) => frame.writeUInt8(0, 0))],
    ["an unknown flag", changed((frame) => frame.writeUInt8(2, 1))],
    ["a header length of 0", changed((frame) => frame.writeUInt32LE(0, 2))],
    ["a header length that is too short", changed((frame) => frame.writeUInt32LE(20, 2))],
    ["a header length that takes in records", changed((frame) => frame.writeUInt32LE(130, 2))],
    ["a header length beyond the frame", changed((frame) => frame.writeUInt32LE(1000, 2))],
    ["a header length of 4 GiB", changed((frame) => frame.writeUInt32LE(0xffffffff, 2))],
    ["a header over the limit", withHeader(json({ chain: "0".repeat(5000) }))],
    ["a header that is no JSON", withHeader("{after:1}")],
    ["a header that is no object", withHeader("[1]")],
    ["a header with a key twice", withHeader(`{"after":1,${json({}).slice(1)}`)],
    ["a header with an unknown field", withHeader(json({ more: 1 }))],
    ["a header without a field", withHeader(json({ chain: undefined }))],
    ["a negative position", withHeader(json({ after: -1 }))],
    ["a position that is no integer", withHeader(json({ to: 9.5 }))],
    ["a batch that ends where it begins", withHeader(json({ to: 5 }))],
    ["a batch that goes backwards", withHeader(json({ to: 4 }))],
    ["a chain that is none", withHeader(json({ chain: "xyz" }))],
    ["an empty fragment", withHeader(json({ rawBytes: 0 }))],
    ["a fragment over the limit", withHeader(json({ rawBytes: BATCH_FRAGMENT_BYTES_MAX + 1 }))],
  ])("%s", (_name, frame) => {
    expect(() => decodeBatch(frame)).toThrow(expect.objectContaining({ code: "PROTOCOL_ERROR" }));
  });
});
