// What a hostile peer says of scopes: documents that are none, EVICT where it does not belong or of
// what it is not, and histories that claim to have entered.
import type { ErrorCode } from "../../src/base/error-codes.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import { SCOPE_BYTES_MAX } from "../../src/base/limits.ts";
import { type Attacker, CHAIN_0, HELLO } from "./attacker.ts";
import { CHANGE, CHANGESET, recordBytes, uuid } from "./case.ts";
import type { SessionCase } from "./handshake-cases.ts";

const E = "PROTOCOL_ERROR";
const RESUME = { m: "resume", ladder: [], credit: 1_000_000 };
const EVICT = { m: "evict", objects: [uuid(1)] };
const HASH = "ab".repeat(16);

/** Eve pulls by a scope, whose document she hands over in RESUME. */
const asked = (name: string, document: string | undefined, code: ErrorCode): SessionCase => ({
  name: `scope: ${name}`,
  code,
  victim: "acceptor",
  attack: async (eve) => {
    eve.say({ ...HELLO, want: "pull", head: [0, CHAIN_0], scope: HASH });
    await eve.heard("welcome");
    eve.say({ ...RESUME, scope: HASH, ...(document === undefined ? {} : { document }) });
  },
});

/** A scope that is one, by the hash that it has. */
const rightly = (name: string, text: string, code: ErrorCode): SessionCase => ({
  name: `scope: ${name}`,
  code,
  victim: "acceptor",
  attack: async (eve) => {
    const versioned = JSON.stringify({ ...JSON.parse(text), v: 1 });
    const scope = sha256Hex(versioned).slice(0, 32);
    eve.say({ ...HELLO, want: "pull", head: [0, CHAIN_0], scope });
    await eve.heard("welcome");
    eve.say({ ...RESUME, scope, document: text });
  },
});

type Attack = (eve: Attacker) => Promise<void> | void;

/** Eve pushes, and the victim has asked her to begin. */
const pushed = (name: string, attack: Attack): SessionCase => ({
  name: `scope: ${name}`,
  code: E,
  victim: "acceptor",
  attack: async (eve) => {
    eve.say(HELLO);
    await eve.heard("resume");
    await attack(eve);
  },
});

const START = { m: "start", from: 0, to: 50 };

const evicting = (name: string, fields: object): SessionCase =>
  pushed(`EVICT ${name}`, (eve) => eve.say(START, { ...EVICT, ...fields }));

const lines = [CHANGESET, CHANGE].map((record) => Buffer.from(recordBytes(record)).toString());
const HISTORY = Buffer.from(lines.map((line) => `${line}\n`).join(""));
const ENTERED = { after: 0, entered: true, to: 1, chain: "cd".repeat(16) } as const;

/** A history that is none. */
const entered = (name: string, fields: object): SessionCase =>
  pushed(`entered ${name}`, async (eve) => {
    eve.say(START);
    const counts = { revisions: 1, changesets: 1, rawBytes: HISTORY.length };
    await eve.batch({ ...ENTERED, ...counts, ...fields } as never, HISTORY);
  });

export const SCOPE_CASES: readonly SessionCase[] = [
  asked("a hash without a document", undefined, E),
  asked("a document that is no JSON", "{types", "INVALID_SCOPE"),
  asked("an empty document", "", "INVALID_SCOPE"),
  asked("a list", "[]", "INVALID_SCOPE"),
  asked("null", "null", "INVALID_SCOPE"),
  asked("a number", "1e999", "INVALID_SCOPE"),
  asked("a document of another hash", '{"types":["package"]}', "INVALID_SCOPE"),
  asked("a key that is none", '{"owners":["x"]}', "INVALID_SCOPE"),
  asked("a list without members", '{"types":[]}', "INVALID_SCOPE"),
  asked("types that are numbers", '{"types":[1]}', "INVALID_SCOPE"),
  asked("types that are no names", '{"types":["../package"]}', "INVALID_SCOPE"),
  asked("roles as a type", '{"types":["role"]}', "INVALID_SCOPE"),
  asked("private that is a word", '{"private":"yes"}', "INVALID_SCOPE"),
  asked("a name without letters", '{"tags":[""]}', "INVALID_SCOPE"),
  asked("a name without end", `{"tags":["${"x".repeat(5000)}"]}`, "INVALID_SCOPE"),
  asked("a nest", `{"tags":${"[".repeat(5000)}${"]".repeat(5000)}}`, "INVALID_SCOPE"),
  asked("a prototype", '{"__proto__":{"types":["package"]}}', "INVALID_SCOPE"),
  asked("a key twice", '{"private":true,"private":false}', "INVALID_SCOPE"),
  asked("half a surrogate pair", '{"tags":["\\ud800"]}', "INVALID_SCOPE"),
  asked("a document over the limit", `{"tags":["${"x".repeat(SCOPE_BYTES_MAX)}"]}`, E),
  rightly("not in its one form", '{"tags":["b","a"]}', "INVALID_SCOPE"),
  rightly("a version of its own", '{"v":2}', "INVALID_SCOPE"),
  {
    ...asked("RESUME for another one than HELLO", undefined, E),
    attack: async (eve) => {
      eve.say({ ...HELLO, want: "pull", head: [0, CHAIN_0] });
      await eve.heard("welcome");
      eve.say({ ...RESUME, scope: HASH, document: '{"types":["package"]}' });
    },
  },
  pushed("EVICT before START", (eve) => eve.say(EVICT)),
  pushed("EVICT after CAUGHT_UP", (eve) =>
    eve.say({ ...START, to: 0 }, { m: "caughtUp", lsn: 0, chain: CHAIN_0 }, EVICT),
  ),
  evicting("of a name", { objects: ["package/harbor"] }),
  evicting("of a number", { objects: [1] }),
  evicting("of nothing", { objects: [null] }),
  evicting("of a list", { objects: [[uuid(1)]] }),
  evicting("of an id in capitals", { objects: [uuid(1).toUpperCase().replace("0", "A")] }),
  evicting("without objects", { objects: undefined }),
  evicting("with an object for a list", { objects: { 0: uuid(1), length: 1 } }),
  evicting("with a reason", { reason: "because" }),
  entered("with another sum", {}),
  entered("from a position of the log", { after: 7, to: 8 }),
  entered("with more than it holds", { to: 5 }),
  entered("to nowhere", { to: 0 }),
  {
    name: "scope: EVICT to a source",
    code: E,
    victim: "acceptor",
    attack: async (eve) => {
      eve.say({ ...HELLO, want: "pull", head: [0, CHAIN_0] });
      await eve.heard("welcome");
      eve.say(RESUME, EVICT);
    },
  },
];
