import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { fuzzOne, printFuzzFailure } from "./fuzz.ts";
import type { FuzzTarget } from "./target.ts";
import { FUZZ_TARGETS } from "./targets/all.ts";

const USAGE =
  "usage: npm run fuzz -- [--target NAME] [--seconds N | --inputs N] [--seed S]\n" +
  `targets: ${FUZZ_TARGETS.map(({ name }) => name).join(", ")}`;
const SECONDS = 60;
const SEED_MAX = 2 ** 31;
/** Inputs of one target before it is the next one's turn. */
const TURN = 200;

interface Request {
  readonly targets: readonly FuzzTarget[];
  readonly seconds: number;
  readonly inputs: number;
  readonly seed: number;
}

/** Feeds the targets in turns until time or number is reached; true when nothing failed. */
async function main({ targets, seconds, inputs, seed }: Request): Promise<boolean> {
  const endMs = performance.now() + seconds * 1000;
  let done = 0;
  let failed = 0;
  while (done < inputs && performance.now() < endMs) {
    const turn = Math.min(TURN, inputs - done);
    for (const target of targets) {
      for (let number = 0; number < turn; number++) {
        const failure = await fuzzOne(target, seed + done + number);
        if (failure === undefined) continue;
        failed += 1;
        console.log(printFuzzFailure(failure));
      }
    }
    done += turn;
  }
  console.log(`${done} inputs for each of ${targets.length} targets, ${failed} failed`);
  return failed === 0;
}

function requestOf(args: readonly string[]): Request | undefined {
  try {
    const text = { type: "string" } as const;
    const options = { target: text, seconds: text, inputs: text, seed: text };
    const { values } = parseArgs({ args: [...args], options });
    const targets = FUZZ_TARGETS.filter(({ name }) => name === (values.target ?? name));
    const numbers = {
      seconds: Number(values.seconds ?? (values.inputs === undefined ? SECONDS : 1e9)),
      inputs: Number(values.inputs ?? Number.MAX_SAFE_INTEGER),
      seed: Number(values.seed ?? randomInt(SEED_MAX)),
    };
    const isFine = targets.length > 0 && Object.values(numbers).every((one) => one >= 0);
    return isFine ? { targets, ...numbers } : undefined;
  } catch {
    return undefined;
  }
}

const request = requestOf(process.argv.slice(2));
if (request === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = (await main(request)) ? 0 : 1;
}
