// A thread that plays one scenario after the other.
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../base/ports/clock.ts";
import { keepFilesIn } from "../world/durable.ts";
import type { Play } from "./play-all.ts";
import { runFamily } from "./run-family.ts";

keepFilesIn((workerData as { readonly folder: string }).folder);

parentPort?.on("message", async ({ file, scenario, only }: Play) => {
  const startMs = systemClock.monotonicMs();
  const { labels, failed } = await runFamily(scenario, { only });
  const ms = Math.round(systemClock.monotonicMs() - startMs);
  parentPort?.postMessage({ file, name: scenario.name, labels, failed, ms });
});
