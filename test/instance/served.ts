/** Instances that others reach over the loopback interface. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { type ServeSyncOptions, serveSync } from "../../src/instance/serve-sync.ts";
import type { Direction, RunRow } from "../../src/store/rows.ts";

/** Serves an instance on a free port until the test ends; gives its address. */
export async function served(instance: Instance, options: ServeSyncOptions = {}): Promise<string> {
  const server = createServer();
  const endpoint = serveSync(instance, server, options);
  onTestFinished(async () => {
    await endpoint.close();
    server.close();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Gives an instance a link named `peer`, to another that is served from now on. */
export async function link(from: Instance, to: Instance, direction: Direction): Promise<void> {
  await from.addLink({ name: "peer", url: await served(to), direction });
}

/** Runs the link named `peer`, which has to go well. */
export async function sync(instance: Instance): Promise<RunRow> {
  const run = await instance.sync("peer");
  expect(run).toMatchObject({ outcome: "ok", refused: [] });
  return run;
}

/** That two instances hold the same, log the same conflicts, and are sound. */
export async function expectEqual(a: Instance, b: Instance): Promise<void> {
  expect((await b.status()).digest).toBe((await a.status()).digest);
  expect(await b.conflicts()).toEqual(await a.conflicts());
  for (const instance of [a, b]) expect((await instance.verify()).findings).toEqual([]);
}
