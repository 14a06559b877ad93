import type { AuthorOutcome } from "../../log/author.ts";
import { type Action, type ActionKind, type Actions, actionKind } from "../format/actions.ts";
import { durationMs } from "../format/fields.ts";
import { editionOf } from "../world/editions.ts";
import { attempt } from "./attempt.ts";
import { attributionOf, type ChangeKind, change, isChange } from "./changes.ts";
import { DISASTERS } from "./disasters.ts";
import type { Stage } from "./stage.ts";

/**
 * Does what a step says, or in the midst of one while its time goes on; `as` gives the new revision
 * a label. Throws `StepFailed`.
 */
export function perform(
  stage: Stage,
  action: Action,
  when: "step" | "amid" = "step",
): Promise<void> {
  return attempt(stage, action, () => {
    const work = act(stage, action);
    return when === "step" ? stage.done(work) : unlessItDies(stage, action, work);
  });
}

/** Whoever works at a process that dies hears nothing any more: the work is over then. */
function unlessItDies<T>(stage: Stage, action: Action, work: Promise<T>): Promise<T | undefined> {
  const kind = actionKind(action);
  const { running } = stage.world.get(action.on);
  if (running === undefined || !(isChange(kind) || kind === "policy" || kind === "adopt")) {
    return work;
  }
  return new Promise((resolve, reject) => {
    running.process.onKill(() => resolve(undefined));
    work.then(resolve, reject);
  });
}

async function act(stage: Stage, action: Action): Promise<AuthorOutcome | undefined> {
  const kind = actionKind(action);
  if (isChange(kind)) {
    const outcome = await change(stage, stage.at(action.on), kind, action);
    stage.world.get(action.on).acknowledged.push(...(outcome?.revisions ?? []));
    return outcome;
  }
  const deed = DEEDS[kind] as (stage: Stage, one: Action) => void | Promise<void>;
  await deed(stage, action);
  return undefined;
}

/** What happens to an instance. */
const DEEDS: {
  readonly [K in Exclude<ActionKind, ChangeKind>]: (
    stage: Stage,
    one: Actions[K],
  ) => void | Promise<void>;
} = {
  policy: (stage, one) =>
    stage.world.changePolicy(one.on, {
      ...attributionOf(one),
      message: one.message ?? "",
      policy: stage.policy(one.policy),
    }),
  adopt: (stage, one) => {
    const { instance } = stage.world.get(one.adopt).identity;
    return stage.world.changePolicy(one.on, {
      ...attributionOf(one),
      message: "",
      adopt: instance,
    });
  },
  ...DISASTERS,
  update: (stage, one) => {
    stage.world.update(one.on, editionOf(one.update));
    stage.world.start(one.on);
  },
  setClock: (stage, one) => {
    const { clock } = stage.world.get(one.on);
    const isDuration = /^[+-]?\d+/.test(one.setClock) && !one.setClock.endsWith("Z");
    clock.jump(isDuration ? durationMs(one.setClock) : Date.parse(one.setClock) - clock.nowMs());
  },
};
