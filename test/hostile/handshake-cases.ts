// What a stranger sends before anything is agreed: broken frames, wrong greetings.
import { crc32 } from "node:zlib";
import type { ErrorCode } from "../../src/base/error-codes.ts";
import { CONTROL_BYTES_MAX } from "../../src/base/limits.ts";
import { encodeBatch } from "../../src/protocol/batch.ts";
import { encodeControl } from "../../src/protocol/control.ts";
import { type Attacker, CHAIN_0, HELLO } from "./attacker.ts";

/** An attack on one session, and the code with which the victim has to end it. */
export interface SessionCase {
  readonly name: string;
  readonly code: ErrorCode;
  /** Which side the victim is: one that was dialed, or that dialed a hostile address. */
  readonly victim: "acceptor" | "dialer";
  /** What the victim asks for when it dials. */
  readonly direction?: "pull" | "push" | "both";
  readonly attack: (eve: Attacker) => Promise<void> | void;
}

/** A text that ends with its right checksum. */
export function summed(text: string): string {
  const sum = crc32(text).toString(16).padStart(8, "0");
  return `${text.slice(0, -1)},"sum":"${sum}"}`;
}

const raw = (name: string, code: ErrorCode, ...frames: (string | Uint8Array)[]): SessionCase => ({
  name: `frame: ${name}`,
  code,
  victim: "acceptor",
  attack: (eve) => eve.raw(...frames),
});

const good = encodeControl(HELLO as never);
const nested = (depth: number): string => `{"m":${"[".repeat(depth)}${"]".repeat(depth)}}`;

const FRAMES: readonly SessionCase[] = [
  raw("empty text", "PROTOCOL_ERROR", ""),
  raw("no JSON", "PROTOCOL_ERROR", "GET / HTTP/1.1"),
  raw("JSON without a checksum", "PROTOCOL_ERROR", JSON.stringify(HELLO)),
  raw("checksum in capitals", "PROTOCOL_ERROR", good.replace(/[0-9a-f]{8}"\}$/, 'ABCDEF01"}')),
  raw("checksum of something else", "FRAME_DAMAGED", good.replace('"eve"', '"ewe"')),
  raw("something behind the checksum", "PROTOCOL_ERROR", `${good} `),
  raw("only a checksum", "PROTOCOL_ERROR", summed("}")),
  raw("an empty object", "PROTOCOL_ERROR", summed("{}")),
  raw("a list", "FRAME_DAMAGED", summed("[1]")),
  raw("cut JSON", "PROTOCOL_ERROR", summed('{"m":"hello","v":[1}')),
  raw("a kind twice", "PROTOCOL_ERROR", summed('{"m":"bye","m":"hello"}')),
  raw("no kind", "PROTOCOL_ERROR", summed('{"v":[1,1]}')),
  raw("a number as kind", "PROTOCOL_ERROR", summed('{"m":1}')),
  raw("an unknown kind", "PROTOCOL_ERROR", summed('{"m":"shutdown"}')),
  raw("the kind __proto__", "PROTOCOL_ERROR", summed('{"m":"__proto__"}')),
  raw("the kind constructor", "PROTOCOL_ERROR", summed('{"m":"constructor"}')),
  raw("the key __proto__", "PROTOCOL_ERROR", summed('{"m":"hello","__proto__":{"id":"x"}}')),
  raw("nested 65 deep", "PROTOCOL_ERROR", summed(nested(65))),
  raw("nested 30,000 deep", "PROTOCOL_ERROR", summed(nested(30_000))),
  raw("half a surrogate pair", "PROTOCOL_ERROR", summed('{"m":"\\ud800"}')),
  raw("over the limit", "FRAME_TOO_LARGE", summed(`{"m":"${"x".repeat(CONTROL_BYTES_MAX)}"}`)),
  raw("8 MB of text", "FRAME_TOO_LARGE", "x".repeat(8_000_000)),
  raw("over the limit in UTF-8 only", "FRAME_TOO_LARGE", summed(`{"m":"${"é".repeat(40_000)}"}`)),
  raw("an empty binary frame", "PROTOCOL_ERROR", Buffer.alloc(0)),
  raw("a binary frame of zeros", "PROTOCOL_ERROR", Buffer.alloc(4096)),
  raw(
    "a BATCH before HELLO",
    "PROTOCOL_ERROR",
    encodeBatch(
      { after: 0, to: 1, chain: CHAIN_0, revisions: 1, changesets: 1, rawBytes: 1 },
      false,
      [Buffer.from("x")],
    ),
  ),
];

/** Messages that are right in themselves, and have no place before HELLO. */
const EARLY: readonly object[] = [
  { m: "welcome", v: 1, id: (HELLO as { id: string }).id, epoch: CHAIN_0, schema: 1, algo: 1 },
  { m: "resume", ladder: [], credit: 1 },
  { m: "start", from: 0, to: 1 },
  { m: "policy", revisions: [] },
  { m: "purges", records: [] },
  { m: "ack", lsn: 0, chain: CHAIN_0, credit: 0 },
  { m: "caughtUp", lsn: 0, chain: CHAIN_0 },
  { m: "evict", objects: [] },
  { m: "ping" },
  { m: "pong" },
  { m: "bye" },
];

const early: readonly SessionCase[] = EARLY.map((message) => ({
  name: `before HELLO: ${(message as { m: string }).m}`,
  code: "PROTOCOL_ERROR",
  victim: "acceptor",
  attack: (eve) => eve.say(message),
}));

const hello = (name: string, code: ErrorCode, fields: object): SessionCase => ({
  name: `HELLO: ${name}`,
  code,
  victim: "acceptor",
  attack: (eve) => eve.say({ ...HELLO, ...fields }),
});

const E = "PROTOCOL_ERROR";
const head = (...values: unknown[]): object => ({ head: values });

const HELLOS: readonly SessionCase[] = [
  hello("versions of the future", "PROTOCOL_VERSION", { v: [2, 9] }),
  hello("versions of the past", "PROTOCOL_VERSION", { v: [0, 0] }),
  hello("versions the wrong way round", "PROTOCOL_VERSION", { v: [2, 0] }),
  hello("a version with a fraction", E, { v: [1, 1.5] }),
  hello("a version below zero", E, { v: [-1, 1] }),
  hello("a version as text", E, { v: ["1", "1"] }),
  hello("three versions", E, { v: [1, 1, 1] }),
  hello("no versions", E, { v: undefined }),
  hello("an id in capitals", E, { id: uuidInCapitals() }),
  hello("an id with a line break", E, { id: `${(HELLO as { id: string }).id}\n` }),
  hello("no id", E, { id: undefined }),
  hello("an epoch that is none", E, { epoch: "../../etc/passwd" }),
  hello("an empty name", E, { name: "" }),
  hello("a name of 65 characters", E, { name: "n".repeat(65) }),
  hello("a list as name", E, { name: ["eve"] }),
  hello("a schema below zero", E, { schema: -1 }),
  hello("a schema beyond 2^53", E, { schema: 2 ** 53 }),
  hello("an algorithm as text", E, { algo: "1" }),
  hello("a policy that is no hash", E, { policy: "x" }),
  hello("a head below zero", E, head(-1, CHAIN_0)),
  hello("a head beyond 2^53", E, head(2 ** 53, CHAIN_0)),
  hello("a head with half a chain", E, head(1, "ab")),
  hello("a head without a chain", E, head(1)),
  hello("a wish for everything", E, { want: "everything" }),
  hello("a wish that is a list", E, { want: ["push"] }),
  hello("a scope that is no hash", E, { scope: "../x" }),
  hello("a rung of two", E, { rung: [CHAIN_0, 1] }),
  hello("a rung of no epoch", E, { rung: ["x", 1, CHAIN_0] }),
  {
    name: "HELLO: twice",
    code: E,
    victim: "acceptor",
    attack: (eve) => eve.say(HELLO, HELLO),
  },
  {
    name: "HELLO: and a flood before it is answered",
    code: E,
    victim: "acceptor",
    attack: (eve) => eve.say(HELLO, ...Array.from({ length: 5000 }, () => ({ m: "ping" }))),
  },
];

function uuidInCapitals(): string {
  return (HELLO as { id: string }).id.toUpperCase();
}

export const HANDSHAKE_CASES: readonly SessionCase[] = [...FRAMES, ...early, ...HELLOS];
