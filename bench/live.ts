import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Role } from "./role.ts";
import { table } from "./table.ts";

/**
 * `npm run bench -- --live`: how long a commit takes to its peer over live links on the loopback
 * interface; one peer with a catalog on disk, then 50 in memory, then one that stops reading.
 */
const ROLE = fileURLToPath(new URL("./live-role.ts", import.meta.url));
const PACKAGES = 1000;
const PEERS = 50;

interface Edited {
  readonly commits: readonly (readonly [id: string, atMs: number])[];
  readonly tookMs: number;
}

interface Seen {
  readonly readable: readonly (readonly [id: string, atMs: readonly number[]])[];
  readonly findable: readonly (readonly [id: string, atMs: number])[];
}

/** Milliseconds from commit, over all edits. */
export interface Delay {
  readonly what: string;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LiveReport {
  readonly delays: readonly Delay[];
  readonly editsPerSecond: number;
  readonly memoryMib: Readonly<Record<string, number>>;
  /** Of the machine, over one minute, before and after. */
  readonly load: readonly [before: number, after: number];
}

export async function measureLive(perSecond: number, seconds: number): Promise<LiveReport> {
  const folder = mkdtempSync(join(tmpdir(), "syncline-live-"));
  const start = (name: string): Role => new Role(ROLE, [join(folder, name)]);
  const [a, b, many, way] = [start("a"), start("b"), start("many"), start("way")];
  const before = loadavg()[0] as number;
  try {
    await a.call("open", "a");
    await b.call("open", "b");
    await a.call("load", PACKAGES);
    const port = await a.call<number>("serve");
    await b.call("link", `http://127.0.0.1:${port}`);
    const memoryMib: Record<string, number> = { "hub, 1 link": await a.call("memory") };
    const edited = await a.call<Edited>("edit", perSecond, seconds, PACKAGES);
    const delays = await delaysAt(b, edited, "1 peer on disk");
    await many.call("peers", PEERS, `http://127.0.0.1:${port}`);
    memoryMib[`hub, ${PEERS + 1} links`] = await a.call("memory");
    const toAll = await a.call<Edited>("edit", 20, 5, PACKAGES);
    delays.push(...(await delaysAt(many, toAll, `${PEERS} peers in memory`)));
    memoryMib[`hub, ${PEERS + 1} links, after edits`] = await a.call("memory");
    await many.stop();
    const detour = await way.call<number>("stoppable", port);
    await way.call("peers", 1, `http://127.0.0.1:${detour}`);
    await way.call("stall");
    await a.call("edits", 20_000, PACKAGES);
    memoryMib["hub, a peer behind 20,000 edits that reads nothing"] = await a.call("memory");
    const editsPerSecond = Math.round((edited.commits.length / edited.tookMs) * 1000);
    return { delays, editsPerSecond, memoryMib, load: [before, loadavg()[0] as number] };
  } finally {
    for (const role of [way, many, b, a]) await role.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function delaysAt(peer: Role, { commits }: Edited, who: string): Promise<Delay[]> {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const { readable, findable } = await peer.call<Seen>("seen");
  const byId = new Map(readable);
  const found = new Map(findable);
  const read = commits.flatMap(([id, atMs]) => (byId.get(id) ?? []).map((ms) => ms - atMs));
  const search = commits.flatMap(([id, atMs]) => {
    const ms = found.get(id);
    return ms === undefined ? [] : [ms - atMs];
  });
  const delays = [delay(`${who}: readable`, read)];
  return search.length === 0 ? delays : [...delays, delay(`${who}: found by search`, search)];
}

function delay(what: string, unsorted: readonly number[]): Delay {
  const ms = unsorted.toSorted((one, other) => one - other);
  const at = (share: number): number => ms[Math.floor((ms.length - 1) * share)] ?? Number.NaN;
  return { what, count: ms.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function printLive({ delays, editsPerSecond, memoryMib, load }: LiveReport): string {
  const row = ({ what, count, p50, p99, max }: Delay): string[] => {
    return [what, `${count}`, ...[p50, p99, max].map((ms) => ms.toFixed(1))];
  };
  const memory = Object.entries(memoryMib).map(([what, mib]) => [what, `${mib}`]);
  const loads = load.map((one) => one.toFixed(1)).join(" to ");
  return [
    `${editsPerSecond} edits/s; load of the machine ${loads}\n`,
    table([["commit to", "edits", "p50 ms", "p99 ms", "max ms"], ...delays.map(row)]),
    `\n\n${table([["resident memory", "MiB"], ...memory])}\n`,
  ].join("");
}
