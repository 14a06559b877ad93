import type { Prng } from "../../../src/scenario/random/prng.ts";
import { mend, tidyQuarantine } from "../../../src/scenario/world/mend.ts";
import type { Poison, Spoil } from "../../../src/scenario/world/poisoned-log.ts";
import type { World } from "../../../src/scenario/world/world.ts";
import type { Topology } from "./topology.ts";

const FROM_MAX = 30;
const TIDIES_MAX = 4;
const MENDED_SHARE = 0.4;

/** Another content than the record says, no canonical form, and a format of later. */
const SPOILS: readonly Spoil[] = [
  (line) =>
    line.replace(/("bodyHash":"[0-9a-f]{63})([0-9a-f])/, (_, rest, last) => {
      return rest + (last === "0" ? "1" : "0");
    }),
  (line) => line.replace(",", ", "),
  (line) => line.replace(/"v":1\}$/, '"v":2}'),
];

/** Whose log has a record that nobody else can take; everybody is told something by somebody. */
export function drawPoison({ links }: Topology, random: Prng): ReadonlyMap<string, Poison> {
  const { source } = random.pick(links);
  const poison = { from: random.magnitude(1, FROM_MAX), spoil: random.pick(SPOILS) };
  return new Map([[source, poison]]);
}

/** Schedules what people do about it: with what is refused, and perhaps at the source. */
export function schedulePoison(
  world: World,
  chaosMs: number,
  random: Prng,
  attempt: (name: string, done: Promise<void>) => void,
): void {
  const names = [...world.instances.keys()];
  for (let tidy = random.between(1, TIDIES_MAX); tidy > 0; tidy--) {
    const what = random.pick(["retry", "retry", "drop"] as const);
    world.scheduler.after(random.fraction() * chaosMs, () => {
      for (const name of names) attempt(name, tidyQuarantine(world, name, what));
    });
  }
  if (!random.chance(MENDED_SHARE)) return;
  const atMs = random.fraction() * chaosMs;
  world.scheduler.after(atMs, () => {
    for (const name of names) mend(world, name);
  });
}
