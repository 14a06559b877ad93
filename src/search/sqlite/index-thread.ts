/** The thread that writes the search index: reads the catalog through a connection of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { asSynclineError } from "../../base/errors.ts";
import { systemClock } from "../../base/ports/clock.ts";
import { systemRandom } from "../../base/ports/random.ts";
import { systemTimers } from "../../base/ports/timers.ts";
import { translated } from "../../store/sqlite/database.ts";
import { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import { IndexKeeper } from "./index-keeper.ts";
import { StepPace } from "./step-pace.ts";
import type { FromIndexThread, IndexThreadData, ToIndexThread } from "./thread-follower.ts";

/** Long steps: each ends in a segment of the index, and merging those is most of the work. */
const STEP_ENTRIES = 1024;

const { file, catalogFile } = workerData as IndexThreadData;
let catalog: SqliteStore | undefined;
let keeper: IndexKeeper | undefined;
let scheduled: NodeJS.Immediate | undefined;

function report(message: FromIndexThread): void {
  parentPort?.postMessage(message);
}

function follow(): void {
  scheduled ??= setImmediate(step);
}

function step(): void {
  scheduled = undefined;
  try {
    catalog ??= SqliteStore.open(catalogFile, {
      mode: "read",
      clock: systemClock,
      random: systemRandom,
    });
    keeper ??= new IndexKeeper(file, catalog, STEP_ENTRIES);
    const outcome = keeper.step();
    if (!outcome.done) follow();
    report(outcome);
  } catch (error) {
    report({ failed: asSynclineError(translated(error, file)).toJSON() });
  }
}

const pace = new StepPace(systemTimers, follow);

parentPort?.on("message", (message: ToIndexThread) => {
  if (message !== "close") {
    const excerpt = message.follow;
    if (excerpt !== null) keeper?.hand(excerpt);
    if (excerpt === null || keeper === undefined) pace.hurry();
    else pace.added(excerpt.to - excerpt.after);
    return;
  }
  pace.end();
  clearImmediate(scheduled);
  keeper?.close();
  catalog?.close();
  parentPort?.close();
});

// Opens the files and looks for what a process left that ended: the first commit finds it all ready.
follow();
