import { type Swept, swept } from "../format/families.ts";
import type { During } from "../format/faults.ts";
import type { Scenario, Sweep } from "../format/scenario.ts";
import type { Failure } from "./failure.ts";

/** More moments than these no sync of a scenario has. */
const SWEEP_MOMENTS_MAX = 2_000;

/** A run that proves nothing, however it went. */
const NEVER_CAME = "this moment never came: the sweep tries nothing";
const ENDLESS = `the sync has over ${SWEEP_MOMENTS_MAX} such moments: the sweep ends here`;

/** How a run of a sweep went. */
interface SweptRun {
  readonly failures: readonly Failure[];
  /** What was to happen amid syncs, and did. */
  readonly happened: ReadonlySet<During>;
}

/** How a sweep is played, and who hears of its runs. */
interface Sweeper<R extends SweptRun> {
  /** Only the run of that label. */
  readonly only: string | undefined;
  readonly play: (variant: Swept) => Promise<R>;
  readonly note: (variant: Swept, run: R) => void;
}

/** Plays a sync again and again, with the fault at its first moment, its second, until there is none. */
export async function playSweep<R extends SweptRun>(
  scenario: Scenario,
  sweep: Sweep,
  { only, play, note }: Sweeper<R>,
): Promise<void> {
  const failed = (run: R, message: string): R => {
    return { ...run, failures: [...run.failures, { at: sweep.during, message }] };
  };
  for (let moment = 1, isOver = false; !isOver; moment++) {
    const variant = swept(scenario, sweep, moment);
    isOver = moment > SWEEP_MOMENTS_MAX;
    if (only !== undefined && only !== variant.label) continue;
    const run = await play(variant);
    const hasCome = run.happened.has(variant.fault);
    if (hasCome && isOver) note(variant, failed(run, ENDLESS));
    else if (hasCome) note(variant, run);
    else if (moment === 1 || only !== undefined) note(variant, failed(run, NEVER_CAME));
    isOver ||= !hasCome;
  }
}
