import { actionKind } from "../format/actions.ts";
import { faultKind } from "../format/faults.ts";
import type { Fault } from "../format/issues.ts";
import type { Scenario, SyncStep } from "../format/scenario.ts";
import { isChange } from "../run/changes.ts";
import { REAL_DEEDS } from "./perform-real.ts";

/** What a real run can do; every other word is refused before anything is done. */
const SETTINGS: ReadonlySet<string> = new Set(["skew", "store"]);
const LINKS: ReadonlySet<string> = new Set([
  ...["from", "to", "direction", "mode", "scope", "maxRemovals", "refusePurges"],
  ...["map", "unmapped", "onLeave"],
]);
const FAULTS: ReadonlySet<string> = new Set([
  ...["cut", "halfOpen", "delay", "slow", "crash", "pause", "diskFull"],
]);

/** Why some words are for the simulated world alone. */
const REASONS: Readonly<Record<string, string>> = {
  commits: "only the simulated world sees each commit of a store",
  late: "only the simulated world can tell frames of an old session from those of a new one",
  duplicate: "a process runs a link once at a time",
  unsynced: "the power of this machine stays on",
  ioError: "no real disk fails to order",
  schema: "there is only this version of the program",
  algorithm: "there is only this version of the program",
  update: "there is only this version of the program",
};

/** The schema and algorithm of the program as it is. */
const THIS_VERSION = 1;

type Path = readonly PropertyKey[];

/** What a scenario says that real processes cannot do, with the place of each word. */
export function unplayable(scenario: Scenario): readonly Fault[] {
  const faults: Fault[] = [];
  const refuse = (path: Path, word: string, why = REASONS[word]): void => {
    const message = `"${word}" cannot be played with real processes: ${why ?? "there is no way to do it"}`;
    faults.push({ path, key: word, message });
  };
  for (const [name, settings] of Object.entries(scenario.instances)) {
    for (const [word, value] of Object.entries(settings)) {
      if (!SETTINGS.has(word) && value !== THIS_VERSION) refuse(["instances", name], word);
    }
  }
  scenario.links?.forEach((link, number) => {
    for (const word of Object.keys(link)) {
      if (!LINKS.has(word)) refuse(["links", number], word);
    }
    const { mode = "manual" } = link;
    if (mode === "manual" || mode === "live") return;
    refuse(["links", number], "mode", `clocks jump from step to step, so nothing runs ${mode}`);
  });
  scenario.timeline.forEach((step, number) => {
    const path = ["timeline", number];
    if ("do" in step) checkActions(step.do, [...path, "do"], refuse);
    else if ("sync" in step) checkDuring(step, [...path, "during"], refuse);
  });
  return faults;
}

type Refuse = (path: Path, word: string) => void;

function checkActions(actions: SyncActions, path: Path, refuse: Refuse): void {
  actions.forEach((action, number) => {
    const kind = actionKind(action);
    if (!isChange(kind) && !Object.hasOwn(REAL_DEEDS, kind)) refuse([...path, number], kind);
    if (Object.hasOwn(action, "unsynced")) refuse([...path, number], "unsynced");
  });
}

type SyncActions = readonly Parameters<typeof actionKind>[0][];

function checkDuring({ during = [] }: SyncStep, path: Path, refuse: Refuse): void {
  during.forEach((one, number) => {
    const here = [...path, number];
    if ("commits" in one.after) refuse([...here, "after"], "commits");
    if ("do" in one) checkActions(one.do, [...here, "do"], refuse);
    else if (!FAULTS.has(faultKind(one.fault))) refuse([...here, "fault"], faultKind(one.fault));
  });
}
