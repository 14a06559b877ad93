// Proves that hostile input, through each of the doors of a running instance (import, import of
// revisions, HTTP, the sync socket), is refused with its own code and changes no state.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nextChain, sha256 } from "../../src/base/hash.ts";
import { isUuid, uuidBytes } from "../../src/base/ids.ts";
import { systemClock } from "../../src/base/ports/clock.ts";
import { systemRandom } from "../../src/base/ports/random.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import { readServeFile } from "../../src/instance/folder/serve-file.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { openInstance } from "../../src/instance/open-instance.ts";
import { type RunningServer, startServer } from "../../src/server/start.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { EntryRow, LogPage, RunRow } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { dialWebSocket } from "../../src/sync/ws/dial.ts";
import { uuid } from "./case.ts";
import { HOSTILE_CORPUS, type HostileCase } from "./corpus.ts";
import { everything } from "./evil-log.ts";

/** Cases with a line break are two inputs at a door that reads lines. */
const lines = HOSTILE_CORPUS.filter(({ bytes }) => {
  const made = bytes();
  return !made.includes(0x0a) && made.length > 0;
});
const records = lines.filter(({ entry }) => entry === "record" || entry === "patch");
/** A line of white space is no input at a door that reads lines. */
const documents = lines.filter(({ entry, bytes }) => {
  return entry === "json" && !/^\s*$/.test(Buffer.from(bytes()).toString("latin1"));
});
/** What a request body may hold; larger ones are refused before anything is read. */
const small = documents.filter(({ bytes }) => bytes().length < 1024 * 1024);

let root: string;
let instance: Instance;
let server: RunningServer;
let token: string;
let digest: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "syncline-doors-"));
  const folder = join(root, "a");
  instance = await openInstance(folder, { create: { name: "a" } });
  await instance.create("package", { name: "rivers", title: "Rivers" }, { author: "ada" });
  await instance.create("package", { name: "lakes", title: "Lakes" }, { author: "ada" });
  server = await startServer({ instance, folder, host: "127.0.0.1", port: 0 });
  token = readServeFile(folder)?.token ?? "";
  digest = (await instance.status()).digest;
});

afterAll(async () => {
  await server.close();
  await instance.close();
  rmSync(root, { recursive: true });
});

async function* bytesOf(hostile: HostileCase): AsyncIterable<Uint8Array> {
  yield hostile.bytes();
}

/** What a door made of a case: the codes of what it refused, and how much it stored. */
interface Answer {
  readonly codes: readonly string[];
  readonly stored: number;
}

/** Feeds all cases to a door; lists those that were not refused as they must be. */
async function misses(
  cases: readonly HostileCase[],
  door: (hostile: HostileCase) => Promise<Answer>,
): Promise<unknown[]> {
  const missed: unknown[] = [];
  for (const hostile of cases) {
    const { codes, stored } = await door(hostile);
    const isRefused = stored === 0 && codes.length === 1 && codes[0] === hostile.code;
    const isUnchanged = (await instance.store.digest()) === digest;
    if (!isRefused || !isUnchanged) {
      missed.push({ name: hostile.name, expected: hostile.code, codes, stored, isUnchanged });
    }
  }
  return missed;
}

test("there are more than sixty cases for each door", () => {
  for (const cases of [records, documents]) expect(cases.length).toBeGreaterThan(60);
  expect(small.length).toBeGreaterThan(40);
});

test("import refuses every document", async () => {
  const importing = async (hostile: HostileCase): Promise<Answer> => {
    const report = await instance.import(bytesOf(hostile), { author: "eve", file: "evil.jsonl" });
    return { codes: report.refused.map(({ code }) => code), stored: report.revisions };
  };
  expect(await misses(documents, importing)).toEqual([]);
}, 60_000);

test("import of revisions refuses every record", async () => {
  const importing = async (hostile: HostileCase): Promise<Answer> => {
    const outcome = await instance.importRevisions(bytesOf(hostile));
    return { codes: outcome.refused.map(({ code }) => code), stored: outcome.revisions };
  };
  expect(await misses(records, importing)).toEqual([]);
}, 60_000);

test("the HTTP API refuses every document as a request", async () => {
  const posting = async (hostile: HostileCase): Promise<Answer> => {
    const answer = await fetch(`${server.url}/api/v1/changes`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: Buffer.from(hostile.bytes()),
    });
    expect(answer.headers.get("content-type")).toMatch("application/problem+json");
    const { code } = (await answer.json()) as { code: string };
    return { codes: [code], stored: answer.ok ? 1 : 0 };
  };
  expect(await misses(small, posting)).toEqual([]);
}, 60_000);

/** What an entry of a log has, and a changeset has not; null when nobody can tell. */
function entryId(bytes: Uint8Array): string | undefined | null {
  try {
    const { id, author } = JSON.parse(Buffer.from(bytes).toString()) ?? {};
    if (!isUuid(id)) return null;
    return author === undefined ? id : undefined;
  } catch {
    return null;
  }
}

/** A peer whose log holds the given bytes, and then an entry that the instance knows. */
function evilPeer(bytes: Uint8Array, known: EntryRow, number: number): Store {
  const identity = { instance: uuid(9000 + number) as never, name: "eve", epoch: uuid(8000) };
  const store = new MemoryStore({ identity, clock: systemClock, random: systemRandom });
  const entries = [
    { id: entryId(bytes), bytes },
    { id: known.id, bytes: Buffer.from(known.text) },
  ].filter(({ id }) => id !== undefined);
  const chain = entries.reduce<Uint8Array>(
    (before, entry) => nextChain(before, uuidBytes(entry.id ?? uuid(1)), sha256(entry.bytes)),
    new Uint8Array(16),
  );
  const to = entries.length;
  const page: LogPage = {
    ...{ after: 0, to, chain, revisions: to, changesets: 0 },
    bytes: Buffer.concat([bytes, Buffer.from(`\n${known.text}\n`)]),
  };
  const evil: Partial<Store> = {
    head: () => ({ lsn: to, chain }),
    // A log that begins as the victim's would be passed over up to there.
    chainAt: (lsn) => (lsn === 0 ? new Uint8Array(16) : undefined),
    readPage: (after) => (after === 0 ? page : undefined),
    evaluateScope: () => everything(to),
  };
  return new Proxy(store, {
    get: (target, name: keyof Store) => evil[name] ?? target[name].bind(target),
  });
}

function push(store: Store): Promise<RunRow> {
  const link = {
    ...({ name: "victim", url: server.url, direction: "push", mode: "manual" } as const),
    ...{ peer: null, peerName: null, scope: null, maxRemovals: "5%", tokenFile: null },
    ...{ remoteHead: null, confirmed: null },
  };
  const ports = { clock: systemClock, timers: systemTimers, random: systemRandom };
  return runLink({ store, link, dial: dialWebSocket, ...ports });
}

describe("a peer that sends hostile records changes nothing", () => {
  const cases = records.filter(({ bytes }) => bytes().length < 4 * 1024 * 1024);
  const isEntry = ({ bytes }: HostileCase): boolean => entryId(bytes()) !== null;
  const [able, unable] = [cases.filter(isEntry), cases.filter((one) => !isEntry(one))];
  let number = 0;
  const pushing = async (hostile: HostileCase): Promise<RunRow> => {
    const [known] = await instance.store.entries({ limit: 1, reverse: true });
    return push(evilPeer(hostile.bytes(), known as EntryRow, ++number));
  };

  test("and stops no sync with what may be in its log", async () => {
    const syncing = async (hostile: HostileCase): Promise<Answer> => {
      const run = await pushing(hostile);
      expect(run.outcome).toBe("ok");
      return { codes: run.refused.map(({ code }) => code), stored: run.sent.revisions };
    };
    expect(able.length).toBeGreaterThan(60);
    expect(await misses(able, syncing)).toEqual([]);
  }, 60_000);

  test("and stops its own sync with what can be in no log", async () => {
    const before = (await instance.quarantine()).items.length;
    expect(unable.length).toBeGreaterThan(20);
    for (const hostile of unable) {
      const run = await pushing(hostile);
      expect(run, hostile.name).toMatchObject({
        outcome: "failed",
        error: { code: "PROTOCOL_ERROR" },
        sent: { revisions: 0 },
      });
    }
    expect((await instance.quarantine()).items.length).toBe(before);
    expect(await instance.store.digest()).toBe(digest);
  }, 60_000);
});

test("everything refused at the door of records is kept in quarantine, and all is sound", async () => {
  const kept = new Set((await instance.quarantine()).items.map(({ code }) => code));
  for (const { code } of records) expect(kept).toContain(code);
  expect(await instance.verify()).toMatchObject({ ok: true });
});
