// Plants one bug, and simulates seeds until one of them fails: `node find.ts NAME SEEDS`.
import { MUTANTS } from "./mutants.ts";
import { plantMutant } from "./plant.ts";
import { PLANTED_NAMES } from "./seeds-until-found.ts";

type PlantedName = (typeof PLANTED_NAMES)[number];

const [name = "", seeds = "0"] = process.argv.slice(2);
if (MUTANTS.some((one) => one.name === name)) plantMutant(name);

// What is loaded before the bug is planted would be without it.
const stores = await import("../planted/planted.ts");
const parts = await import("../planted/planted-parts.ts");
const mappings = await import("../planted/planted-mappings.ts");
const { simulate } = await import("../simulate.ts");
const { DETERMINISM_EVERY, simulateTwice } = await import("../determinism.ts");
const planted = { ...stores, ...parts, ...mappings };
const fault = PLANTED_NAMES.includes(name as never) ? planted[name as PlantedName] : {};

let found: { readonly seed: number; readonly invariant: string } | undefined;
for (let seed = 0; seed < Number(seeds) && found === undefined; seed++) {
  const run = seed % DETERMINISM_EVERY === 0 ? simulateTwice : simulate;
  const [first] = (await run({ seed, planted: fault })).violations;
  if (first !== undefined) found = { seed, invariant: first.invariant };
}
console.log(JSON.stringify(found ?? null));
