// What a hostile source sends to a target: messages out of order, broken batches, lies about
// sizes, bombs, endless data.
import { zstdCompressSync } from "node:zlib";
import type { ErrorCode } from "../../src/base/error-codes.ts";
import {
  BATCH_FRAGMENT_BYTES_MAX,
  BATCH_STAGED_BYTES_MAX,
  CREDIT_BYTES,
  PURGES_AHEAD_MAX,
} from "../../src/base/limits.ts";
import { type BatchHeader, encodeBatch } from "../../src/protocol/batch.ts";
import { frameSum } from "../../src/protocol/frame-sum.ts";
import { type Attacker, CHAIN_0, eveEpoch, HELLO, WELCOME } from "./attacker.ts";
import { CHANGE, CHANGESET, PURGE, recordBytes } from "./case.ts";
import type { SessionCase } from "./handshake-cases.ts";

const E = "PROTOCOL_ERROR";

/** Eve pushes: the victim, which was dialed, has asked to RESUME. */
async function greet(eve: Attacker): Promise<void> {
  eve.say(HELLO);
  await eve.heard("resume");
}

async function start(eve: Attacker): Promise<void> {
  await greet(eve);
  eve.say({ m: "start", from: 0, to: 50 });
}

type Attack = (eve: Attacker) => Promise<void> | void;

/** An attack after RESUME. */
const resumed = (name: string, code: ErrorCode, attack: Attack): SessionCase => ({
  name: `target: ${name}`,
  code,
  victim: "acceptor",
  attack: async (eve) => {
    await greet(eve);
    await attack(eve);
  },
});

/** An attack after START. */
const started = (name: string, code: ErrorCode, attack: Attack): SessionCase => ({
  name: `target: ${name}`,
  code,
  victim: "acceptor",
  attack: async (eve) => {
    await start(eve);
    await attack(eve);
  },
});

const say =
  (...messages: readonly object[]): Attack =>
  (eve) =>
    eve.say(...messages);

const START = { m: "start", from: 0, to: 50 };

const STARTS: readonly SessionCase[] = [
  resumed("START from a position nobody offered", E, say({ ...START, from: 7 })),
  resumed("START from beyond its own end", E, say({ ...START, from: 99, to: 50 })),
  resumed("START below zero", E, say({ ...START, from: -1 })),
  resumed("START with an unknown field", E, say({ ...START, format: "disk" })),
  resumed("START twice", E, say(START, START)),
  resumed("START that asks for more rungs for ever", E, async (eve) => {
    for (let round = 0; round < 50; round++) {
      eve.say({ m: "start", to: 50 });
      if ((await eve.heard("resume")) === undefined) return;
    }
  }),
  resumed("POLICY before START", E, say({ m: "policy", revisions: [] })),
  resumed("PURGES before START", E, say({ m: "purges", records: [] })),
  resumed("CAUGHT_UP before START", E, say({ m: "caughtUp", lsn: 0, chain: CHAIN_0 })),
  resumed("BATCH before START", E, (eve) => eve.batch({}, Buffer.from("{}\n"))),
  resumed("HELLO again", E, say(HELLO)),
  resumed("WELCOME", E, say(WELCOME)),
];

const ACK = { m: "ack", lsn: 0, chain: CHAIN_0, credit: 0 };
const purge = recordBytes(PURGE).toString();

const MESSAGES: readonly SessionCase[] = [
  started("ACK of what it never sent", E, say(ACK)),
  started("RESUME to a target", E, say({ m: "resume", ladder: [], credit: 1 })),
  started("CAUGHT_UP with another chain", E, say({ m: "caughtUp", lsn: 0, chain: "f".repeat(32) })),
  started("CAUGHT_UP twice", E, say(...twice({ m: "caughtUp", lsn: 9, chain: CHAIN_0 }))),
  started("POLICY that is no record", "INVALID_POLICY", say({ m: "policy", revisions: ["{}"] })),
  started("POLICY of a revision", "INVALID_POLICY", say(policyOf(CHANGE))),
  started("POLICY with a line break", E, say({ m: "policy", revisions: ["{}\n{}"] })),
  started("POLICY of lists", E, say({ m: "policy", revisions: [[]] })),
  started("POLICY without end", "FRAME_TOO_LARGE", async (eve) => {
    const revisions = ["x".repeat(60_000)];
    for (let sent = 0; sent < 200; sent++) eve.say({ m: "policy", revisions, more: true });
  }),
  started("PURGES that are text", E, say({ m: "purges", records: "all" })),
  started("PURGES with a line break", E, say({ m: "purges", records: [`${purge}\n${purge}`] })),
  started("PURGES without end", E, (eve) => {
    const records = Array.from({ length: 1000 }, () => "{}");
    for (let sent = 0; sent <= PURGES_AHEAD_MAX; sent += 1000) eve.say({ m: "purges", records });
  }),
  started("65 PINGs at once", E, say(...Array.from({ length: 65 }, () => ({ m: "ping" })))),
  started("an unknown message", E, say({ m: "drop", table: "rev" })),
  started("a broken text frame", E, (eve) => eve.raw("BATCH")),
];

function twice(message: object): object[] {
  return [message, message];
}

function policyOf(record: object): object {
  return { m: "policy", revisions: [recordBytes(record as never).toString()] };
}

const line = Buffer.from("{}\n");

/** A BATCH whose header has other fields, with a body that is fine. */
const header = (name: string, fields: object, code: ErrorCode = E): SessionCase =>
  started(`BATCH ${name}`, code, (eve) => eve.batch(fields as Partial<BatchHeader>, line));

const HEADERS: readonly SessionCase[] = [
  header("that begins later", { after: 5, to: 6 }),
  header("that begins later, with a chain", { after: 5, to: 6, afterChain: CHAIN_0 }),
  header("that ends before it begins", { after: 1, to: 0 }),
  header("of nothing", { after: 0, to: 0 }),
  header("beyond 2^53", { to: 2 ** 53 }),
  header("with a fraction", { to: 1.5 }),
  header("with a chain in capitals", { chain: "AB".repeat(16) }),
  header("with a short chain", { chain: "ab" }),
  header("without a chain", { chain: undefined }),
  header("with fewer than no revisions", { revisions: -1 }),
  header("with an unknown field", { path: "/etc/passwd" }),
  header("of zero bytes", { rawBytes: 0 }),
  header("of more bytes than a frame may have", { rawBytes: BATCH_FRAGMENT_BYTES_MAX + 1 }),
  header("that unpacks to less than it says", { rawBytes: 100 }),
  header("that unpacks to more than it says", { rawBytes: 1 }),
  header("whose records are another stretch of the log", {}),
  header("whose records are fewer than its positions", { to: 40 }),
];

/** A frame with some bytes of its prefix replaced and its checksum right again. */
function patched(changes: Readonly<Record<number, number>>): Uint8Array {
  const frame = Buffer.from(frameOf([zstdCompressSync(line)]));
  for (const [at, value] of Object.entries(changes)) frame[Number(at)] = value;
  frame.writeUInt32LE(frameSum(frame.subarray(0, 6), frame.subarray(10)), 6);
  return frame;
}

function frameOf(body: readonly Uint8Array[], rawBytes = line.length): Uint8Array {
  const fields = { after: 0, to: 1, chain: CHAIN_0, revisions: 1, changesets: 1, rawBytes };
  return encodeBatch(fields, false, body);
}

function damaged(): Uint8Array {
  const frame = Buffer.from(frameOf([zstdCompressSync(line)]));
  frame[40] = (frame[40] as number) ^ 1;
  return frame;
}

const frame = (name: string, bytes: () => Uint8Array, code: ErrorCode = E): SessionCase =>
  started(`BATCH frame ${name}`, code, (eve) => eve.raw(bytes()));

/** Compressed bytes that would unpack to 4 GB. */
function bomb(): Uint8Array {
  const piece = zstdCompressSync(Buffer.alloc(16 * 1024 * 1024));
  return Buffer.concat(Array.from({ length: 256 }, () => piece));
}

const BODIES: readonly SessionCase[] = [
  frame("of nothing", () => Buffer.alloc(0)),
  frame("of nine bytes", () => Buffer.alloc(9)),
  frame("with a flipped bit", damaged, "FRAME_DAMAGED"),
  frame("of an unknown layout", () => patched({ 0: 2 })),
  frame("with unknown flags", () => patched({ 1: 0x82 })),
  frame("with a header of 4 GB", () => patched({ 2: 255, 3: 255, 4: 255, 5: 255 })),
  frame("with a header of 2 kB", () => patched({ 3: 8 })),
  frame("whose header is cut", () => patched({ 2: 20 })),
  frame("whose header is empty", () => patched({ 2: 0, 3: 0 })),
  frame("without a body", () => frameOf([])),
  frame("of random bytes", () => frameOf([Buffer.from("not compressed at all")])),
  frame("that is gzip", () => frameOf([Buffer.from("1f8b0800000000000003", "hex")])),
  frame("that is cut", () => frameOf([zstdCompressSync(Buffer.alloc(9999)).subarray(0, 12)])),
  frame("that wants a dictionary", () => frameOf([Buffer.from("28b52ffd2307000000", "hex")])),
  frame("with a window of 2 GB", () => frameOf([Buffer.from("28b52ffd00a8", "hex")], 9)),
  frame("that is a bomb", () => frameOf([bomb()], BATCH_FRAGMENT_BYTES_MAX)),
  frame("that is a bomb and says one byte", () => frameOf([bomb()], 1)),
];

const big = Buffer.alloc(1024 * 1024, "a");
const HUGE = { to: 50, rawBytes: big.length };

const ENDLESS: readonly SessionCase[] = [
  started("more than the credit", E, async (eve) => {
    const whole = Buffer.alloc(CREDIT_BYTES, "a");
    for (let to = 1; to <= 3; to++) await eve.batch({ after: to - 1, to }, whole);
  }),
  started("fragments without end", "FRAME_TOO_LARGE", async (eve) => {
    for (let sent = 0; sent <= BATCH_STAGED_BYTES_MAX; sent += big.length) {
      await eve.batch(HUGE, big, true);
      if ((await eve.heard("ack")) === undefined) return;
    }
  }),
  started("a fragment of another batch", E, async (eve) => {
    await eve.batch({ to: 50 }, line, true);
    await eve.batch({ to: 51 }, line);
  }),
  started("CAUGHT_UP amid a batch", E, async (eve) => {
    await eve.batch({ to: 50 }, line, true);
    eve.say({ m: "caughtUp", lsn: 50, chain: CHAIN_0 });
  }),
  started("one line of 4 MB that never ends", E, (eve) =>
    eve.batch({ rawBytes: BATCH_FRAGMENT_BYTES_MAX }, Buffer.alloc(BATCH_FRAGMENT_BYTES_MAX, "[")),
  ),
  started("4,000,000 empty lines", E, (eve) => eve.batch({}, Buffer.alloc(4_000_000, "\n"))),
  started("1,000,000 lines", "INPUT_TOO_LARGE", (eve) =>
    eve.batch({}, Buffer.from("{}\n".repeat(1_000_000))),
  ),
  started("a changeset and nothing else", E, (eve) =>
    eve.batch({}, Buffer.concat([recordBytes(CHANGESET), line])),
  ),
];

/** The victim dials and pulls: Eve is at the address. */
const pulled = (name: string, code: ErrorCode, attack: Attack): SessionCase => ({
  name: `dialed address: ${name}`,
  code,
  victim: "dialer",
  direction: "pull",
  attack: async (eve) => {
    await eve.heard("hello");
    await attack(eve);
  },
});

const welcome = (name: string, fields: object, code: ErrorCode = "NOT_A_PEER"): SessionCase =>
  pulled(`WELCOME ${name}`, code, say({ ...WELCOME, ...fields }));

const ANSWERS: readonly SessionCase[] = [
  pulled("a web page", "NOT_A_PEER", (eve) => eve.raw("<!doctype html>")),
  pulled("binary noise", "NOT_A_PEER", (eve) => eve.raw(Buffer.alloc(64, 7))),
  pulled("HELLO back", "NOT_A_PEER", say(HELLO)),
  pulled("RESUME before WELCOME", "NOT_A_PEER", say({ m: "resume", ladder: [], credit: 1 })),
  pulled("WELCOME twice", E, say(WELCOME, WELCOME)),
  pulled(
    "an endless error",
    "NOT_A_PEER",
    say({ m: "error", code: "X", message: "x".repeat(9e3) }),
  ),
  welcome("of version 2", { v: 2 }, "PROTOCOL_VERSION"),
  welcome("of version 0", { v: 0 }, "PROTOCOL_VERSION"),
  welcome("without an id", { id: undefined }),
  welcome("of an epoch that is none", { epoch: "now" }),
  welcome("of a head below zero", { head: [-5, CHAIN_0] }),
  welcome("of a head as text", { head: "0" }),
  welcome("with a name of 10 kB", { name: "n".repeat(10_000) }),
  welcome("that is up to date: false", { upToDate: false }),
  welcome("with an own number of 2^60", { maxSeqKnownOfYou: 2 ** 60 }),
  welcome("with a rung of another form", { rung: [eveEpoch] }),
];

export const TARGET_CASES: readonly SessionCase[] = [
  ...STARTS,
  ...MESSAGES,
  ...HEADERS,
  ...BODIES,
  ...ENDLESS,
  ...ANSWERS,
];
