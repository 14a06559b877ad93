// Proves that each door takes or refuses whatever it is fed, in a bounded number of inputs: never a
// fault inside, never a changed state. `npm run fuzz` goes on for as long as wanted.
import { describe, expect, test } from "vitest";
import { fuzzOne, printFuzzFailure } from "./fuzz.ts";
import { demand, type FuzzTarget } from "./target.ts";
import { FUZZ_TARGETS } from "./targets/all.ts";

/** Inputs of one door; sessions and zstd streams cost more than the others. */
const INPUTS = 3_000;
const INPUTS_OF: Readonly<Record<string, number>> = { batch: 800, session: 400 };

describe("whatever is fed to it, is taken or refused:", () => {
  test.each(FUZZ_TARGETS.map((target) => [target.name, target] as const))(
    "%s",
    async (name, target) => {
      for (let seed = 0; seed < (INPUTS_OF[name] ?? INPUTS); seed++) {
        const failure = await fuzzOne(target, seed);
        expect(failure && printFuzzFailure(failure)).toBeUndefined();
      }
    },
    60_000,
  );
});

test("a door with a fault is found, with a small input and the command that replays it", async () => {
  const faulty: FuzzTarget = {
    name: "faulty",
    seeds: [Buffer.from("some text that is long enough to be made smaller")],
    feed: (bytes) => demand(!Buffer.from(bytes).includes("~"), "there is a tilde"),
  };
  const found = [];
  for (let seed = 0; seed < 200; seed++) found.push(await fuzzOne(faulty, seed));
  const [failure] = found.filter((one) => one !== undefined);
  expect(Buffer.from(failure?.input ?? []).toString()).toBe("~");
  expect(failure && printFuzzFailure(failure)).toContain(`--seed ${failure?.seed} --inputs 1`);
});
