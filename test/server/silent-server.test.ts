// Proves that no command waits for ever for the process that serves its folder: a server that is
// there but says nothing (a stopped process) is given up with an error that says so, and a server
// that works on says that it is alive.
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  ANSWER_MS_MAX,
  HANDSHAKE_MS_MAX,
  PEER_SILENT_MS_MAX,
  PING_EVERY_MS,
} from "../../src/base/limits.ts";
import type { Timers } from "../../src/base/ports/timers.ts";
import { readServeFile, writeServeFile } from "../../src/instance/folder/serve-file.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { ApiClient } from "../../src/server/client/api-client.ts";
import { openRemoteWriter } from "../../src/server/client/open-remote-writer.ts";
import { EVENTS_TYPE } from "../../src/server/events.ts";
import { startServer } from "../../src/server/start.ts";
import { fakeInstance } from "./fake-instance.ts";

/** Timers that go off when the test says so. */
class HandTimers implements Timers {
  set: { readonly ms: number; readonly run: () => void }[] = [];

  after(ms: number, run: () => void): () => void {
    const timer = { ms, run };
    this.set.push(timer);
    return () => {
      this.set = this.set.filter((other) => other !== timer);
    };
  }

  goOff(): number[] {
    const due = this.set.splice(0);
    for (const { run } of due) run();
    return due.map(({ ms }) => ms);
  }
}

const silent = createServer();
let answers: ServerResponse[];
let timers: HandTimers;
let client: ApiClient;
let url: string;

beforeEach(async () => {
  answers = [];
  timers = new HandTimers();
  silent.removeAllListeners("request").on("request", (_request, answer) => answers.push(answer));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  client = new ApiClient(url, "token", timers);
});

afterEach(async () => {
  silent.closeAllConnections();
  silent.close();
  await once(silent, "close");
});

/** An input that gives one line and then nothing more. */
async function* oneLine(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("{}\n");
  await new Promise(() => {});
}

const work = { method: "POST", path: "/api/v1/imports", type: EVENTS_TYPE } as const;

test("a request without an answer is given up", async () => {
  const call = client.call("POST", "/api/v1/changes", {});
  await once(silent, "request");
  expect(timers.goOff()).toEqual([ANSWER_MS_MAX]);
  await expect(call).rejects.toMatchObject({ code: "TIMEOUT", where: url, retriable: true });
});

test("an answer that stops in the middle is given up", async () => {
  const call = client.call("GET", "/api/v1/status");
  await once(silent, "request");
  const begun = new Promise((resolve) => subscribe("http.client.response.finish", resolve));
  answers[0]?.write("{");
  await begun;
  expect(timers.goOff()).toEqual([ANSWER_MS_MAX]);
  await expect(call).rejects.toMatchObject({ code: "TIMEOUT" });
});

test("work may take any time while the server says something, and is given up when not", async () => {
  const steps: unknown[] = [];
  const done = client.work({ ...work, body: oneLine(), onProgress: (step) => steps.push(step) });
  await once(silent, "request");
  const [atFirst] = timers.set;
  answers[0]?.write('{"progress":1}\n');
  await vi.waitFor(() => expect(steps).toEqual([1]));
  // Heard from, the server has its time anew.
  expect(timers.set).toHaveLength(1);
  expect(timers.set[0]).not.toBe(atFirst);
  expect(timers.goOff()).toEqual([PEER_SILENT_MS_MAX]);
  await expect(done).rejects.toMatchObject({ code: "TIMEOUT" });
});

test("nothing is timed any more once the answer is there", async () => {
  silent.on("request", (_request, answer) => answer.end('{"done":7}\n'));
  expect(await client.work({ ...work, body: oneLine() })).toBe(7);
  silent.removeAllListeners("request").on("request", (_request, answer) => answer.end("8"));
  expect(await client.call("GET", "/healthz")).toBe(8);
  expect(timers.set).toEqual([]);
});

test("a folder whose server is stopped: says which process, and what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "syncline-silent-"));
  try {
    writeServeFile(folder, { url, pid: 4711, token: "t" });
    const opening = openRemoteWriter(folder, timers);
    await once(silent, "request");
    expect(timers.goOff()).toEqual([HANDSHAKE_MS_MAX]);
    await expect(opening).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining(`process 4711 serves ${folder}`),
      hint: expect.stringContaining("kill -CONT 4711"),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a server whose work waits says that it is alive, before a client would give it up", async () => {
  expect(PING_EVERY_MS).toBeLessThan(PEER_SILENT_MS_MAX);
  const folder = mkdtempSync(join(tmpdir(), "syncline-silent-"));
  const started = Promise.withResolvers<void>();
  const sync: Instance["sync"] = (_link, options) => {
    started.resolve();
    return new Promise((resolve) => {
      options?.signal?.addEventListener("abort", () => resolve({} as never));
    });
  };
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const instance = fakeInstance({ sync });
  const server = await startServer({ instance, folder, host: "127.0.0.1", port: 0 });
  try {
    const token = readServeFile(folder)?.token;
    const answer = fetch(`${server.url}/api/v1/syncs`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: '{"link":"hq"}',
    });
    await started.promise;
    vi.advanceTimersByTime(PING_EVERY_MS);
    const first = await (await answer).body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe("\n");
  } finally {
    await server.close();
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  }
});
