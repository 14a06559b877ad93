// Proves what the routes around links answer: settings of a link, dry runs, runs and their undo, and
// the quarantine; with good input, bad input, what is not there, and without the token.
import type { FastifyInstance, InjectOptions } from "fastify";
import { expect, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import { buildApp } from "../../src/server/app.ts";
import { PROBLEM_TYPE } from "../../src/server/problem.ts";
import { lines, memoryInstance, newInstance } from "../instance/instances.ts";
import { link, sync } from "../instance/served.ts";
import { ann, twoSides } from "../instance/two-sides.ts";

const TOKEN = "t0ken";
const by = { author: "eve" };

/** B pulls from A over the link `peer`, two packages so far. */
async function linked(
  sides: { a: Instance; b: Instance } = twoSides(),
): Promise<{ a: Instance; b: Instance; app: FastifyInstance }> {
  const { a, b } = sides;
  for (const name of ["p1", "p2"]) await a.create("package", { name }, ann);
  await link(b, a, "pull");
  await sync(b);
  return { a, b, app: buildApp({ instance: b, token: TOKEN, logger: undefined }) };
}

function ask(app: FastifyInstance, method: string, url: string, payload?: object) {
  const headers = { host: "127.0.0.1:7300", authorization: `Bearer ${TOKEN}` };
  return app.inject({ method, url, headers, ...(payload && { payload }) } as InjectOptions);
}

/** The last line of an answer that tells progress first. */
function ended(body: string): unknown {
  return JSON.parse(body.trimEnd().split("\n").at(-1) as string);
}

test("PATCH of a link sets what is named, and answers with the link", async () => {
  const { b, app } = await linked();
  const [before] = await b.links();
  const url = "/api/v1/links/peer";
  const wanted = { mode: "every:5m", maxRemovals: "7", scope: { types: ["package"] } };
  const answer = await ask(app, "PATCH", url, wanted);
  expect(answer.statusCode).toBe(200);
  const { scope, ...plain } = wanted;
  const carried = { scope: JSON.stringify(scope), formerScope: "{}", confirmed: null };
  const row = { ...before, ...plain, ...carried };
  expect(answer.json()).toEqual(row);
  expect(await b.links()).toEqual([row]);
  await ask(app, "PATCH", url, { scope: null, direction: "both" });
  expect((await b.links())[0]).toMatchObject({ scope: null, direction: "both", mode: "every:5m" });
});

test("a dry run says what a sync would do, and does nothing", async () => {
  // It runs on a copy of the folder.
  const { instance } = await newInstance("B");
  const { a, b, app } = await linked({ a: twoSides().a, b: instance });
  await a.create("package", { name: "p3" }, ann);
  const before = await b.store.head();
  const answer = await ask(app, "POST", "/api/v1/syncs", { link: "peer", dryRun: true });
  expect(answer.statusCode).toBe(200);
  expect(ended(answer.body)).toMatchObject({
    done: {
      outcome: "ok",
      would: { objects: { created: 1, deleted: 0 }, changes: [{ name: "p3", what: "created" }] },
    },
  });
  expect(await b.store.head()).toEqual(before);
});

test.each([{}, { dryRun: true }])(
  "a sync of a link that is not there does not begin, %j",
  async (how) => {
    const { app } = await linked();
    const none = await ask(app, "POST", "/api/v1/syncs", { link: "nobody", ...how });
    expect(none.statusCode).toBe(404);
    expect(none.headers["content-type"]).toContain(PROBLEM_TYPE);
    expect(none.json()).toMatchObject({ status: 404, code: "LINK_NOT_FOUND" });
  },
);

test("links are listed, and one is shown with its runs", async () => {
  const { b, app } = await linked();
  const all = await ask(app, "GET", "/api/v1/links");
  expect([all.statusCode, all.json()]).toEqual([200, { items: await b.links(), next: null }]);
  const one = await ask(app, "GET", "/api/v1/links/peer");
  const [row] = await b.links();
  expect([one.statusCode, one.json()]).toEqual([200, { ...row, runs: await b.runs("peer") }]);
  const none = await ask(app, "GET", "/api/v1/links/nobody");
  expect([none.statusCode, none.json().code]).toEqual([404, "LINK_NOT_FOUND"]);
});

test("runs are listed, and one is undone, by its id or as the last one", async () => {
  const { b, app } = await linked();
  const runs = await ask(app, "GET", "/api/v1/runs?link=peer");
  const { items, next } = runs.json<{ items: { id: string }[]; next: null }>();
  expect({ count: items.length, next }).toEqual({ count: 1, next: null });
  const id = items[0]?.id as string;
  const undone = await ask(app, "POST", `/api/v1/runs/${id}/undo`, { ...by, message: "wrong" });
  expect(undone.statusCode).toBe(200);
  expect(undone.json()).toMatchObject({ run: id, skipped: [], purged: 0 });
  expect((await b.status()).deleted).toBe(2);
  const again = await ask(app, "POST", "/api/v1/runs/last/undo", by);
  expect(again.json()).toMatchObject({ run: id, undone: [] });
});

test("the quarantine is listed, shown, tried again and dropped", async () => {
  const { b, app } = await linked();
  await b.importRevisions(lines('{"v":1,"nonsense":true}', '{"v":9}'));
  const list = (await ask(app, "GET", "/api/v1/quarantine")).json<{ items: { key: string }[] }>();
  expect(list).toMatchObject({ next: null, unkept: 0 });
  const [first, second] = list.items.map(({ key }) => key) as [string, string];
  const shown = await ask(app, "GET", `/api/v1/quarantine/${first.slice(0, 8)}`);
  expect(shown.json()).toMatchObject({ key: first });
  const retried = await ask(app, "POST", "/api/v1/quarantine/retry", { all: true });
  expect(retried.json()).toMatchObject({ tried: 2, stored: 0 });
  const dropped = await ask(app, "POST", "/api/v1/quarantine/drop", { keys: [second] });
  expect(dropped.json()).toEqual({ dropped: 1 });
  expect((await b.quarantine()).items.map(({ key }) => key)).toEqual([first]);
});

test.each([
  ["PATCH", "/api/v1/links/nobody", { mode: "live" }, 404, "LINK_NOT_FOUND"],
  ["PATCH", "/api/v1/links/peer", {}, 400, "USAGE"],
  ["PATCH", "/api/v1/links/peer", { mode: "sometimes" }, 400, "USAGE"],
  ["PATCH", "/api/v1/links/peer", { direction: "sideways" }, 400, "USAGE"],
  ["PATCH", "/api/v1/links/peer", { url: "ftp://x" }, 400, "USAGE"],
  ["PATCH", "/api/v1/links/peer", { url: "http://me:secret@x" }, 400, "USAGE"],
  ["PATCH", "/api/v1/links/peer", { maxRemovals: "few" }, 400, "USAGE"],
  ["PATCH", "/api/v1/links/peer", { scope: { kinds: [] } }, 400, "INVALID_SCOPE"],
  ["PATCH", "/api/v1/links/peer", { name: "other" }, 400, "USAGE"],
  ["PATCH", "/api/v1/links/peer", { tokenFile: "/t" }, 400, "LINK_UNSUPPORTED"],
  ["POST", "/api/v1/syncs", { link: "peer", dryRun: "yes" }, 400, "USAGE"],
  ["POST", "/api/v1/syncs", { dryRun: true }, 400, "USAGE"],
  ["GET", "/api/v1/runs?links=peer", undefined, 400, "USAGE"],
  ["POST", "/api/v1/runs/00000000/undo", by, 404, "RUN_NOT_FOUND"],
  ["POST", "/api/v1/runs/last/undo", {}, 400, "USAGE"],
  ["POST", "/api/v1/runs/last/undo", { ...by, force: true }, 400, "USAGE"],
  ["GET", "/api/v1/quarantine/00000000", undefined, 404, "QUARANTINE_NOT_FOUND"],
  ["POST", "/api/v1/quarantine/retry", { keys: ["00000000"] }, 404, "QUARANTINE_NOT_FOUND"],
  ["POST", "/api/v1/quarantine/retry", { keys: [] }, 400, "USAGE"],
  ["POST", "/api/v1/quarantine/drop", { all: false }, 400, "USAGE"],
  ["POST", "/api/v1/quarantine/drop", { keys: ["00000000"], all: true }, 400, "USAGE"],
] as const)("%s %s %j answers %i %s", async (method, url, payload, status, code) => {
  const { b, app } = await linked();
  const before = [await b.links(), await b.store.head()];
  const answer = await ask(app, method, url, payload);
  expect(answer.json()).toMatchObject({ code, status });
  expect(answer.statusCode).toBe(status);
  expect([await b.links(), await b.store.head()]).toEqual(before);
});

test("changing anything needs the token", async () => {
  const app = buildApp({ instance: memoryInstance(), token: TOKEN, logger: undefined });
  for (const [method, url] of [
    ["PATCH", "/api/v1/links/peer"],
    ["POST", "/api/v1/syncs"],
    ["POST", "/api/v1/runs/last/undo"],
    ["POST", "/api/v1/quarantine/retry"],
    ["POST", "/api/v1/quarantine/drop"],
  ] as const) {
    const headers = { host: "127.0.0.1:7300" };
    const answer = await app.inject({ method, url, headers, payload: {} });
    expect(answer.json()).toMatchObject({ status: 403, code: "NOT_ALLOWED" });
  }
});
