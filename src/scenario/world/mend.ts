import type { RevisionId } from "../../base/ids.ts";
import type { QuarantineRow } from "../../store/rows.ts";
import { flowsOf } from "./links.ts";
import type { World } from "./world.ts";

/** From now on an instance reads its log as it is; its process ends. */
export function mend(world: World, name: string): void {
  const instance = world.get(name);
  if (instance.poison === undefined) return;
  instance.poison = undefined;
  world.trace.add(name, "is mended: it reads its log as it is");
  world.crash(name);
}

/** What people do about what their instance refused: they try all again, or forget it. */
export async function tidyQuarantine(
  world: World,
  name: string,
  what: "retry" | "drop",
): Promise<void> {
  const { durable, running } = world.get(name);
  const rows = await durable.quarantine();
  // What a link does not take by its rules is for its runs; who forgets it never gets it.
  if (running === undefined || rows.length === 0 || rows.some(isByRules)) return;
  world.trace.add(name, `${what} ${rows.length} in quarantine`);
  world.marks.add(`quarantine: ${what}`);
  const keys = rows.map(({ key }) => key);
  if (what === "retry") await running.store.retryQuarantined(keys);
  else await running.store.dropQuarantined(keys);
}

function isByRules({ code }: { readonly code: string }): boolean {
  return code === "ORGANIZATION_UNMAPPED" || code === "PURGE_REFUSED";
}

/**
 * Once all is mended, they forget what is no good of records that they have, and what none has any more
 * of those they receive from, since the only one that had it was set back, or shunned it.
 */
export async function forgetSpoiled(world: World): Promise<void> {
  const instances = [...world.instances.values()];
  if (instances.every(({ misread }) => misread.size === 0)) return;
  const flows = world.links.flatMap(flowsOf);
  const mayCome = (name: string, { id }: QuarantineRow): boolean =>
    flows.some(({ source, target }) => {
      return target === name && world.watch.lifeOf(source).mirror.has(id as RevisionId);
    });
  for (const { name, durable } of instances) {
    const rows = await durable.quarantine();
    const spoiled = rows.filter((row) => {
      return world.watch.hadBefore(name, row.id) || !mayCome(name, row);
    });
    if (spoiled.length > 0) await durable.dropQuarantined(spoiled.map(({ key }) => key));
  }
}
