// Proves that a frame's memory is freed at both ends once nobody needs it, and that what is freed is
// never shared with another frame.
import { expect, test } from "vitest";
import { freeMemory, isOwnMemory, ownMemory } from "../../src/base/own-memory.ts";
import { zstdCodec } from "../../src/sync/zstd-codec.ts";
import { wsPair } from "./ws-pair.ts";

/** Frames of many sizes: several in one piece of the socket's, one in several pieces. */
const SIZES = [1, 100, 4096, 5000, 9, 65_521, 65_536, 70_000, 200_000, 3, 16_384, 1_000_000, 64];

test("what is received can be freed frame by frame, and what was sent is freed", async () => {
  const { dialer, acceptor, dispose } = await wsPair();
  const sent = SIZES.map((size, at) => ownMemory(size).fill(at + 1));
  const received: Uint8Array[] = [];
  const all = Promise.withResolvers<void>();
  acceptor.listen({ frame: () => undefined, closed: () => undefined });
  dialer.listen({
    frame(data) {
      received.push(data as Uint8Array);
      if (received.length === SIZES.length) all.resolve();
    },
    closed: () => undefined,
  });
  for (const frame of sent) acceptor.send(frame);
  await all.promise;
  expect(received.some(isOwnMemory)).toBe(true);
  for (const [at, size] of SIZES.entries()) {
    const frame = received[at] as Uint8Array;
    expect([frame.length, ...new Set(frame)]).toEqual([size, at + 1]);
    freeMemory(frame);
  }
  await acceptor.drained(0);
  expect(sent.map(({ length }) => length)).toEqual(SIZES.map(() => 0));
  await dispose();
});

test("a frame is freed when it is unpacked", async () => {
  const [out, back] = [zstdCodec(), zstdCodec()];
  for (const letter of ["a", "b"]) {
    const records = Buffer.from(letter.repeat(100_000));
    const packed = Buffer.concat(await out.compress(records));
    const frame = ownMemory(packed.length);
    frame.set(packed);
    const unpacked = await back.decompress(frame, records.length);
    expect(Buffer.compare(unpacked, records)).toBe(0);
    expect(frame.length).toBe(0);
  }
  out.close();
  back.close();
});
