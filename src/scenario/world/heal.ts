import { resume } from "./disasters.ts";
import { NO_FAULTS } from "./faults.ts";
import { mend } from "./mend.ts";
import type { World } from "./world.ts";

/** All faults end, and everybody is up. */
export function heal(world: World): void {
  world.faults = NO_FAULTS;
  world.trace.add("*", "the network heals");
  for (const name of world.instances.keys()) {
    resume(world, name);
    mend(world, name);
    world.start(name);
  }
}
