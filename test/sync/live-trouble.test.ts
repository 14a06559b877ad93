// Proves that live sessions cost no memory for a peer that does not read, and that a connection which
// is only half there is noticed and replaced, in the state machine and over a real socket.
import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { CREDIT_BYTES, SEND_BUFFER_BYTES_MAX } from "../../src/base/limits.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { serveSync } from "../../src/instance/serve-sync.ts";
import type { Store } from "../../src/store/store.ts";
import { namedScope } from "../../src/sync/scope-ref.ts";
import type { SessionEvent } from "../../src/sync/session/events.ts";
import { Session } from "../../src/sync/session/session.ts";
import { newInstance } from "../instance/instances.ts";
import { liveSession, until } from "./live-world.ts";
import {
  frame,
  looked,
  opened,
  own,
  peerId,
  resultOf,
  rung,
  sent,
  welcome,
} from "./session-fixture.ts";
import { addPackages, memoryStore, range, uuidFor, withMethods } from "./world.ts";
import { listen } from "./ws-pair.ts";

const EDITS = 20_000;

test(`a peer that reads nothing during ${EDITS} edits costs no memory, and then gets them all`, async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(b, range(0, 100));
  let pages = 0;
  const counting: Store = withMethods(b, {
    readPage: (after, limits) => {
      pages += 1;
      return b.readPage(after, limits);
    },
  });
  const session = await liveSession(a, counting, "pull");
  session.hold();
  const before = pages;
  let most = 0;
  for (let n = 0; n < EDITS; n += 200) {
    const changes = range(n, n + 200).map((at) => {
      const object = uuidFor(`package ${at % 100}`) as ObjectId;
      return { kind: "set", object, value: { notes: `${at}`.padStart(1500, "x") } } as const;
    });
    b.author({ author: "ana", message: "", changes });
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, session.buffered("acceptor"));
  }
  // Compressed, 20,000 edits of this kind are more than what may be unsent; raw, 30 MB.
  expect(most).toBeLessThan(SEND_BUFFER_BYTES_MAX + CREDIT_BYTES);
  expect(pages - before).toBeLessThan(50);
  session.release();
  await until(() => a.head().lsn === b.head().lsn, 60_000);
  expect(a.digest()).toBe(b.digest());
  session.stop("dialer");
  expect(await session.dialer).toMatchObject({ outcome: "ok" });
});

test("a silent peer ends a live session, which it never was right to call ok", () => {
  const identity = own;
  const pace = { pingMs: 10, silentMs: 30 };
  const scope = namedScope();
  const role = { role: "dialer", identity, direction: "pull", peer: peerId, scope } as const;
  const session = new Session({ ...role, live: "l", pace });
  const chain = rung(50).chain;
  const events: SessionEvent[] = [
    opened,
    looked(0, [rung(50)]),
    frame(welcome),
    frame({ m: "start", from: 50, to: 50, live: true }),
    frame({ m: "caughtUp", lsn: 50, chain }),
    { kind: "covered", lsn: 0, objects: 0 },
  ];
  const last = events.map((event) => session.step(event)).at(-1) ?? [];
  expect(last.map(({ kind }) => kind)).toContain("inStep");
  const pinged = session.step({ kind: "timer", timer: "ping" });
  expect(sent(pinged)).toEqual([{ m: "ping" }]);
  expect(pinged).toContainEqual({ kind: "setTimer", timer: "ping", ms: 10 });
  expect(session.step(frame({ m: "pong" }))).toContainEqual({
    kind: "setTimer",
    timer: "silent",
    ms: 30,
  });
  const result = resultOf(session.step({ kind: "timer", timer: "silent" }));
  expect(result).toMatchObject({
    outcome: "interrupted",
    wasLive: true,
    error: { code: "TIMEOUT" },
  });
});

/** A way to a port that can swallow everything on the connections there are, as a dead router does. */
async function blackHole(port: number): Promise<{ url: string; swallow(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far);
    far.pipe(near);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => {});
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port: own } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${own}`,
    swallow() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.resume();
      }
    },
  };
}

const title = (instance: Instance, value: string) =>
  instance.set("package/pumps", { title: value }, { author: "ana" });

async function shows(instance: Instance, value: string): Promise<void> {
  const seen = async () => (await instance.get("package/pumps")).document?.title;
  await until(async () => (await seen().catch(() => undefined)) === value, 20_000);
}

test("over a socket that swallows everything, a live link comes back and goes on", async () => {
  const pace = { pingMs: 100, silentMs: 400 };
  const [{ instance: hq }, { instance: branch }] = [
    await newInstance("a", { pace }),
    await newInstance("b", { pace }),
  ];
  await hq.create("package", { name: "pumps", title: "Pumps" }, { author: "ana" });
  const http = await listen((await import("node:http")).createServer());
  const served = serveSync(hq, http.server, { pace });
  onTestFinished(() => served.close());
  const way = await blackHole(Number(new URL(http.url).port));
  await branch.addLink({ name: "hq", url: way.url, direction: "pull", mode: "live" });
  const schedule = await branch.schedule();
  await shows(branch, "Pumps");
  way.swallow();
  await title(hq, "while nobody heard");
  await shows(branch, "while nobody heard");
  const runs = await branch.runs("hq");
  expect(runs.at(-1)).toMatchObject({ outcome: "interrupted", error: { code: "TIMEOUT" } });
  await schedule.stop();
  expect((await branch.runs("hq"))[0]).toMatchObject({ outcome: "ok" });
});
