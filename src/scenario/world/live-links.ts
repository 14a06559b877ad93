import { LinkRunner } from "../../sync/schedule/link-runner.ts";
import { LIVE } from "../../sync/schedule/mode.ts";
import { ownerOf, type PlannedLink } from "./links.ts";
import type { World } from "./world.ts";

/** Keeps all links of a world live, in each life of their owners, as `syncline serve` does. */
export function keepLive(world: World): void {
  const startLinksOf = (name: string): void => {
    for (const link of world.links) if (ownerOf(link) === name) startLink(world, link);
  };
  for (const name of world.instances.keys()) startLinksOf(name);
  world.onStarted = startLinksOf;
}

function startLink(world: World, link: PlannedLink): void {
  const { clock, random, running } = world.get(ownerOf(link));
  if (running === undefined) return;
  const { process } = running;
  const runner = new LinkRunner({
    ...{ link: link.name, mode: LIVE, clock, random, timers: process.timers },
    // Nothing ends any more in a process that is dead.
    run: async (_name, how) => (await world.runLink(link, how)) ?? new Promise(() => {}),
    onEvent: ({ event }) => world.marks.add(`live ${event}`),
  });
  runner.start(null);
}
