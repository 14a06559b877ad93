// Proves that both codecs give back what they got, and that compressed frames of an attacker cost
// no more than they state.
import { constants, createZstdCompress, zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { Codec } from "../../src/sync/codec.ts";
import { plainCodec } from "../../src/sync/memory/plain-codec.ts";
import { zstdCodec } from "../../src/sync/zstd-codec.ts";
import { seededRandom } from "./world.ts";

const open: Codec[] = [];
afterEach(() => {
  for (const codec of open.splice(0)) codec.close();
});

function opened(make: () => Codec): Codec {
  const codec = make();
  open.push(codec);
  return codec;
}

const noise = seededRandom("noise");
const frames: readonly Uint8Array[] = [
  Buffer.from("a"),
  Buffer.from("hello hello hello hello\n".repeat(5000)),
  noise.bytes(300_000),
  Buffer.alloc(4 * 1024 * 1024),
  Buffer.from("hello hello\n"),
];

describe.each([
  ["zstd", zstdCodec],
  ["plain", plainCodec],
])("the %s codec", (_name, make) => {
  test("gives back every frame of a stream, asked for one by one or all at once", async () => {
    const [source, target] = [opened(make), opened(make)];
    const packed = await Promise.all(frames.map((frame) => source.compress(frame)));
    const unpacked = await Promise.all(
      packed.map((pieces, index) =>
        target.decompress(Buffer.concat(pieces), (frames[index] as Uint8Array).length),
      ),
    );
    expect(
      unpacked.every((bytes, index) => Buffer.from(frames[index] as Uint8Array).equals(bytes)),
    ).toBe(true);
    for (const frame of frames) {
      const pieces = await source.compress(frame);
      const bytes = await target.decompress(Buffer.concat(pieces), frame.length);
      expect(Buffer.from(frame).equals(bytes)).toBe(true);
    }
  });

  test.each([-1, 1])(
    "refuses a frame that states %i bytes more than it holds",
    async (difference) => {
      const [source, target] = [opened(make), opened(make)];
      const frame = frames[1] as Uint8Array;
      const packed = Buffer.concat(await source.compress(frame));
      const unpacking = target.decompress(packed, frame.length + difference);
      await expect(unpacking).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
    },
  );
});

describe("the zstd codec", () => {
  test("makes the second of two equal frames tiny: it is one stream", async () => {
    const codec = opened(zstdCodec);
    const frame = noise.bytes(50_000);
    const first = Buffer.concat(await codec.compress(frame));
    const second = Buffer.concat(await codec.compress(frame));
    expect(first.length).toBeGreaterThan(50_000);
    expect(second.length).toBeLessThan(100);
  });

  test("stops unpacking a bomb when it holds more than stated", async () => {
    const codec = opened(zstdCodec);
    const bomb = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    await expect(codec.decompress(bomb, 1000)).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    await expect(codec.decompress(bomb, 1000)).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
  });

  test("refuses a stream that wants a larger window than agreed", async () => {
    const codec = opened(zstdCodec);
    const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 };
    const stream = createZstdCompress({ params });
    const pieces: Buffer[] = [];
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    const flushed = new Promise<void>((resolve) => stream.flush(constants.ZSTD_e_flush, resolve));
    stream.write(noise.bytes(1000));
    await flushed;
    await new Promise<void>((resolve) => stream.flush(constants.ZSTD_e_flush, resolve));
    const unpacking = codec.decompress(Buffer.concat(pieces), 1000);
    await expect(unpacking).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
  });

  test.each([
    ["noise", noise.bytes(5000)],
    ["text", Buffer.from("not compressed at all")],
    ["nothing", Buffer.alloc(0)],
  ])("refuses %s", async (_name, bytes) => {
    const unpacking = opened(zstdCodec).decompress(bytes, 10);
    await expect(unpacking).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
  });

  test("fails what is under way when it is closed, and what comes later", async () => {
    const codec = opened(zstdCodec);
    const working = codec.compress(noise.bytes(4_000_000));
    const waiting = codec.compress(noise.bytes(10));
    codec.close();
    await expect(working).rejects.toMatchObject({ code: "CLOSED" });
    await expect(waiting).rejects.toMatchObject({ code: "CLOSED" });
    await expect(codec.compress(noise.bytes(10))).rejects.toMatchObject({ code: "CLOSED" });
    await expect(codec.decompress(noise.bytes(10), 10)).rejects.toMatchObject({ code: "CLOSED" });
    codec.close();
  });
});
