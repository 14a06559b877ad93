// Proves that conflicts, the policy, purges and shuns can be read and decided over HTTP, by people's
// tools and by commands that work through a server, with the same results and errors.
import type { FastifyInstance, InjectOptions } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import type { ConflictPage } from "../../src/instance/conflicts/find-conflict.ts";
import type { Instance } from "../../src/instance/instance.ts";
import { buildApp } from "../../src/server/app.ts";
import { ApiClient } from "../../src/server/client/api-client.ts";
import { RemoteWriter } from "../../src/server/client/remote-writer.ts";
import { startServer } from "../../src/server/start.ts";
import { retitled } from "../instance/two-sides.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";

const TOKEN = "t0ken";
const author = "eve";

function ask(app: FastifyInstance, options: InjectOptions) {
  const headers = { host: "127.0.0.1:7300", authorization: `Bearer ${TOKEN}` };
  return app.inject({ ...options, headers });
}

async function served(): Promise<{ a: Instance; app: FastifyInstance; id: string }> {
  const { a } = await retitled();
  const app = buildApp({ instance: a, token: TOKEN, logger: undefined });
  const { items } = await a.conflicts();
  return { a, app, id: items[0]?.id as string };
}

test("conflicts are listed with filters and pages, and shown one by one", async () => {
  const { a, app, id } = await served();
  const page = await ask(app, { url: "/api/v1/conflicts?status=open&type=package&path=/title" });
  expect(page.body).toBe(JSON.stringify(await a.conflicts()));
  const later = await ask(app, { url: `/api/v1/conflicts?after=${id}&limit=1` });
  expect(later.json<ConflictPage>()).toEqual({ items: [], next: null });
  const one = await ask(app, { url: `/api/v1/conflicts/${id.slice(0, 8)}` });
  expect(one.json()).toEqual(await a.conflict(id));
});

test("a decision says what was stored", async () => {
  const { a, app, id } = await served();
  const { candidates } = await a.conflict(id);
  const url = `/api/v1/conflicts/${id}/resolve`;
  const pick = candidates[0]?.revision as string;
  const picked = await ask(app, { method: "POST", url, payload: { author, pick } });
  expect(picked.json()).toMatchObject({ revisions: [{ type: "package" }] });
  expect((await a.get("package/stops")).document).toMatchObject({ title: "Bus stops" });
  const payload = { author, message: "why", value: null };
  expect((await ask(app, { method: "POST", url, payload })).statusCode).toBe(200);
  expect((await a.history("package/stops"))[0]).toMatchObject({ author, message: "why" });
});

test("many decisions, a policy and its hash", async () => {
  const { a, app } = await served();
  const many = { method: "POST", url: "/api/v1/conflicts/resolve" } as const;
  const report = await ask(app, { ...many, payload: { author, take: "newest", type: "package" } });
  expect(report.json()).toMatchObject({ resolved: 1, changesets: 1 });
  const read = await ask(app, { url: "/api/v1/policy" });
  const { policy, hash } = await a.policy();
  expect({ body: read.json(), etag: read.headers.etag }).toEqual({
    body: policy,
    etag: `"${hash}"`,
  });
  const payload = { author, policy: { ...policy, deletes: "delete-wins" } };
  const put = await ask(app, { method: "PUT", url: "/api/v1/policy", payload });
  expect(put.json()).toEqual((await a.policy()).policy);
  expect(put.json()).toMatchObject({ deletes: "delete-wins" });
});

test.each([
  ["GET", "/api/v1/conflicts?status=closed", undefined, 400, "USAGE"],
  ["GET", "/api/v1/conflicts?limit=1001", undefined, 400, "USAGE"],
  ["GET", "/api/v1/conflicts?peer=x", undefined, 400, "USAGE"],
  ["GET", "/api/v1/conflicts/00000000", undefined, 404, "CONFLICT_NOT_FOUND"],
  ["POST", "/api/v1/conflicts/ID/resolve", { author }, 400, "USAGE"],
  ["POST", "/api/v1/conflicts/ID/resolve", { author, keep: true, absent: true }, 400, "USAGE"],
  ["POST", "/api/v1/conflicts/ID/resolve", { keep: true }, 400, "USAGE"],
  ["POST", "/api/v1/conflicts/ID/resolve", { author, pick: "x" }, 400, "USAGE"],
  ["POST", "/api/v1/conflicts/resolve", { author }, 400, "USAGE"],
  ["PUT", "/api/v1/policy", { author, policy: [] }, 400, "USAGE"],
  ["POST", "/api/v1/policy/adopt", { author, peer: "hq" }, 409, "POLICY_CONFLICT"],
  ["POST", "/api/v1/changes", { author, kind: "purge", object: "package/stops" }, 400, "USAGE"],
] as const)("%s %s %j answers %i %s", async (method, url, payload, status, code) => {
  const { app, id } = await served();
  const options = { method, url: url.replace("ID", id), ...(payload && { payload }) };
  const answer = await ask(app, options as InjectOptions);
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ code, status });
});

test("changing anything needs the token", async () => {
  const { app, id } = await served();
  for (const [method, url] of [
    ["POST", `/api/v1/conflicts/${id}/resolve`],
    ["POST", "/api/v1/conflicts/resolve"],
    ["PUT", "/api/v1/policy"],
    ["POST", "/api/v1/policy/adopt"],
  ] as const) {
    const headers = { host: "127.0.0.1:7300" };
    const answer = await app.inject({ method, url, headers, payload: { author, keep: true } });
    expect(answer.json()).toMatchObject({ status: 403, code: "NOT_ALLOWED" });
  }
});

test("commands work through a server: decisions, policy, purge, shun", async () => {
  const { a } = await retitled();
  const by = { author };
  await a.create("package", { name: "parks" }, by);
  const folder = temporaryFolder({});
  const server = await startServer({ instance: a, folder, host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  const { readServeFile } = await import("../../src/instance/folder/serve-file.ts");
  const writer = new RemoteWriter(new ApiClient(server.url, readServeFile(folder)?.token ?? ""), a);
  const [conflict] = (await writer.conflicts({ status: "open" })).items;
  const id = conflict?.id as string;
  await writer.resolveConflict(id, { value: "Both" }, by);
  expect(await a.conflict(id)).toMatchObject({ status: "resolved" });
  const message = "resolve a conflict at /title of package/stops";
  expect((await a.history("package/stops"))[0]).toMatchObject({ message, author });
  expect(await writer.resolveConflicts({ take: "newest" }, by)).toMatchObject({ resolved: 0 });
  const { policy } = await a.policy();
  const wanted = { ...policy, deletes: "delete-wins" } as never;
  expect(await writer.setPolicy(wanted, by)).toEqual(await a.policy());
  await expect(writer.adoptPolicy("hq", by)).rejects.toMatchObject({ code: "POLICY_CONFLICT" });
  expect(await writer.purge("package/stops", { reason: "r" }, by)).toMatchObject({ purges: [{}] });
  expect(await writer.shun("package/parks", by)).toMatchObject({ shunned: [expect.any(String)] });
  expect(await a.status()).toMatchObject({ purged: 1, shunned: 1 });
});
