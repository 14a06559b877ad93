import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { asSynclineError } from "../../base/errors.ts";
import type { Scenario } from "../format/scenario.ts";
import type { ScenarioResult } from "../report/result.ts";
import { passingFolder } from "../world/durable.ts";

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

export interface PlayOptions {
  readonly onResult?: (result: ScenarioResult) => void;
  /** Ends what is played; what was not played to its end has no result. */
  readonly signal?: AbortSignal;
}

/** Plays scenarios on as many threads as there are cores; the results are in the order given. */
export async function playAll(
  plays: readonly Play[],
  options: PlayOptions = {},
): Promise<readonly ScenarioResult[]> {
  const folder = passingFolder();
  try {
    return await playEach(plays, options, async () => {
      const worker = new Worker(SCRIPT, { workerData: { folder } });
      const stop = (): void => void worker.terminate();
      options.signal?.addEventListener("abort", stop, { once: true });
      return {
        play: (one) => playOn(worker, one),
        end: () => worker.terminate(),
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Somebody who plays one scenario after the other. */
export interface Player {
  /** Undefined when it was ended on the way. */
  play(play: Play): Promise<ScenarioResult | undefined>;
  end(): unknown;
}

/** Plays scenarios by as many players as there are cores. */
export async function playEach(
  plays: readonly Play[],
  { onResult, signal }: PlayOptions,
  newPlayer: () => Promise<Player>,
): Promise<readonly ScenarioResult[]> {
  const results: (ScenarioResult | undefined)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const player = await newPlayer();
    try {
      for (let at = next++; at < plays.length && signal?.aborted !== true; at = next++) {
        const result = await player.play(plays[at] as Play);
        results[at] = result;
        if (result !== undefined) onResult?.(result);
      }
    } finally {
      await player.end();
    }
  };
  const count = Math.min(availableParallelism(), plays.length);
  await Promise.all(Array.from({ length: count }, work));
  return results.filter((result) => result !== undefined);
}

function playOn(worker: Worker, play: Play): Promise<ScenarioResult | undefined> {
  return new Promise((resolve, reject) => {
    const over = (result: ScenarioResult | undefined, error?: unknown): void => {
      worker.off("message", over).off("error", fail).off("exit", gone);
      if (error === undefined) resolve(result);
      else reject(asSynclineError(error));
    };
    const fail = (error: unknown): void => over(undefined, error);
    const gone = (): void => over(undefined);
    worker.once("message", over).once("error", fail).once("exit", gone);
    worker.postMessage(play);
  });
}
