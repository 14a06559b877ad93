// Proves that control messages survive the trip, that no bit of them can change unnoticed, that
// strangers' frames are refused with the right code, and that HELLO, WELCOME and ACK are as small as
// they are meant to be.
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { InstanceId } from "../../src/base/ids.ts";
import { CONTROL_BYTES_MAX } from "../../src/base/limits.ts";
import { ACK_REFUSED_MAX } from "../../src/protocol/ack.ts";
import { type ControlMessage, decodeControl, encodeControl } from "../../src/protocol/control.ts";
import { commonVersion } from "../../src/protocol/version.ts";

const id = "0190d5a4-7c1e-7aaa-8bbb-1234567890ab" as InstanceId;
const chain = "0123456789abcdef0123456789abcdef";
const epoch = id;
const rung = [epoch, 1_234_567, chain] as const;

const messages: readonly ControlMessage[] = [
  {
    m: "hello",
    v: [1, 1],
    id,
    epoch,
    schema: 1,
    algo: 1,
    head: [1_234_567, chain],
    want: "pull",
    rung,
  },
  { m: "welcome", v: 1, id, epoch, schema: 1, algo: 1, head: [1_234_567, chain], upToDate: true },
  { m: "resume", ladder: [rung, [epoch, 12, chain]], more: true, credit: 4_194_304 },
  { m: "start", from: 12, to: 99 },
  { m: "start", to: 99 },
  { m: "policy", revisions: [] },
  { m: "purges", records: [] },
  { m: "ack", lsn: 3, chain, credit: 5, refused: [{ id: null, code: "INVALID_RECORD" }] },
  {
    m: "ack",
    lsn: 3,
    chain,
    credit: 0,
    stored: { changesets: 1, revisions: 2, objects: 3, purges: 0 },
  },
  { m: "caughtUp", lsn: 3, chain },
  { m: "ping" },
  { m: "pong" },
  { m: "evict", objects: [] },
  { m: "error", code: "DISK_FULL", message: "no space", retriable: true, hint: "make some" },
  { m: "bye" },
];

/** A text that ends with its checksum, whatever it says. */
function summed(text: string): string {
  const sum = crc32(text).toString(16).padStart(8, "0");
  return `${text.slice(0, -1)},"sum":"${sum}"}`;
}

test.each(messages)("$m comes back as it was", (message) => {
  expect(decodeControl(encodeControl(message))).toEqual(message);
});

test("the messages of a sync without changes are small", () => {
  const [hello, welcome] = messages as [ControlMessage, ControlMessage];
  expect(encodeControl(hello).length).toBeLessThanOrEqual(347);
  expect(encodeControl(welcome).length).toBeLessThanOrEqual(247);
});

test("a message ends with the sum of its text, and with any bit flipped is none", () => {
  const message: ControlMessage = { m: "error", code: "DISK_FULL", message: "no space – é" };
  const frame = encodeControl(message);
  expect(frame).toBe(summed(JSON.stringify(message)));
  const codes = new Set<string>();
  for (let bit = 0; bit < Buffer.byteLength(frame) * 8; bit++) {
    const bytes = Buffer.from(frame);
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    try {
      decodeControl(bytes.toString());
      codes.add("none");
    } catch (error) {
      codes.add((error as { code: string }).code);
    }
  }
  // What does not end like a message is none of ours.
  expect([...codes].sort()).toEqual(["FRAME_DAMAGED", "PROTOCOL_ERROR"]);
});

test("the largest ACK fits into a control frame", () => {
  const refused = Array.from({ length: ACK_REFUSED_MAX }, () => ({
    id: "x".repeat(64),
    code: "y".repeat(64),
  }));
  const text = encodeControl({ m: "ack", lsn: 1, chain, credit: 1, refused, refusedMore: 800 });
  expect(text.length).toBeLessThan(CONTROL_BYTES_MAX);
  expect(decodeControl(text)).toMatchObject({ refusedMore: 800 });
});

describe("refuses", () => {
  const change = (changes: object): string => JSON.stringify({ ...messages[0], ...changes });
  test.each<[string, string, string]>([
    ["PROTOCOL_ERROR", "no JSON", "{GET / HTTP/1.1}"],
    ["PROTOCOL_ERROR", "no kind", "{}"],
    ["PROTOCOL_ERROR", "an unknown kind", '{"m":"batch"}'],
    ["PROTOCOL_ERROR", "a kind from the prototype", '{"m":"toString"}'],
    ["PROTOCOL_ERROR", "a key twice", '{"m":"ping","m":"ping"}'],
    ["PROTOCOL_ERROR", "a prototype", '{"m":"ping","__proto__":{}}'],
    ["PROTOCOL_ERROR", "an unknown field", '{"m":"ping","more":1}'],
    ["PROTOCOL_ERROR", "an id that is none", change({ id: "x" })],
    ["PROTOCOL_ERROR", "a position beyond the safe integers", change({ head: [2 ** 53, chain] })],
    ["PROTOCOL_ERROR", "a HELLO of this version that does not fit", change({ want: "take" })],
    ["PROTOCOL_VERSION", "a HELLO of another form and version", '{"m":"hello","v":[7,9],"x":1}'],
    ["FRAME_TOO_LARGE", "a large frame", `{"m":"ping"${" ".repeat(CONTROL_BYTES_MAX)}}`],
  ])("with %s %s", (code, _name, text) => {
    expect(() => decodeControl(summed(text))).toThrow(expect.objectContaining({ code }));
  });

  test.each(["", "GET / HTTP/1.1", "[1]", '{"m":"ping"}'])("what has no sum: %s", (text) => {
    const error = expect.objectContaining({ code: "PROTOCOL_ERROR" });
    expect(() => decodeControl(text)).toThrow(error);
  });
});

test("a HELLO and an ERROR may say more than this version knows", () => {
  expect(decodeControl(summed(JSON.stringify({ ...messages[0], later: true })))).toEqual(
    messages[0],
  );
  const error = { m: "error", code: "NEW_CODE", message: "x", later: true };
  expect(decodeControl(summed(JSON.stringify(error)))).toMatchObject({ code: "NEW_CODE" });
});

test.each([
  [[1, 1], [1, 1], 1],
  [[1, 3], [2, 5], 3],
  [[1, 1], [2, 2], undefined],
  [[3, 1], [1, 3], undefined],
] as const)("of %j and %j the common version is %s", (a, b, expected) => {
  expect(commonVersion(a, b)).toBe(expected);
});
