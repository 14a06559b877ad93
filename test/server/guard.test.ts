// Proves who may reach the server: only this machine, never a web page from another origin, and
// for writing only who holds the token of this start. Refusals are problem documents.
import type { FastifyInstance, InjectOptions } from "fastify";
import { beforeAll, expect, test } from "vitest";
import { buildApp } from "../../src/server/app.ts";
import { isLoopback } from "../../src/sync/ws/loopback.ts";
import { fakeInstance } from "./fake-instance.ts";

const TOKEN = "t0ken";
const bearer = { authorization: `Bearer ${TOKEN}` };
let app: FastifyInstance;

beforeAll(() => {
  const status = async () => ({ digest: "d" }) as never;
  const instance = fakeInstance({
    status,
    delete: async () => outcome,
    removeLink: async () => {},
  });
  app = buildApp({ instance, token: TOKEN, logger: undefined });
});

const outcome = { changeset: null, revisions: [], unchanged: 1 };

function ask(options: InjectOptions, host = "127.0.0.1:7300") {
  return app.inject({ ...options, headers: { host, ...options.headers } });
}

const remove: InjectOptions = {
  method: "POST",
  url: "/api/v1/changes",
  payload: { kind: "delete", author: "ann", object: "package/x" },
};

test("reading needs no token", async () => {
  const answer = await ask({ method: "GET", url: "/api/v1/status" });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ digest: "d" });
});

test.each(["evil.example", "evil.example:7300", "192.168.0.7:7300", "127.0.0.1.evil.example"])(
  "refuses the Host %j (DNS rebinding)",
  async (host) => {
    const answer = await ask({ method: "GET", url: "/api/v1/status" }, host);
    expect(answer.statusCode).toBe(403);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toMatchObject({ status: 403, code: "ORIGIN_REFUSED" });
  },
);

test.each(["http://evil.example", "null", "https://127.0.0.1:7300", "http://127.0.0.1:7301"])(
  "refuses the Origin %s, with the token too",
  async (origin) => {
    const answer = await ask({ ...remove, headers: { ...bearer, origin } });
    expect(answer.json()).toMatchObject({ status: 403, code: "ORIGIN_REFUSED" });
  },
);

test("accepts its own origin and other names of this machine", async () => {
  const origin = "http://127.0.0.1:7300";
  expect((await ask({ ...remove, headers: { ...bearer, origin } })).statusCode).toBe(200);
  for (const host of ["localhost:7300", "[::1]:7300"]) {
    expect((await ask({ ...remove, headers: bearer }, host)).statusCode).toBe(200);
  }
});

test.each([
  ["POST", "/api/v1/changes"],
  ["POST", "/api/v1/imports?author=a"],
  ["POST", "/api/v1/revisions"],
  ["POST", "/api/v1/links"],
  ["DELETE", "/api/v1/links/hq"],
  ["POST", "/api/v1/syncs"],
  ["DELETE", "/api/v1/work/x"],
] as const)("%s %s needs the token", async (method, url) => {
  for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: TOKEN }]) {
    const answer = await ask({ method, url, headers });
    expect(answer.json()).toMatchObject({ status: 403, code: "NOT_ALLOWED" });
    expect(answer.json().hint).toContain("serve.json");
  }
});

test.each([
  ["{", "INVALID_JSON"],
  ['{"kind":"delete","kind":"delete"}', "DUPLICATE_KEY"],
  ['{"__proto__":1}', "FORBIDDEN_KEY"],
  ["[".repeat(70) + "]".repeat(70), "TOO_DEEP"],
  ['{"kind":"delete","author":"ann"}', "USAGE"],
  ['{"kind":"delete","author":"ann","object":"package/x","extra":1}', "USAGE"],
  ['{"kind":"purge","author":"ann","object":"package/x"}', "USAGE"],
  ["", "USAGE"],
])("refuses the body %j with %s", async (payload, code) => {
  const headers = { ...bearer, "content-type": "application/json" };
  const answer = await ask({ method: "POST", url: "/api/v1/changes", headers, payload });
  expect(answer.json()).toMatchObject({ status: 400, code });
});

test("refuses other content types and unknown paths", async () => {
  const headers = { ...bearer, "content-type": "text/plain" };
  const other = await ask({ method: "POST", url: "/api/v1/changes", headers, payload: "{}" });
  expect(other.json()).toMatchObject({ status: 415, code: "USAGE" });
  const unknown = await ask({ method: "GET", url: "/api/v1/nothing" });
  expect(unknown.json()).toMatchObject({ status: 404, code: "USAGE" });
});

test.each([
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["localhost", true],
  ["LOCALHOST", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["10.0.0.1", false],
  ["localhost.evil.example", false],
])("%s is loopback: %s", (host, expected) => expect(isLoopback(host)).toBe(expected));
