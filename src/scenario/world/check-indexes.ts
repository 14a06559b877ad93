import type { World } from "./world.ts";

/** What an index may still need for what was committed last. */
const CATCH_UP_MS = 1_000;

/** Reports what the search indexes of a quiet world do not cover, or have otherwise than the logs. */
export async function checkIndexes(world: World): Promise<void> {
  const indexed = [...world.instances.values()].filter((one) => one.isIndexed);
  if (indexed.length === 0 || world.isBroken) return;
  await world.scheduler.run({ timeMs: world.scheduler.nowMs + CATCH_UP_MS });
  for (const instance of indexed) {
    const { name, indexed: covered = 0 } = instance;
    const end = world.watch.lifeOf(name).mirror.entries.at(-1)?.lsn ?? 0;
    const behind = covered < end ? [`the index covers ${covered} of ${end}`] : [];
    for (const wrong of [...behind, ...(await instance.indexFindings())]) {
      world.report({ invariant: "searchable", detail: `${name}: ${wrong}` });
    }
  }
}
