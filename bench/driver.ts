import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plan } from "./generate.ts";
import { Role } from "./role.ts";

const PEER = fileURLToPath(new URL("./peer.ts", import.meta.url));
const PROXY = fileURLToPath(new URL("./proxy.ts", import.meta.url));
const HISTORY_ROUNDS = 5;

/** What one phase of a run measured. */
export interface Phase {
  readonly name: string;
  readonly wallMs: number;
  readonly cpuSecondsA: number | undefined;
  readonly cpuSecondsB: number | undefined;
  readonly peakMibA: number | undefined;
  readonly peakMibB: number | undefined;
  /** Socket payload bytes, both ways, the HTTP upgrade included. */
  readonly wireBytes: number;
  readonly requests: number;
}

export interface RunResult {
  readonly packages: number;
  readonly loadMs: number;
  readonly phases: readonly Phase[];
  readonly converged: boolean;
}

interface Sides {
  readonly a: Role;
  readonly b: Role;
  readonly proxy: Role;
}

/**
 * One run of two processes with folders of their own, B reaching A only through a counting proxy:
 * load A, first sync, no-op, 1 % edited, up to 1,000 packages edited five times.
 */
export async function runOnce(packages: number): Promise<RunResult> {
  const folder = mkdtempSync(join(tmpdir(), "syncline-bench-"));
  const start = (side: string): Role => {
    mkdirSync(join(folder, side));
    return new Role(PEER, [side, join(folder, side), "{}"]);
  };
  const sides: Sides = { a: start("A"), b: start("B"), proxy: new Role(PROXY, []) };
  try {
    return await measure(sides, packages);
  } finally {
    for (const role of [sides.b, sides.a, sides.proxy]) await role.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(sides: Sides, packages: number): Promise<RunResult> {
  const { a, b, proxy } = sides;
  await b.call("open");
  await a.call("open");
  const began = performance.now();
  await a.call("load", packages);
  const loadMs = performance.now() - began;
  await proxy.call("target", await a.call("serve"));
  const address = `127.0.0.1:${await proxy.call<number>("listen")}`;
  const edits = plan(packages);
  const sync = (name: string): Promise<Phase> => phase(sides, name, address);
  const phases = [await sync("first"), await sync("noop")];
  await a.call("edit", edits.incremental, "inc");
  phases.push(await sync("incremental"));
  for (const [side, ids, tag] of [
    [a, edits.onlyA, "a-side"],
    [b, edits.onlyB, "b-side"],
    [a, edits.both, "a-conf"],
    [b, edits.both, "b-conf"],
  ] as const) {
    await side.call("edit", ids, tag);
  }
  phases.push(await sync("twoway"));
  for (let round = 1; round <= HISTORY_ROUNDS; round++) {
    await a.call("edit", edits.history, `h${round}`);
  }
  phases.push(await sync("history"));
  const digests = [
    await a.call<{ sha: string }>("digest"),
    await b.call<{ sha: string }>("digest"),
  ];
  return { packages, loadMs, phases, converged: digests[0]?.sha === digests[1]?.sha };
}

async function phase({ a, b, proxy }: Sides, name: string, address: string): Promise<Phase> {
  await proxy.call("reset");
  await a.call("messages");
  for (const side of [a, b]) {
    await side.call("gc");
    side.resetPeak();
  }
  const [cpuA, cpuB] = [a.cpuSeconds(), b.cpuSeconds()];
  const began = performance.now();
  await b.call("sync", address, name, { both: name === "twoway" });
  const wallMs = performance.now() - began;
  const counts = await proxy.call<{ up: number; down: number }>("counts");
  return {
    name,
    wallMs,
    cpuSecondsA: since(cpuA, a.cpuSeconds()),
    cpuSecondsB: since(cpuB, b.cpuSeconds()),
    peakMibA: a.peakMib(),
    peakMibB: b.peakMib(),
    wireBytes: counts.up + counts.down,
    requests: await a.call<number>("messages"),
  };
}

function since(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from;
}
