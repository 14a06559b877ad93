import { cpSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Instance, openInstance } from "../../src/index.ts";
import type { FaultProxy, Weather } from "../../src/scenario/real/fault-proxy.ts";
import type { Acknowledged } from "./editor.ts";
import type { ChaosNode } from "./node.ts";

/** What a disaster is done to. */
export interface Scene {
  /** Whom it hits, if it is no network. */
  readonly node: ChaosNode;
  readonly peer: ChaosNode;
  /** The side that has the link. */
  readonly dialer: ChaosNode;
  readonly proxy: FaultProxy;
  /** Edits that a restore took, and that nobody else had. */
  readonly knownLost: Set<string>;
  /** Edits made in copies of folders. */
  readonly ofCopies: Acknowledged[];
}

/** Begins it; what it returns ends it. */
export type Disaster = (scene: Scene) => Promise<() => Promise<void>>;

const nothing = async (): Promise<void> => {};
const NOTICED_MS_MAX = 60_000;

/** Weather for a while. */
function weather(bad: Weather): Disaster {
  return async ({ proxy }) => {
    proxy.weather = bad;
    return async () => {
      proxy.weather = {};
      // What is behind a black hole would wait for its time-out.
      if (bad.blackHole === true) proxy.cut();
    };
  };
}

export type DisasterName =
  | "kill"
  | "stop"
  | "diskFull"
  | "restore"
  | "clone"
  | "cut"
  | "reset"
  | "slow"
  | "late"
  | "sliced"
  | "blackHole";

export const DISASTERS: Readonly<Record<DisasterName, Disaster>> = {
  kill: async ({ node }) => {
    await node.kill();
    return () => node.start();
  },
  stop: async ({ node: { server } }) => {
    server?.pause();
    return async () => server?.resume();
  },
  diskFull: async ({ node: { server } }) => {
    await server?.limitFiles(0);
    return async () => server?.limitFiles(undefined);
  },
  /** The folder is taken back to what it was at some disaster before, or a moment ago. */
  restore: async ({ node, peer, knownLost, ofCopies }) => {
    await node.backUp();
    await delay(200);
    await node.kill();
    await node.setBack();
    // What came to the peer alone, perhaps from a copy, may be taken from the peer next.
    const all = [...node.editor.acknowledged, ...peer.editor.acknowledged, ...ofCopies];
    const missing = new Set(await node.lost(all));
    for (const one of await peer.lost(all)) if (missing.has(one)) knownLost.add(one.record);
    return () => node.start();
  },
  clone,
  cut: async ({ proxy }) => {
    proxy.cut();
    return nothing;
  },
  reset: async ({ proxy }) => {
    proxy.reset();
    return nothing;
  },
  slow: weather({ bytesPerSecond: 20_000 }),
  late: weather({ latencyMs: 40 }),
  sliced: weather({ sliceBytes: 1 }),
  blackHole: weather({ blackHole: true }),
};

export const WEIGHTS: Readonly<Record<DisasterName, number>> = {
  ...{ kill: 10, stop: 2, diskFull: 2, restore: 2, clone: 1 },
  ...{ cut: 2, reset: 2, slow: 1, late: 1, sliced: 1, blackHole: 2 },
};

/** Those that are done to one side. */
export const SIDED: ReadonlySet<string> = new Set(["kill", "stop", "diskFull", "restore"]);

/**
 * Somebody copies the folder with the link and goes on with both, until one of them is refused; then
 * the copy gets an identity of its own, and brings over what was done in it.
 */
async function clone({ dialer, ofCopies }: Scene): Promise<() => Promise<void>> {
  const folder = `${dialer.folder}-copy`;
  await dialer.kill();
  cpSync(dialer.folder, folder, { recursive: true });
  await dialer.start();
  return async () => {
    const copy = await openInstance(folder);
    try {
      await untilNoticed(copy, dialer);
      await copy.takeNewIdentity({ name: "copy" });
      const name = `copied-${ofCopies.length}`;
      const { revisions } = await copy.create("package", { name }, { author: "copier" });
      await untilOk(copy);
      for (const { id, object } of revisions) {
        ofCopies.push({ record: id, object, isPurge: false });
      }
    } finally {
      await copy.close();
      rmSync(folder, { recursive: true });
    }
  };
}

async function untilNoticed(copy: Instance, dialer: ChaosNode): Promise<void> {
  for (const endMs = performance.now() + NOTICED_MS_MAX; performance.now() < endMs; ) {
    const writer = await dialer.writer();
    const runs = [await copy.sync("a"), await writer?.sync("a").catch(() => undefined)];
    if (runs.some((run) => run?.error?.code === "SAME_IDENTITY")) return;
    await delay(100);
  }
  throw new Error("two copies of an instance are in use, and nobody noticed");
}

async function untilOk(copy: Instance): Promise<void> {
  for (const endMs = performance.now() + NOTICED_MS_MAX; ; await delay(100)) {
    const { outcome, error } = await copy.sync("a");
    if (outcome === "ok") return;
    if (performance.now() > endMs) throw new Error(`the copy cannot sync: ${error?.message}`);
  }
}
