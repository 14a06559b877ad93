import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { type ChaosReport, chaos } from "./chaos.ts";

const USAGE = "usage: npm run chaos -- [--cycles N] [--seed S] [--mode live|manual]";
const CYCLES = 400;

interface Request {
  readonly cycles: number;
  readonly seed: number;
  readonly mode: "live" | "manual";
}

function requestOf(args: readonly string[]): Request | undefined {
  try {
    const text = { type: "string" } as const;
    const options = { cycles: text, seed: text, mode: text };
    const { values } = parseArgs({ args: [...args], options });
    const seed = Number(values.seed ?? randomInt(2 ** 31));
    const cycles = Number(values.cycles ?? CYCLES);
    const { mode = "live" } = values;
    const isFine = cycles > 0 && seed >= 0 && (mode === "live" || mode === "manual");
    return isFine ? { cycles, seed, mode } : undefined;
  } catch {
    return undefined;
  }
}

const request = requestOf(process.argv.slice(2));
if (request === undefined) {
  console.error(USAGE);
  process.exit(2);
}
const { cycles, seed, mode } = request;
console.error(`${cycles} cycles, seed ${seed}, ${mode} link`);
const report: ChaosReport = await chaos({
  ...{ cycles, seed, mode },
  onCycle: (told) => console.error(told),
});
console.log(JSON.stringify(report, undefined, 2));
const isFine = report.isEqual && report.lost.length === 0 && report.damage.length === 0;
console.log(isFine ? "nothing lost, nothing damaged" : "FAILED");
process.exitCode = isFine ? 0 : 1;
