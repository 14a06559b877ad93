import type { AuthorOutcome } from "../../log/author.ts";
import { type Action, type ActionKind, type Actions, actionKind } from "../format/actions.ts";
import { durationMs } from "../format/fields.ts";
import { policyValue } from "../format/policy-value.ts";
import { attempt } from "../run/attempt.ts";
import { attributionOf, type ChangeKind, change, isChange } from "../run/changes.ts";
import { REAL_DISASTERS } from "./real-disasters.ts";
import type { RealFaults } from "./real-faults.ts";
import type { RealWorld } from "./real-world.ts";

/** Does what a step says, through the process that serves the instance. Throws `StepFailed`. */
export function performReal(world: RealWorld, action: Action, faults: RealFaults): Promise<void> {
  world.trace.add(action.on, `does: ${actionKind(action)} ${JSON.stringify(action)}`);
  return attempt(world, action, () => act(world, action, faults));
}

async function act(
  world: RealWorld,
  action: Action,
  faults: RealFaults,
): Promise<AuthorOutcome | undefined> {
  const kind = actionKind(action);
  if (isChange(kind)) {
    const outcome = await change(world, await world.desk(action.on), kind, action);
    const instance = world.get(action.on);
    instance.acknowledged.push(...(outcome?.revisions ?? []));
    for (const object of outcome?.shunned ?? []) instance.shunned.add(object);
    instance.authoredDigest = await instance.reader.store.digest();
    return outcome;
  }
  const deed = REAL_DEEDS[kind] as Deed<never> | undefined;
  await deed?.(world, action as never, faults);
  return undefined;
}

type Deed<K extends ActionKind> = (
  world: RealWorld,
  one: Actions[K],
  faults: RealFaults,
) => void | Promise<void>;

/** What happens to an instance; other words of scenarios cannot be done for real. */
export const REAL_DEEDS: { readonly [K in Exclude<ActionKind, ChangeKind>]?: Deed<K> } = {
  ...REAL_DISASTERS,
  policy: async (world, one) => {
    const idOf = (name: string): string =>
      world.instances.get(name)?.reader.identity.instance ?? name;
    const desk = await world.desk(one.on);
    await desk.setPolicy(policyValue(one.policy, idOf), attributionOf(one));
  },
  adopt: async (world, one) => {
    const { instance } = world.look(one.adopt).identity;
    const desk = await world.desk(one.on);
    await desk.adoptPolicy(instance, attributionOf(one));
  },
  update: (world, { on, update }) => {
    world.get(on).become(update);
    // What it knows now and did not before is read anew when it is opened.
    return world.attend(on, `is updated: ${JSON.stringify(update)}`, async () => {
      await world.withFolder(on, async () => {});
    });
  },
  setClock: async (world, one) => {
    const instance = world.get(one.on);
    instance.skewMs = one.setClock.endsWith("Z")
      ? Date.parse(one.setClock) - world.wallMs
      : instance.skewMs + durationMs(one.setClock);
    await world.setClock(one.on);
  },
};
