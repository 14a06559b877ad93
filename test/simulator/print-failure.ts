import { replayWords, shrink } from "./shrink/shrink.ts";
import type { Report } from "./simulate.ts";

const VIOLATIONS_SHOWN_MAX = 5;

/** What a person needs of a seed that failed: what did not hold, and how to see it again. */
export function printFailure({ seed, summary, violations }: Report): string {
  const shown = violations.slice(0, VIOLATIONS_SHOWN_MAX);
  return [
    `seed ${seed} failed: ${summary}`,
    ...shown.map(({ invariant, detail }) => `  ${invariant}: ${detail}`),
    ...(violations.length > shown.length ? [`  … ${violations.length} in all`] : []),
    `  replay: npm run simulate -- --seed ${seed} --seeds 1 --trace`,
  ].join("\n");
}

/** The same, and made small: fewer events, and a scenario file in a folder that fails alike. */
export async function explainFailure(report: Report, folder: string): Promise<string> {
  const { seed } = report;
  const words = replayWords(seed, await shrink({ seed }, report), folder);
  return [printFailure(report), ...words.map((line) => `  ${line}`)].join("\n");
}
