// Proves that a writer over HTTP behaves like the instance behind it: same results, same errors,
// progress while work goes on, and an end to the work when the client goes away.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { ImportOptions, Instance } from "../../src/instance/instance.ts";
import { ApiClient } from "../../src/server/client/api-client.ts";
import { RemoteWriter } from "../../src/server/client/remote-writer.ts";
import { type RunningServer, startServer } from "../../src/server/start.ts";
import { memoryInstance } from "../instance/instances.ts";
import { fakeInstance } from "./fake-instance.ts";

const by = { author: "ann", message: "why" };
let folder: string;
let server: RunningServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "syncline-server-"));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

function serveFile(): { url: string; pid: number; token: string } {
  return JSON.parse(readFileSync(join(folder, "serve.json"), "utf8"));
}

async function serve(methods: Partial<Instance>): Promise<RemoteWriter> {
  const instance = fakeInstance(methods);
  server = await startServer({ instance, folder, host: "127.0.0.1", port: 0 });
  const { url, token } = serveFile();
  return new RemoteWriter(new ApiClient(url, token), instance);
}

async function* lines(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(`${text}\n`);
}

test("says where it listens and with which token, to its owner only, while it runs", async () => {
  await serve({});
  expect(serveFile()).toEqual({ url: server?.url, pid: process.pid, token: expect.any(String) });
  expect(statSync(join(folder, "serve.json")).mode & 0o777).toBe(0o600);
  await server?.close();
  expect(() => serveFile()).toThrow("ENOENT");
});

test("authors, and passes errors on with code, place and hint", async () => {
  const create = vi.fn(async () => ({ changeset: null, revisions: [], unchanged: 0 }));
  const refusal = new SynclineError("STALE_EDIT", "changed", { where: "/title", hint: "again" });
  const rename = () => Promise.reject(refusal);
  const writer = await serve({ create, rename });
  expect(await writer.create("package", { name: "x" }, by)).toEqual(await create());
  expect(create).toHaveBeenCalledWith("package", { name: "x" }, by);
  await expect(writer.rename("package/x", "y", by)).rejects.toMatchObject(refusal.toJSON());
});

test("a name of any length that is accepted here is accepted through the server", async () => {
  const writer = await serve(memoryInstance());
  const name = "long".repeat(500);
  await writer.create("package", { name }, by);
  await writer.patch(`package/${name}`, [{ op: "add", path: "/title", value: "T" }], by);
  await writer.rename(`package/${name}`, `${name}er`, by);
  const { revisions } = await writer.delete(`package/${name}er`, by);
  expect(revisions).toHaveLength(1);
  const tooLong = writer.delete(`package/${"x".repeat(5000)}`, by);
  await expect(tooLong).rejects.toMatchObject({ code: "USAGE", hint: expect.any(String) });
});

test("sets the default role, and refuses what is none", async () => {
  const instance = memoryInstance();
  const writer = await serve(instance);
  await writer.setDefaultRole("admin");
  expect(await instance.defaultRole()).toBe("admin");
  await expect(writer.setDefaultRole("boss")).rejects.toMatchObject({ code: "USAGE" });
});

test("streams an import both ways at once", async () => {
  const seen: string[] = [];
  const writer = await serve({
    async import(bytes, options) {
      for await (const chunk of bytes) {
        seen.push(Buffer.from(chunk).toString());
        options.onProgress?.({ lines: seen.length } as never);
      }
      const { signal, onProgress, ...plain } = options;
      return { plain } as never;
    },
  });
  const progress: number[] = [];
  // The second line is sent only when progress on the first has come back.
  async function* dialog(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("one\n");
    await vi.waitFor(() => expect(progress).toHaveLength(1));
    yield Buffer.from("two\n");
  }
  const options: ImportOptions = { ...by, strict: true, file: "a b&c.jsonl", type: "tag" };
  const report = await writer.import(dialog(), {
    ...options,
    onProgress: (step) => progress.push(step.lines),
  });
  expect(report).toEqual({ plain: options });
  expect(seen.join("")).toBe("one\ntwo\n");
});

test("an input that fails on the client's side ends the import on the server's", async () => {
  const began = vi.fn();
  const ended = vi.fn();
  const writer = await serve({
    async import(bytes) {
      try {
        for await (const _ of bytes) began();
      } catch (error) {
        ended();
        throw error;
      }
      return {} as never;
    },
  });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("one\n");
    await vi.waitFor(() => expect(began).toHaveBeenCalled());
    throw new SynclineError("TRUNCATED_INPUT", "ends early");
  }
  await expect(writer.import(broken(), by)).rejects.toMatchObject({ code: "TRUNCATED_INPUT" });
  await vi.waitFor(() => expect(ended).toHaveBeenCalled());
});

test("a sync that is stopped here is stopped there, and still answers its run", async () => {
  const controller = new AbortController();
  const writer = await serve({ sync: untilStopped });
  const { signal } = controller;
  const run = writer.sync("hq", { signal, onProgress: () => controller.abort() });
  expect(await run).toEqual({ outcome: "interrupted" });
});

const untilStopped: Instance["sync"] = (_name, options) =>
  new Promise((resolve) => {
    options?.onProgress?.({ done: 1 } as never);
    options?.signal?.addEventListener("abort", () => resolve({ outcome: "interrupted" } as never));
  });

test("a client that goes away ends its work", async () => {
  const stopped = vi.fn();
  await serve({
    sync: (name, options) => untilStopped(name, options).finally(stopped),
  });
  const { url, token } = serveFile();
  const gone = new AbortController();
  const answer = await fetch(new URL("/api/v1/syncs", url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: '{"link":"hq"}',
    signal: gone.signal,
  });
  expect(answer.status).toBe(200);
  gone.abort();
  await vi.waitFor(() => expect(stopped).toHaveBeenCalled());
});

test("a shutdown lets work answer with what it stored", async () => {
  const writer = await serve({ sync: untilStopped });
  const started = Promise.withResolvers<void>();
  const run = writer.sync("hq", { onProgress: () => started.resolve() });
  await started.promise;
  await server?.close();
  expect(await run).toEqual({ outcome: "interrupted" });
});

test("records go in, the outcome comes back with the chain as bytes", async () => {
  const head = { lsn: 3, chain: Buffer.alloc(16, 7) };
  const writer = await serve({
    async importRevisions(bytes) {
      for await (const _ of bytes);
      return { revisions: 2, refused: [], head } as never;
    },
  });
  const outcome = await writer.importRevisions(lines("{}", "{}"));
  expect(outcome).toEqual({ revisions: 2, refused: [], head });
});

test("refuses a taken port and an address that others could reach", async () => {
  await serve({});
  const instance = fakeInstance({});
  const port = Number(new URL(server?.url as string).port);
  await expect(startServer({ instance, folder, host: "127.0.0.1", port })).rejects.toMatchObject({
    code: "PORT_IN_USE",
    hint: expect.stringContaining("--port"),
  });
  await expect(startServer({ instance, folder, host: "0.0.0.0", port: 0 })).rejects.toMatchObject({
    code: "NOT_ALLOWED",
  });
});
