import { SynclineError } from "../../base/errors.ts";
import type { RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";

const RUNS_SEARCHED_MAX = 10_000;
const PREFIX_CHARS_MIN = 8;

/**
 * The run that an id, the first 8 or more characters of one, or `last` names: the last is the newest
 * that changed anything here, undos apart. Throws `RUN_NOT_FOUND`, and `USAGE` for a beginning that several have.
 */
export async function findRun(store: Pick<Store, "runs">, given: string): Promise<RunRow> {
  const runs = await store.runs({ limit: RUNS_SEARCHED_MAX });
  const wanted = given.toLowerCase();
  if (wanted === "last") {
    const isChange = ({ log, policy, left }: RunRow): boolean =>
      (log ?? policy) !== undefined || (left?.dropped ?? 0) > 0;
    const last = runs.find((run) => isChange(run) && run.undo === undefined);
    if (last === undefined) throw notFound(given);
    return last;
  }
  const fitting =
    wanted.length < PREFIX_CHARS_MIN ? [] : runs.filter(({ id }) => id.startsWith(wanted));
  const [run, second] = fitting;
  if (run === undefined) throw notFound(given);
  if (second === undefined) return run;
  throw new SynclineError("USAGE", `several runs begin with "${given}"`, {
    where: given,
    hint: `give more of one: ${fitting
      .slice(0, 5)
      .map(({ id }) => id)
      .join(", ")}`,
  });
}

function notFound(given: string): SynclineError {
  const message =
    given === "last" ? "no run has changed anything here yet" : `no run "${given}" here`;
  const isShort = given !== "last" && given.length < PREFIX_CHARS_MIN;
  const least = isShort ? `; the first ${PREFIX_CHARS_MIN} characters of an id are enough` : "";
  return new SynclineError("RUN_NOT_FOUND", message, {
    where: given,
    hint: `list them: syncline sync runs${least}`,
  });
}
