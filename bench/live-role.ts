import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcp, type Socket } from "node:net";
import type { InstanceId } from "../src/base/ids.ts";
import { randomId } from "../src/base/new-ids.ts";
import { systemClock } from "../src/base/ports/clock.ts";
import { systemRandom } from "../src/base/ports/random.ts";
import { systemTimers } from "../src/base/ports/timers.ts";
import { type Instance, openInstance, serveSync } from "../src/index.ts";
import { MemoryStore } from "../src/store/memory/memory-store.ts";
import type { LinkRow } from "../src/store/rows.ts";
import type { Store } from "../src/store/store.ts";
import { runLink } from "../src/sync/host/run-link.ts";
import { dialWebSocket } from "../src/sync/ws/dial.ts";
import { doc } from "./generate.ts";
import { contentOf } from "./package-form.ts";
import { serveRole } from "./role.ts";

/**
 * One process of the measurement of live links: `live-role.ts FOLDER`. Times are milliseconds of one
 * clock that all processes of the machine share.
 */
const [, , folder = "."] = process.argv;
const by = { author: "bench", message: "" };
const now = (): number => performance.timeOrigin + performance.now();

let instance: Instance;
/** When each revision could be read, and be found by search, by revision id. */
const readable = new Map<string, number[]>();
const findable = new Map<string, number>();

async function open(name: string): Promise<void> {
  instance = await openInstance(folder, { create: { name }, threads: "from-start" });
}

async function load(count: number): Promise<void> {
  const changes = Array.from({ length: count }, (_, at) => {
    const { id, content } = contentOf(doc(at));
    return { kind: "put", object: id, type: "package", content, mode: "create" } as const;
  });
  await instance.change({ ...by, changes });
}

/** Notes when revisions come in, at a store. */
async function follow(store: Store, index?: Pick<Instance, "indexed">): Promise<void> {
  let seen = (await store.head()).lsn;
  store.subscribe(({ lsn }) => {
    const atMs = now();
    const from = seen;
    seen = lsn;
    void Promise.resolve(store.entries({ after: from, limit: lsn - from })).then((entries) => {
      for (const { id } of entries) readable.set(id, [...(readable.get(id) ?? []), atMs]);
      const found = (): void => {
        for (const { id } of entries) findable.set(id, now());
      };
      void index?.indexed(lsn).then(found);
    });
  });
}

/** Edits at a steady rate; answers when each was committed. */
async function edit(perSecond: number, seconds: number, packages: number): Promise<object> {
  const commits: [id: string, atMs: number][] = [];
  const beganMs = now();
  const working: Promise<void>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const dueMs = beganMs + (n * 1000) / perSecond;
    const waitMs = dueMs - now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const { id } = contentOf(doc(n % packages));
    const change = { kind: "set", object: id, value: { title: `live ${n}` } } as const;
    const work = instance.change({ ...by, changes: [change] }).then(({ revisions }) => {
      commits.push([revisions[0]?.id ?? "", now()]);
    });
    working.push(work);
  }
  await Promise.all(working);
  return { commits, tookMs: now() - beganMs };
}

/** Peers that hold their catalogs in memory, each with a live link to `url`. */
async function peers(count: number, url: string): Promise<void> {
  const ports = { clock: systemClock, timers: systemTimers, random: systemRandom };
  const ready: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const identity = {
      instance: randomId(systemRandom) as InstanceId,
      name: `p${n}`,
      epoch: randomId(systemRandom),
    };
    const store = new MemoryStore({ identity, ...ports });
    const link = { ...EMPTY_LINK, name: `p${n}`, url };
    store.saveLink(link);
    const inStep = Promise.withResolvers<void>();
    void runLink({
      store,
      link,
      dial: dialWebSocket,
      ...ports,
      live: { onInStep: inStep.resolve },
    });
    ready.push(inStep.promise.then(() => follow(store)));
  }
  await Promise.all(ready);
}

const EMPTY_LINK: Omit<LinkRow, "name" | "url"> = {
  ...{ direction: "pull", mode: "live", peer: null, peerName: null, scope: null },
  ...{ maxRemovals: "5%", tokenFile: null, remoteHead: null, confirmed: null },
};

/** A way to `port` that can be told to carry nothing more, without closing. */
const carried: Socket[] = [];
function stoppable(port: number): Promise<number> {
  const server = createTcp((near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far);
    far.pipe(near);
    carried.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => {});
  });
  return new Promise((ready) => {
    server.listen(0, "127.0.0.1", () => ready((server.address() as AddressInfo).port));
  });
}

serveRole({
  open,
  load,
  edit,
  peers,
  stoppable,
  stall: () => {
    for (const socket of carried) socket.unpipe().pause();
  },
  serve: () => {
    const http = createServer();
    serveSync(instance, http);
    return new Promise((ready) => {
      http.listen(0, "127.0.0.1", () => ready((http.address() as AddressInfo).port));
    });
  },
  link: async (url: string) => {
    await instance.addLink({ name: "hub", url, direction: "both", mode: "live" });
    const inStep = Promise.withResolvers<void>();
    await instance.schedule(({ event }) => void (event === "inStep" && inStep.resolve()));
    await inStep.promise;
    await follow(instance.store, instance);
  },
  edits: async (count: number, packages: number) => {
    for (let n = 0; n < count; n += 200) {
      const changes = Array.from({ length: 200 }, (_, at) => {
        const { id } = contentOf(doc((n + at) % packages));
        return { kind: "set", object: id, value: { title: `many ${n + at}` } } as const;
      });
      await instance.change({ ...by, changes });
    }
  },
  seen: () => ({ readable: [...readable], findable: [...findable] }),
  memory: () => {
    globalThis.gc?.();
    return Math.round(process.memoryUsage().rss / 2 ** 20);
  },
  stop: () => process.exit(0),
});
