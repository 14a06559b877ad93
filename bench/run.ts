import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Phase, type RunResult, runOnce } from "./driver.ts";
import { measureLive, printLive } from "./live.ts";
import { median, table } from "./table.ts";

/**
 * `npm run bench`: two processes with SQLite files of their own, over a real socket.
 *
 *   npm run bench -- --packages 10000,100000 --runs 3
 *   npm run bench -- --json
 *   npm run bench -- --live           how long commits take over live links
 *   npm run bench -- --peers DIR      also runs other engines with the harness in DIR
 */
const { values: options } = parseArgs({
  options: {
    packages: { type: "string", default: "10000" },
    runs: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    peers: { type: "string" },
    live: { type: "boolean", default: false },
    engines: { type: "string", default: "postgres,pouchdb,sqlite-floor" },
  },
});

const PEER = fileURLToPath(new URL("./peer.ts", import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

if (options.live) await liveRun();
else if (options.peers === undefined) await ownRuns();
else peerRuns(options.peers);

async function liveRun(): Promise<void> {
  const report = await measureLive(200, 10);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : printLive(report));
}

async function ownRuns(): Promise<void> {
  const results: RunResult[] = [];
  for (const packages of options.packages.split(",").map(Number)) {
    for (let run = 1; run <= Number(options.runs); run++) {
      say(`${packages} packages, run ${run} of ${options.runs} …`);
      const result = await runOnce(packages);
      if (!result.converged) throw new Error("the two sides hold different packages");
      results.push(result);
    }
  }
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
  const report = { machine, results };
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : print(results));
}

function print(results: readonly RunResult[]): string {
  const sizes = [...new Set(results.map(({ packages }) => packages))];
  const rows = sizes.flatMap((packages) => {
    const runs = results.filter((result) => result.packages === packages);
    const names = runs[0]?.phases.map(({ name }) => name) ?? [];
    return names.map((name) => {
      const phases = runs.map((run) => run.phases.find((phase) => phase.name === name) as Phase);
      return row(packages, name, phases);
    });
  });
  const head = [
    "packages",
    "phase",
    "ms",
    "docs/s",
    "cpu s A/B",
    "peak MiB A/B",
    "bytes",
    "frames",
  ];
  return `medians of ${options.runs}\n${table([head, ...rows])}\n`;
}

function row(packages: number, name: string, phases: readonly Phase[]): string[] {
  const of = (pick: (phase: Phase) => number | undefined): number =>
    median(phases.map((phase) => pick(phase) ?? Number.NaN));
  const wall = of((phase) => phase.wallMs);
  const rate = name === "first" ? Math.round((packages / wall) * 1000).toString() : "";
  const cpu = `${of((p) => p.cpuSecondsA).toFixed(2)} / ${of((p) => p.cpuSecondsB).toFixed(2)}`;
  const peak = `${of((p) => p.peakMibA)} / ${of((p) => p.peakMibB)}`;
  const bytes = of((phase) => phase.wireBytes).toLocaleString("en-US");
  const requests = of((phase) => phase.requests).toString();
  return [packages.toString(), name, wall.toFixed(0), rate, cpu, peak, bytes, requests];
}

/** Runs other engines and this one by turns with the harness's own driver; it prints the results. */
function peerRuns(folder: string): void {
  for (const packages of options.packages.split(",")) {
    const engines = options.engines.split(",").map((name) => [`peers/${name}.mjs`, "bench"]);
    for (const command of [...engines, ["external.mjs", "syncline", PEER]]) {
      const args = ["--expose-gc", ...command, packages, options.runs];
      say(`node ${args.join(" ")}`);
      const { status } = spawnSync(process.execPath, args, { cwd: folder, stdio: "inherit" });
      if (status !== 0) process.exitCode = 1;
    }
  }
}
