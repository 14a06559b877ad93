import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Prng } from "../../src/scenario/random/prng.ts";
import { FaultProxy } from "../../src/scenario/real/fault-proxy.ts";
import { syncline } from "../e2e/syncline.ts";
import { DISASTERS, type DisasterName, SIDED, WEIGHTS } from "./disasters.ts";
import { type Acknowledged, ChaosNode } from "./node.ts";

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
    const nodes: ChaosNode[] = [];
    for (const name of ["a", "b"]) {
      const folder = join(this.#root, name);
      await syncline(["init", folder, "--name", name]);
      nodes.push(new ChaosNode(name, folder, await freePort(), new Prng(seed, `edits ${name}`)));
    }
    const [a, b] = nodes as [ChaosNode, ChaosNode];
    writeFileSync(join(this.#root, "dump.jsonl"), dump.join("\n"));
    await syncline(["-C", a.folder, "import", join(this.#root, "dump.jsonl")]);
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
    const all = [...this.#nodes.flatMap(({ acknowledged }) => acknowledged), ...this.#ofCopies];
    const kept = all.filter(({ revision }) => !this.#knownLost.has(revision));
    const lost = await Promise.all(this.#nodes.map((node) => node.lost(kept)));
    const damage = await Promise.all(this.#nodes.map((node) => node.damage()));
    return {
      cycles: this.#options.cycles,
      faults: this.#faults,
      acknowledged: all.length,
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

async function syncOnce(node: ChaosNode): Promise<void> {
  const writer = await node.writer();
  await writer?.sync("a").catch(() => undefined);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
