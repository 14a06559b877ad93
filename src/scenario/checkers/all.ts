import { acknowledgedKept } from "./acknowledged-kept.ts";
import { asTheOracle } from "./as-the-oracle.ts";
import { cursorsAtEnd } from "./cursors-at-end.ts";
import { denseSequences } from "./dense-sequences.ts";
import { equalStates } from "./equal-states.ts";
import { everythingArrived } from "./everything-arrived.ts";
import { goneForGood } from "./gone-for-good.ts";
import { leftIsDropped } from "./left-is-dropped.ts";
import { leftIsKept } from "./left-is-kept.ts";
import { mapped } from "./mapped.ts";
import { noLostEdit } from "./no-lost-edit.ts";
import { countedOnce, loggedOnce } from "./nothing-twice.ts";
import { onePolicy } from "./one-policy.ts";
import { onlyOverFlows } from "./only-over-flows.ts";
import { parentsFirst } from "./parents-first.ts";
import { quiet } from "./quiet.ts";
import { replays } from "./replays.ts";
import { restored } from "./restored.ts";
import { sourcesUnchanged } from "./sources-unchanged.ts";
import { stampsRise } from "./stamps-rise.ts";
import { nothingRefused, storesVerify } from "./stores-verify.ts";
import { uniqueNames } from "./unique-names.ts";
import { type Checker, everyLog, type MakeLogChecker } from "./world-state.ts";

/** What is checked of each log at every commit, and of the whole once more in the end. */
const LOG_CHECKERS: Readonly<Record<string, MakeLogChecker>> = {
  "logged-once": loggedOnce,
  "parents-first": parentsFirst,
};

/** The same of logs that nothing is missing in: an object that enters a scope comes late, whole. */
const WHOLE_LOG_CHECKERS: Readonly<Record<string, MakeLogChecker>> = {
  "dense-sequences": denseSequences,
  "stamps-rise": stampsRise,
};

/** The checkers of a log, by the name of the invariant. */
export function logCheckers(receivesAll: boolean): Readonly<Record<string, MakeLogChecker>> {
  return receivesAll ? { ...LOG_CHECKERS, ...WHOLE_LOG_CHECKERS } : LOG_CHECKERS;
}

function asCheckers(
  makers: Readonly<Record<string, MakeLogChecker>>,
  areForWholeLogs: boolean,
): Readonly<Record<string, Checker>> {
  const checkers = Object.entries(makers).map(([name, make]) => {
    return [name, everyLog(make, areForWholeLogs)] as const;
  });
  return Object.fromEntries(checkers);
}

/** What is checked of a quiet world, by the name of the invariant. */
export const CHECKERS: Readonly<Record<string, Checker>> = {
  ...asCheckers(LOG_CHECKERS, false),
  ...asCheckers(WHOLE_LOG_CHECKERS, true),
  "counted-once": countedOnce,
  "everything-arrived": everythingArrived,
  "cursors-at-end": cursorsAtEnd,
  "sources-unchanged": sourcesUnchanged,
  "only-over-flows": onlyOverFlows,
  "left-is-kept": leftIsKept,
  "left-is-dropped": leftIsDropped,
  mapped,
  "acknowledged-kept": acknowledgedKept,
  restored,
  "equal-states": equalStates,
  "gone-for-good": goneForGood,
  "one-policy": onePolicy,
  "unique-names": uniqueNames,
  "nothing-refused": nothingRefused,
  quiet,
};

/** What is checked at the very end: it takes longer. */
export const DEEP_CHECKERS: Readonly<Record<string, Checker>> = {
  "no-lost-edit": noLostEdit,
  "as-the-oracle": asTheOracle,
  replays,
  "stores-verify": storesVerify,
};
