import { systemClock } from "../../base/ports/clock.ts";
import type { ScenarioResult } from "../report/result.ts";
import { type Play, type PlayOptions, playEach } from "../run/play-all.ts";
import { runRealFamily } from "./run-real-family.ts";

/** Plays scenarios with real processes, as many at a time as there are cores. */
export function playReal(
  plays: readonly Play[],
  options: PlayOptions = {},
): Promise<readonly ScenarioResult[]> {
  const { signal } = options;
  const play = async ({ file, scenario, only }: Play): Promise<ScenarioResult | undefined> => {
    const startMs = systemClock.monotonicMs();
    try {
      const report = await runRealFamily(scenario, { only, signal });
      const ms = Math.round(systemClock.monotonicMs() - startMs);
      return { file, name: scenario.name, ...report, ms };
    } catch (error) {
      if (signal?.aborted === true) return undefined;
      throw error;
    }
  };
  return playEach(plays, options, async () => ({ play, end() {} }));
}
