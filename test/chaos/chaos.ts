import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectId } from "../../src/base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../src/base/limits.ts";
import { openInstance } from "../../src/index.ts";
import { Prng } from "../../src/scenario/random/prng.ts";
import { FaultProxy } from "../../src/scenario/real/fault-proxy.ts";
import { syncline } from "../e2e/syncline.ts";
import { DISASTERS, type DisasterName, SIDED, WEIGHTS } from "./disasters.ts";
import type { Acknowledged, EditKind } from "./editor.ts";
import { ChaosNode } from "./node.ts";

export interface ChaosOptions {
  readonly seed: number;
  readonly cycles: number;
  /** `live`: the link keeps itself in step; `manual`: somebody syncs again and again. */
  readonly mode: "live" | "manual";
  /** What happens in the first cycles; what happens then is drawn. */
  readonly faults?: readonly DisasterName[];
  readonly onCycle?: (told: string) => void;
}

export interface ChaosReport {
  readonly cycles: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** Acknowledged edits by what was done. */
  readonly edits: Readonly<Partial<Record<EditKind, number>>>;
  /** What was acknowledged after a backup that was restored, and nobody else had. */
  readonly knownLost: number;
  /** What was acknowledged and is not there, on either side. */
  readonly lost: readonly Acknowledged[];
  /** What verify found on either side. */
  readonly damage: readonly string[];
  readonly isEqual: boolean;
  /** How long it took until both sides were equal again. */
  readonly settledMs: number;
}

const SETTLE_MS_MAX = 60_000;
const CALM_MS_MAX = 400;
/** How often a backup is made, if there is none that was not restored yet. */
const BACKUP_CHANCE = 0.1;

/** Two served folders, a bad network between them, and one disaster after the other. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const root = mkdtempSync(join(tmpdir(), "syncline-chaos-"));
  const run = new Chaos(root, options);
  try {
    await run.setUp();
    for (let cycle = 1; cycle <= options.cycles; cycle++) {
      const fault = await run.cycle(options.faults?.[cycle - 1]);
      options.onCycle?.(`cycle ${cycle}: ${fault}`);
    }
    return await run.settle();
  } finally {
    await run.tearDown();
    rmSync(root, { recursive: true, force: true });
  }
}

class Chaos {
  readonly #root: string;
  readonly #options: ChaosOptions;
  readonly #random: Prng;
  readonly #faults: Record<string, number> = {};
  readonly #knownLost = new Set<string>();
  readonly #ofCopies: Acknowledged[] = [];
  #nodes: readonly ChaosNode[] = [];
  #proxy: FaultProxy | undefined;
  #isSyncing = false;
  #syncing: Promise<void> = Promise.resolve();

  constructor(root: string, options: ChaosOptions) {
    this.#root = root;
    this.#options = options;
    this.#random = new Prng(options.seed, "chaos");
  }

  async setUp(): Promise<void> {
    const { seed, mode } = this.#options;
    const dump = Array.from({ length: 40 }, (_, at) => {
      return JSON.stringify({ name: `chaos-${at + 1}`, title: "Calm" });
    });
    const folders = ["a", "b"].map((name) => ({ name, folder: join(this.#root, name) }));
    for (const { name, folder } of folders) await syncline(["init", folder, "--name", name]);
    writeFileSync(join(this.#root, "dump.jsonl"), dump.join("\n"));
    await syncline(["-C", join(this.#root, "a"), "import", join(this.#root, "dump.jsonl")]);
    const shared = await packagesIn(join(this.#root, "a"));
    const nodes: ChaosNode[] = [];
    for (const one of folders) {
      const random = new Prng(seed, `edits ${one.name}`);
      nodes.push(new ChaosNode({ ...one, port: await freePort() }, { random, shared }));
    }
    const [a, b] = nodes as [ChaosNode, ChaosNode];
    this.#proxy = await FaultProxy.listen(a.port);
    const link = ["a", `http://127.0.0.1:${this.#proxy.port}`, "--direction", "both"];
    await syncline(["-C", b.folder, "link", "add", ...link, "--mode", mode]);
    this.#nodes = nodes;
    await Promise.all(nodes.map((node) => node.start()));
    for (const node of nodes) node.beginEditing();
    if (mode === "manual") this.#beginSyncing(b);
  }

  #beginSyncing(node: ChaosNode): void {
    this.#isSyncing = true;
    this.#syncing = (async () => {
      while (this.#isSyncing) {
        await syncOnce(node);
        await this.#calm();
      }
    })();
  }

  #calm(): Promise<void> {
    const ms = this.#random.between(10, CALM_MS_MAX);
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** One disaster, some time under it, and its end. */
  async cycle(wanted?: DisasterName): Promise<string> {
    const fault = wanted ?? this.#random.weighted(WEIGHTS);
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
    const node = this.#random.pick(this.#nodes);
    const [a, b] = this.#nodes as [ChaosNode, ChaosNode];
    const peer = node === a ? b : a;
    // Some edits lie between a backup and the disaster that it is restored in.
    if (this.#random.chance(BACKUP_CHANCE)) await node.backUp();
    await this.#calm();
    const [knownLost, ofCopies] = [this.#knownLost, this.#ofCopies];
    const proxy = this.#proxy as FaultProxy;
    const scene = { node, peer, dialer: b, proxy, knownLost, ofCopies };
    const end = await DISASTERS[fault](scene);
    await this.#calm();
    await end();
    return SIDED.has(fault) ? `${fault} ${node.name}` : fault;
  }

  /** Calm weather, nobody edits: both sides have to become equal, with everything acknowledged. */
  async settle(): Promise<ChaosReport> {
    for (const node of this.#nodes) await node.endEditing();
    this.#isSyncing = false;
    await this.#syncing;
    const [a, b] = this.#nodes as [ChaosNode, ChaosNode];
    const startMs = performance.now();
    let isEqual = false;
    while (!isEqual && performance.now() - startMs < SETTLE_MS_MAX) {
      await syncOnce(b);
      isEqual = (await a.digest()) === (await b.digest());
    }
    const settledMs = Math.round(performance.now() - startMs);
    for (const node of this.#nodes) await node.stop();
    const editors = this.#nodes.map(({ editor }) => editor);
    const all = [...editors.flatMap(({ acknowledged }) => acknowledged), ...this.#ofCopies];
    const kept = all.filter(({ record }) => !this.#knownLost.has(record));
    const lost = await Promise.all(this.#nodes.map((node) => node.lost(kept)));
    const damage = await Promise.all(this.#nodes.map((node) => node.damage()));
    return {
      cycles: this.#options.cycles,
      faults: this.#faults,
      acknowledged: all.length,
      edits: sumOf(editors.map(({ counts }) => counts)),
      knownLost: this.#knownLost.size,
      lost: [...new Set(lost.flat())],
      damage: damage.filter((text) => text !== ""),
      isEqual,
      settledMs,
    };
  }

  async tearDown(): Promise<void> {
    this.#isSyncing = false;
    for (const node of this.#nodes) {
      await node.kill();
      await node.endEditing();
    }
    await this.#syncing;
    await this.#proxy?.close();
  }
}

/** Whoever syncs agrees to what is deleted and purged. */
async function syncOnce(node: ChaosNode): Promise<void> {
  const writer = await node.writer();
  await writer?.sync("a", { acceptRemovals: true }).catch(() => undefined);
}

async function packagesIn(folder: string): Promise<readonly ObjectId[]> {
  const instance = await openInstance(folder, { readOnly: true });
  try {
    const rows = await instance.store.objects({ type: "package", limit: PAGE_ITEMS_MAX });
    return rows.map(({ id }) => id);
  } finally {
    await instance.close();
  }
}

function sumOf<K extends string>(counts: readonly Partial<Record<K, number>>[]) {
  const sum: Partial<Record<K, number>> = {};
  for (const [kind, count] of counts.flatMap((one) => Object.entries(one) as [K, number][])) {
    sum[kind] = (sum[kind] ?? 0) + count;
  }
  return sum;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
