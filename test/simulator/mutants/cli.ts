// `npm run test:mutants`: known bugs, planted one at a time; the random seeds have to find each of them.
// Prints by which invariant, and how many seeds that took.
import { MUTANTS } from "./mutants.ts";
import { PLANTED_NAMES, seedsUntilFound } from "./seeds-until-found.ts";

const SEEDS_MAX = 2_000;

let missed = 0;
for (const name of [...PLANTED_NAMES, ...MUTANTS.map((one) => one.name)]) {
  const found = seedsUntilFound(name, SEEDS_MAX);
  if (found === undefined) missed += 1;
  const how = found === undefined ? "NOT FOUND" : `${found.seeds} seeds, ${found.invariant}`;
  console.log(`${name}: ${how}`);
}
process.exitCode = missed === 0 ? 0 : 1;
