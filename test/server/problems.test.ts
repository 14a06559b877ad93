// Proves that whatever is wrong with a request, down to one that is no HTTP, the answer is a problem
// document with a stable code and the right status.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AUTHOR_CHARS_MAX, FILE_CHARS_MAX, MESSAGE_CHARS_MAX } from "../../src/base/limits.ts";
import { readServeFile } from "../../src/instance/folder/serve-file.ts";
import type { ImportOptions } from "../../src/instance/instance.ts";
import { ApiClient } from "../../src/server/client/api-client.ts";
import { RemoteWriter } from "../../src/server/client/remote-writer.ts";
import { type RunningServer, startServer } from "../../src/server/start.ts";
import { fakeInstance } from "./fake-instance.ts";

const LINES = "application/x-ndjson";
const folder = mkdtempSync(join(tmpdir(), "syncline-problems-"));
const instance = fakeInstance({
  async import(_lines, { signal: _signal, onProgress: _onProgress, ...plain }) {
    return plain as never;
  },
});
let server: RunningServer;
let token: string;

beforeAll(async () => {
  server = await startServer({ instance, folder, host: "127.0.0.1", port: 0 });
  token = readServeFile(folder)?.token as string;
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Sends bytes as they are; the status, type and document of what comes back. */
async function send(...lines: string[]): Promise<object> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  const media = /^content-type: ([^;\r]+)/im.exec(head)?.[1];
  return { media, line: head.split("\r\n", 1)[0], ...(JSON.parse(body) as object) };
}

const host = "Host: 127.0.0.1";
const end = "Connection: close";

test.each<[number, string, string[]]>([
  [400, "USAGE", ["\u0000\u0001garbage"]],
  [400, "USAGE", ["GET /%ff%zz HTTP/1.1", host, end]],
  [403, "ORIGIN_REFUSED", ["GET /healthz HTTP/1.1", end]],
  [404, "USAGE", ["GET /nothing HTTP/1.1", host, end]],
  [431, "INPUT_TOO_LARGE", [`GET /${"a".repeat(200_000)} HTTP/1.1`, host]],
  [431, "INPUT_TOO_LARGE", ["GET / HTTP/1.1", host, `X: ${"a".repeat(200_000)}`]],
])("%i %s", async (status, code, lines) => {
  const line = expect.stringMatching(`^HTTP/1.1 ${status} `);
  expect(await send(...lines)).toMatchObject({
    ...{ line, media: "application/problem+json", status, code, detail: expect.any(String) },
  });
});

test.each<[number, string, string, string | null]>([
  [415, "imports?author=ann", "application/json", "{}"],
  [415, "revisions", "application/json", "{}"],
  [415, "changes", LINES, "{}"],
  [400, "imports?author=ann", LINES, null],
  [400, "revisions", LINES, null],
])("%i for %s with %s: %j", async (status, path, type, body) => {
  const headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": type }) };
  const answer = await fetch(`${server.url}/api/v1/${path}`, { method: "POST", headers, body });
  expect(answer.headers.get("content-type")).toMatch("application/problem+json");
  const hint = expect.stringContaining(LINES);
  expect(await answer.json()).toMatchObject({ status, code: "USAGE", hint });
});

test("the longest author, message and file name of an import find room", async () => {
  const client = new ApiClient(server.url, token);
  const options: ImportOptions = {
    author: "日".repeat(AUTHOR_CHARS_MAX),
    message: "本".repeat(MESSAGE_CHARS_MAX),
    file: "語".repeat(FILE_CHARS_MAX),
    strict: false,
  };
  async function* lines(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("{}\n");
  }
  expect(await new RemoteWriter(client, instance).import(lines(), options)).toEqual(options);
});
