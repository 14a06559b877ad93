// Proves that instances sync over real sockets on the loopback interface, what a sync that finds
// nothing to do costs in bytes, and who is turned away at the door.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemTimers } from "../../src/base/ports/timers.ts";
import type { LinkRow, RunRow } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { acceptSync } from "../../src/sync/host/accept-sync.ts";
import { runLink } from "../../src/sync/host/run-link.ts";
import { attachSync, type SyncEndpoint } from "../../src/sync/ws/attach.ts";
import { dialWebSocket } from "../../src/sync/ws/dial.ts";
import {
  addPackages,
  linkRow,
  memoryStore,
  range,
  retitle,
  seededRandom,
  tickingClock,
} from "./world.ts";

const ports = { clock: tickingClock(), timers: systemTimers, random: seededRandom("ws") };
const remote = memoryStore("remote");
const local = memoryStore("local");
let server: Server;
let endpoint: SyncEndpoint;
let url: string;
let accepted: Promise<RunRow>[] = [];

beforeEach(async () => {
  server = createServer();
  const allow = { pull: true, push: true };
  endpoint = attachSync(server, {
    accept: (connection) =>
      accepted.push(acceptSync({ store: remote, connection, allow, ...ports })),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  endpoint.close();
  await Promise.all(accepted);
  accepted = [];
  await new Promise((resolve) => server.close(resolve));
});

async function sync(store: Store, link: Partial<LinkRow>): Promise<RunRow> {
  const known = (await store.links()).find(({ name }) => name === link.name);
  const row = { ...(known ?? linkRow("pull")), ...link, url };
  await store.saveLink(row);
  return runLink({ store, link: row, dial: dialWebSocket, ...ports });
}

test("pull and push over sockets; nothing to do costs at most 1,000 bytes", async () => {
  await addPackages(remote, range(0, 300), { bytes: 2000 });
  const first = await sync(local, { name: "in", direction: "pull" });
  expect(first).toMatchObject({ outcome: "ok", received: { revisions: 300, objects: 300 } });
  expect(await local.digest()).toBe(await remote.digest());

  const second = await sync(local, { name: "in", direction: "pull" });
  expect(second).toMatchObject({ outcome: "ok", received: { revisions: 0 } });
  expect(second.bytes.in + second.bytes.out).toBeLessThanOrEqual(1000);

  await retitle(local, 3, "pushed");
  const third = await sync(local, { name: "out", direction: "push" });
  // The remote has never asked for this instance's log, so all of it is offered once.
  expect(third).toMatchObject({ outcome: "ok", sent: { revisions: 1, objects: 1 } });
  expect(await local.digest()).toBe(await remote.digest());

  const fourth = await sync(local, { name: "out", direction: "push" });
  expect(fourth).toMatchObject({ outcome: "ok", sent: { revisions: 0 } });
  expect(fourth.bytes.in + fourth.bytes.out).toBeLessThanOrEqual(1000);
});
