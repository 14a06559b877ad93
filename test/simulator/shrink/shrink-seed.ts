import type { World } from "../../../src/scenario/world/world.ts";
import { type Kept, type Report, type SimulateOptions, simulate } from "../simulate.ts";
import { Recorder } from "./recorder.ts";
import { type Budget, reduce } from "./reduce.ts";
import { versionOf } from "./tell-deeds.ts";
import type { Cast } from "./to-scenario.ts";

/** A failing seed with fewer events and faults, and what happens in it until it fails. */
export interface SmallSeed {
  readonly kept: Kept;
  readonly recorder: Recorder;
  readonly cast: Cast;
}

/** Leaves out events and classes of faults of a seed's plan while the same invariant fails. */
export async function shrinkSeed(
  { seed, planted = {} }: SimulateOptions,
  failed: Report,
  budget: Budget,
): Promise<SmallSeed> {
  const [first] = failed.violations;
  const fails = async (kept: Kept): Promise<boolean> => {
    const { violations } = await simulate({ seed, planted, kept });
    return violations[0]?.invariant === first?.invariant;
  };
  let kept: Kept = {
    events: new Set(Array.from({ length: failed.events }, (_, at) => at)),
    faults: failed.faults,
  };
  const faults = await reduce([...kept.faults], budget, (rest) =>
    fails({ ...kept, faults: new Set(rest) }),
  );
  kept = { ...kept, faults: new Set(faults) };
  const events = await reduce([...kept.events], budget, (rest) =>
    fails({ ...kept, events: new Set(rest) }),
  );
  kept = { ...kept, events: new Set(events) };
  return { kept, ...(await recorded({ seed, planted, kept })) };
}

/** Plays it once more, and writes down what happens. */
async function recorded(options: SimulateOptions): Promise<Pick<SmallSeed, "recorder" | "cast">> {
  let made: Pick<SmallSeed, "recorder" | "cast"> | undefined;
  await simulate({
    ...options,
    onWorld: (world) => {
      const recorder = new Recorder(world);
      made = { recorder, cast: castOf(options.seed, world) };
      return recorder;
    },
  });
  return made as NonNullable<typeof made>;
}

function castOf(seed: number, { instances, links, files }: World): Cast {
  const specs = [...instances.values()].map(({ name, next }) => {
    const store = files.has(name) ? { store: "sqlite" as const } : {};
    return [name, { ...store, ...versionOf(next) }] as const;
  });
  return { seed, links: [...links], instances: Object.fromEntries(specs) };
}
