import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { asSynclineError } from "../../base/errors.ts";
import type { Scenario } from "../format/scenario.ts";
import type { ScenarioResult } from "../report/result.ts";

/** One file to be played. */
export interface Play {
  readonly file: string;
  readonly scenario: Scenario;
  /** Only the run of that label. */
  readonly only?: string | undefined;
}

const SCRIPT = new URL(
  import.meta.url.endsWith(".ts") ? "./play-thread.ts" : "./play-thread.js",
  import.meta.url,
);

/** Plays scenarios on as many threads as there are cores; the results are in the order given. */
export async function playAll(
  plays: readonly Play[],
  onResult: (result: ScenarioResult) => void = () => {},
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  let next = 0;
  const threads = Array.from(
    { length: Math.min(availableParallelism(), plays.length) },
    async () => {
      const worker = new Worker(SCRIPT);
      try {
        for (let at = next++; at < plays.length; at = next++) {
          const result = await playOn(worker, plays[at] as Play);
          results[at] = result;
          onResult(result);
        }
      } finally {
        await worker.terminate();
      }
    },
  );
  await Promise.all(threads);
  return results;
}

function playOn(worker: Worker, play: Play): Promise<ScenarioResult> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(asSynclineError(error));
    worker.once("message", (result: ScenarioResult) => {
      worker.off("error", fail);
      resolve(result);
    });
    worker.once("error", fail);
    worker.postMessage(play);
  });
}
