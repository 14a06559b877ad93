import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { type ChaosReport, chaos } from "./chaos.ts";

const USAGE = "usage: npm run chaos -- [--cycles N] [--seed S] [--mode live|manual]";
const CYCLES = 400;

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { cycles: text, seed: text, mode: text } });
const seed = Number(values.seed ?? randomInt(2 ** 31));
const cycles = Number(values.cycles ?? CYCLES);
const mode = values.mode ?? "live";
if (!(cycles > 0 && seed >= 0 && (mode === "live" || mode === "manual"))) {
  console.error(USAGE);
  process.exit(2);
}
console.error(`${cycles} cycles, seed ${seed}, ${mode} link`);
const report: ChaosReport = await chaos({
  ...{ cycles, seed, mode },
  onCycle: (told) => console.error(told),
});
console.log(JSON.stringify(report, undefined, 2));
const isFine = report.isEqual && report.lost.length === 0 && report.damage.length === 0;
console.log(isFine ? "nothing lost, nothing damaged" : "FAILED");
process.exitCode = isFine ? 0 : 1;
