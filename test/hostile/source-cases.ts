// What a hostile target sends to a source: positions nobody has, acknowledgments of what was never
// sent, and messages that only a source may send.
import type { ErrorCode } from "../../src/base/error-codes.ts";
import { LADDER_RUNGS_MAX } from "../../src/base/limits.ts";
import { type Attacker, CHAIN_0, eveEpoch, HELLO, WELCOME } from "./attacker.ts";
import type { SessionCase } from "./handshake-cases.ts";

const E = "PROTOCOL_ERROR";
const RESUME = { m: "resume", ladder: [], credit: 1_000_000 };
const rung = [eveEpoch, 1, CHAIN_0];

type Attack = (eve: Attacker) => Promise<void> | void;

/** Eve pulls: the victim has answered her HELLO. */
const asked = (name: string, attack: Attack, code: ErrorCode = E): SessionCase => ({
  name: `source: ${name}`,
  code,
  victim: "acceptor",
  attack: async (eve) => {
    eve.say({ ...HELLO, want: "pull", head: [0, CHAIN_0] });
    await eve.heard("welcome");
    await attack(eve);
  },
});

/** Eve pulls, and has got everything up to CAUGHT_UP. */
const served = (name: string, attack: Attack): SessionCase =>
  asked(name, async (eve) => {
    eve.say(RESUME);
    await eve.heard("caughtUp");
    await attack(eve);
  });

const say =
  (...messages: readonly object[]): Attack =>
  (eve) =>
    eve.say(...messages);

const resume = (name: string, fields: object): SessionCase =>
  asked(`RESUME ${name}`, say({ ...RESUME, ...fields }));

const ack = (name: string, fields: object): SessionCase =>
  served(`ACK ${name}`, say({ m: "ack", lsn: 0, chain: CHAIN_0, credit: 0, ...fields }));

const STORED = { changesets: 0, revisions: 0, objects: 0, purges: 0 };

/** The victim dials and pushes: Eve is at the address. */
const pushed = (name: string, attack: Attack): SessionCase => ({
  name: `dialed target: ${name}`,
  code: E,
  victim: "dialer",
  direction: "push",
  attack: async (eve) => {
    await eve.heard("hello");
    eve.say(WELCOME);
    await attack(eve);
  },
});

export const SOURCE_CASES: readonly SessionCase[] = [
  resume("with one rung too many", { ladder: Array(LADDER_RUNGS_MAX + 1).fill(rung) }),
  resume("with a rung of two", { ladder: [[eveEpoch, 1]] }),
  resume("with a rung below zero", { ladder: [[eveEpoch, -1, CHAIN_0]] }),
  resume("with a rung beyond 2^53", { ladder: [[eveEpoch, 2 ** 53, CHAIN_0]] }),
  resume("with a ladder that is none", { ladder: {} }),
  resume("with credit below zero", { credit: -1 }),
  resume("with credit without end", { credit: 1e300 }),
  resume("with credit as text", { credit: "all" }),
  resume("with an unknown field", { file: "/etc/passwd" }),
  resume("with a scope that is no hash", { scope: "everything" }),
  asked("RESUME twice", say(RESUME, RESUME)),
  asked("a second RESUME amid the answer", async (eve) => {
    eve.say(RESUME);
    await eve.heard("start");
    eve.say(RESUME);
  }),
  asked("ACK before RESUME", say({ m: "ack", lsn: 0, chain: CHAIN_0, credit: 0 })),
  asked("START", say({ m: "start", from: 0, to: 1 })),
  asked("CAUGHT_UP", say({ m: "caughtUp", lsn: 0, chain: CHAIN_0 })),
  asked("POLICY", say({ m: "policy", revisions: [] })),
  asked("PURGES", say({ m: "purges", records: [] })),
  asked("HELLO", say(HELLO)),
  asked("a BATCH", (eve) => eve.batch({}, Buffer.from("{}\n"))),
  asked("noise", (eve) => eve.raw("noise")),
  ack("of what was never sent", { lsn: 9_999 }),
  ack("below zero", { lsn: -1 }),
  ack("with credit below zero", { credit: -1_000_000 }),
  ack("that ends before the end", { stored: STORED }),
  ack("that stored fewer than nothing", { lsn: 30, stored: { ...STORED, revisions: -1 } }),
  ack("with 201 refusals", { refused: Array(201).fill({ id: null, code: "X" }) }),
  ack("with a refusal of 10 kB", { refused: [{ id: null, code: "X".repeat(10_000) }] }),
  ack("with an unknown field", { please: "forget" }),
  served("BATCH from a target", (eve) => eve.batch({ after: 30, to: 31 }, Buffer.from("{}\n"))),
  pushed("START", say({ m: "start", from: 0, to: 5 })),
  pushed("a BATCH", (eve) => eve.batch({}, Buffer.from("{}\n"))),
  pushed("ACK before RESUME", say({ m: "ack", lsn: 0, chain: CHAIN_0, credit: 5 })),
  pushed("RESUME twice", say(RESUME, RESUME)),
  pushed("CAUGHT_UP", say({ m: "caughtUp", lsn: 0, chain: CHAIN_0 })),
];
