import { isDeepStrictEqual } from "node:util";
import { afterWords } from "../../../src/scenario/explain/words.ts";
import { type Action, actionKind } from "../../../src/scenario/format/actions.ts";
import type { After, During } from "../../../src/scenario/format/faults.ts";
import type { DoStep, Scenario, Step, SyncStep } from "../../../src/scenario/format/scenario.ts";
import type { Failure } from "../../../src/scenario/run/failure.ts";
import type { Outcome } from "../../../src/store/rows.ts";
import { attemptThat } from "./to-scenario.ts";

/**
 * A scenario plays one thing after the other, with other times and batches than the seed had: what
 * cannot be done in it is left out, and what comes at another moment is told so.
 */
export function repairedAt(scenario: Scenario, { at, message }: Failure): Scenario {
  const place = scenario.timeline.findIndex((step) => step.at === at);
  const step = scenario.timeline[place];
  if (step === undefined) return scenario;
  const steps = "sync" in step ? repairedSync(step, message) : "do" in step ? oneByOne(step) : [];
  return { ...scenario, timeline: scenario.timeline.toSpliced(place, 1, ...steps) };
}

/** What cannot be done is left out; of a changeset, its parts may be possible. */
function oneByOne({ at, do: [action] }: DoStep): readonly Step[] {
  if (action === undefined) return [];
  return partsOf(action).map((part, number) => ({ at: laterBy(at, number), do: [part] }));
}

/** The edits of a changeset, each for itself; none of anything else. */
export function partsOf(action: Action): readonly Action[] {
  if (!("changeset" in action)) return [];
  const { changeset, as: _, ...common } = action;
  return changeset.map((part) => ({ ...common, ...part }) as Action);
}

function repairedSync(step: SyncStep, message: string): readonly Step[] {
  const [, moment] = /^(.*) never came: /.exec(message) ?? [];
  if (moment !== undefined) return withoutMoment(step, moment);
  const [, wrong] = /^(.*?) which had to fail with /.exec(message) ?? [];
  if (wrong !== undefined)
    return [withActions(step, (one) => (isMeant(one, wrong) ? [unexpecting(one)] : [one]))];
  if (/^\S+ cannot /.test(message)) {
    const rest = withActions(step, (one) => (isMeant(one, message) ? partsOf(one) : [one]));
    if (!isDeepStrictEqual(rest, step)) return [rest];
  }
  const [, found] = / ended (\w+).*, not \w+$/s.exec(message) ?? [];
  const { expect, during: _, ...plain } = step;
  if (found === "ok" && expect !== undefined) return [withoutExpect(step)];
  if (found !== undefined && expect === undefined) {
    return [{ ...step, expect: attemptThat(found as Outcome) }];
  }
  return step.during === undefined ? [] : [plain];
}

/** What was done at a moment that does not come is done after the sync; a fault comes earlier. */
function withoutMoment(step: SyncStep, moment: string): readonly Step[] {
  const { during = [], ...plain } = step;
  const left = during.filter(({ after }) => afterWords(after) !== moment);
  const late = during.filter(({ after }) => afterWords(after) === moment);
  const earlier = late.flatMap((one): During[] => {
    const after = sooner(one.after);
    return "do" in one || after === undefined ? [] : [{ ...one, after }];
  });
  const acts = late.flatMap((one) => ("do" in one ? one.do : []));
  const rest = [...left, ...earlier];
  const sync = rest.length === 0 ? plain : { ...plain, during: rest };
  return [
    sync,
    ...acts.map((action, number) => ({ at: laterBy(step.at, number + 1), do: [action] })),
  ];
}

function sooner(after: After): After | undefined {
  const half = (count: number): number => Math.floor(count / 2);
  if ("frames" in after)
    return after.frames > 1 ? { ...after, frames: half(after.frames) } : undefined;
  if ("commits" in after && after.commits > 1) return { ...after, commits: half(after.commits) };
  return undefined;
}

function laterBy(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

function withoutExpect({ expect: _, ...step }: SyncStep): SyncStep {
  return step;
}

/** What is done amid a sync, changed; what nothing is left of goes. */
function withActions(step: SyncStep, change: (one: Action) => readonly Action[]): SyncStep {
  const { during = [], ...plain } = step;
  const changed = during.flatMap((one): During[] => {
    if (!("do" in one)) return [one];
    const actions = one.do.flatMap(change);
    return actions.length === 0 ? [] : [{ ...one, do: actions }];
  });
  return changed.length === 0 ? plain : { ...plain, during: changed };
}

/** True for the action that a failure tells of: `A cannot set package/pump: …`. */
function isMeant(action: Action, message: string): boolean {
  const kind = actionKind(action);
  const about = (action as unknown as Record<string, unknown>)[kind];
  const deed = typeof about === "string" ? `${kind} ${about}` : kind;
  return ["cannot", "could"].some((word) => message.startsWith(`${action.on} ${word} ${deed}`));
}

function unexpecting(action: Action): Action {
  const { expect: _, ...rest } = action as Action & { readonly expect?: unknown };
  return rest as Action;
}
