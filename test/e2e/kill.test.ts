// Proves that a sync survives the sudden end of either side, and a person's Ctrl-C: what is stored
// is sound, an interrupted run never counts as done, and the next one goes on where it stopped.
import { afterEach, beforeAll, expect, test } from "vitest";
import { openInstance } from "../../src/index.ts";
import type { StatusView } from "../../src/instance/instance.ts";
import type { RunRow } from "../../src/store/rows.ts";
import { testFolder, writeLargeDump } from "./folder.ts";
import {
  type Process,
  type Server,
  serve as serveFolder,
  shell,
  start,
  syncline,
} from "./syncline.ts";

const PACKAGES = 6000;
const path = testFolder();
const a = path("a");
/** A machine that is busy elsewhere may finish a sync before the test can strike. */
const AGAIN = { retry: 2 };
let whole: StatusView;
let followers = 0;
let server: Server | undefined;

afterEach(async () => void (await server?.stop("SIGKILL")));

async function serve(port = 0): Promise<void> {
  server = await serveFolder(a, port);
}

beforeAll(async () => {
  writeLargeDump(path("large.jsonl"), PACKAGES);
  expect((await shell("syncline init a && syncline -C a import large.jsonl", path("."))).code).toBe(
    0,
  );
  whole = await status(a);
});

async function status(folder: string): Promise<StatusView> {
  const { stdout } = await syncline(["-C", folder, "status", "--json"]);
  return JSON.parse(stdout) as StatusView;
}

/** A new instance that follows a. */
async function follower(): Promise<string> {
  const name = `b${followers++}`;
  const link = `link add hq ${server?.url} --direction pull`;
  const { code } = await shell(`syncline init ${name} && syncline -C ${name} ${link}`, path("."));
  expect(code).toBe(0);
  return path(name);
}

/** Starts a sync and resolves when a part of it, and not all, is stored. */
async function halfSynced(folder: string): Promise<Process> {
  const running = start(["-C", folder, "sync", "--json"]);
  const reader = await openInstance(folder, { readOnly: true });
  try {
    for (;;) {
      const { lsn } = await reader.store.head();
      if (lsn > 0) return running;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  } finally {
    await reader.close();
  }
}

/** The next sync takes up the rest and no more, and both sides are equal. */
async function expectResumed(folder: string, stored: number): Promise<void> {
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(PACKAGES);
  const { code, stdout } = await syncline(["-C", folder, "sync", "--json"]);
  const run = (JSON.parse(stdout) as { runs: RunRow[] }).runs[0];
  expect({ code, outcome: run?.outcome }).toEqual({ code: 0, outcome: "ok" });
  expect(run?.received.revisions).toBe(PACKAGES - stored);
  const { digest, head } = await status(folder);
  expect({ digest, head }).toEqual({ digest: whole.digest, head: whole.head });
  expect((await syncline(["-C", folder, "verify"])).stdout).toMatch(/^sound: /);
}

test("kill -9 of the side that receives", AGAIN, async () => {
  await serve();
  const b = await follower();
  const { child, result } = await halfSynced(b);
  child.kill("SIGKILL");
  await result;
  await expectResumed(b, (await status(b)).revisions);
  expect((await server?.stop())?.code).toBe(0);
});

test("kill -9 of the side that sends: the run says interrupted, exit 1", AGAIN, async () => {
  await serve();
  const port = Number(new URL(server?.url as string).port);
  const c = await follower();
  const { result } = await halfSynced(c);
  await server?.stop("SIGKILL");
  const { code, stdout } = await result;
  const run = (JSON.parse(stdout) as { runs: RunRow[] }).runs[0];
  expect({ code, outcome: run?.outcome }).toEqual({ code: 1, outcome: "interrupted" });
  const { revisions, links } = await status(c);
  expect(run?.received.revisions).toBe(revisions);
  expect(links[0]?.lastRun?.outcome).toBe("interrupted");
  await serve(port);
  await expectResumed(c, revisions);
});

test("Ctrl-C during a sync: stops at a commit, exit 1", AGAIN, async () => {
  await serve();
  const d = await follower();
  const { child, result } = await halfSynced(d);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await result;
  const run = (JSON.parse(stdout) as { runs: RunRow[] }).runs[0];
  expect({ code, outcome: run?.outcome }).toEqual({ code: 1, outcome: "interrupted" });
  expect(stderr).toContain("stopping");
  await expectResumed(d, (await status(d)).revisions);
});

test(
  "Ctrl-C during an import: says what is stored, exit 1, and can be taken up",
  AGAIN,
  async () => {
    const e = path(`e${followers++}`);
    expect((await syncline(["init", e])).code).toBe(0);
    const running = start(["-C", e, "import", path("large.jsonl")]);
    const reader = await openInstance(e, { readOnly: true });
    while ((await reader.store.head()).lsn === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await reader.close();
    running.child.kill("SIGINT");
    const { code, stderr } = await running.result;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /\nerror: .*before that: [1-9]\d* objects created.* \[INTERRUPTED\]\n/,
      ),
    });
    const again = await syncline(["-C", e, "import", path("large.jsonl")]);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^imported 6,000 lines: [\d,]+ created, 0 changed, [1-9]/);
  },
);
