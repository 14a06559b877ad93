import { isSynclineError } from "../../base/errors.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import type { Attribution, Instance } from "../../instance/instance.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import {
  type Action,
  type ActionKind,
  type Actions,
  type Attributed,
  actionKind,
} from "../format/actions.ts";
import { durationMs } from "../format/fields.ts";
import { ckanValue } from "./ckan-value.ts";
import { StepFailed } from "./failure.ts";
import type { Stage } from "./stage.ts";

type Performed = Promise<AuthorOutcome | undefined>;

/** Does what a step says, or in the midst of one while its time goes on; `as` gives the new revision a label. Throws `StepFailed`. */
export async function perform(
  stage: Stage,
  action: Action,
  when: "step" | "amid" = "step",
): Promise<void> {
  const kind = actionKind(action);
  const expected = "expect" in action ? action.expect?.error : undefined;
  try {
    const act = ACTS[kind] as (stage: Stage, one: Action) => Performed;
    const work = act(stage, action);
    const outcome = await (when === "step" ? stage.done(work) : work);
    note(stage, action, outcome);
  } catch (error) {
    if (expected !== undefined && isSynclineError(error) && error.code === expected) return;
    if (error instanceof StepFailed) throw error;
    const code = isSynclineError(error) ? `${error.code}: ` : "";
    const why = error instanceof Error ? error.message : String(error);
    throw new StepFailed("", `${action.on} cannot ${kind}: ${code}${why}`, { cause: error });
  }
  if (expected !== undefined) {
    throw new StepFailed("", `${action.on} could ${kind}, which had to fail with ${expected}`);
  }
}

/** Remembers what was made: a package may have made tags beside it. */
function note(stage: Stage, action: Action, outcome: AuthorOutcome | undefined): void {
  const type = String((action as unknown as Record<string, unknown>)[actionKind(action)]).split(
    "/",
  )[0];
  const made = outcome?.revisions.find((one) => one.type === type);
  if ("create" in action && made !== undefined) stage.created.set(action.create, made.object);
  if (!("as" in action) || action.as === undefined) return;
  if (made === undefined)
    throw new StepFailed("", `"${action.as}" is no revision: nothing changed`);
  stage.labels.set(action.as, { object: made.object, revision: made.id });
}

function byOf({ by = "somebody", message = "" }: { by?: string; message?: string }): Attribution {
  return { author: by, message };
}

/** A change of one object as the instance offers it. */
function change<K extends ActionKind>(
  act: (instance: Instance, one: Actions[K], by: Attribution) => Promise<AuthorOutcome>,
): (stage: Stage, one: Actions[K]) => Performed {
  return async (stage, one) => {
    const outcome = await act(stage.at(one.on), one, byOf(one as Attributed));
    stage.world.get(one.on).acknowledged.push(...outcome.revisions);
    return outcome;
  };
}

/** Something that happens to an instance. */
function deed<K extends ActionKind>(
  act: (stage: Stage, one: Actions[K]) => void | Promise<void>,
): (stage: Stage, one: Actions[K]) => Performed {
  return async (stage, one) => {
    await act(stage, one);
    return undefined;
  };
}

/** A change of the list that a package has: its tags, its resources. */
async function changeList(
  instance: Instance,
  ref: string,
  field: "tags" | "resources",
  by: Attribution,
  change: (list: readonly Json[]) => readonly Json[],
): Promise<AuthorOutcome> {
  const { ckan, revision } = await instance.get(ref);
  const list = ckan[field];
  const changed = change(Array.isArray(list) ? list : []);
  return instance.set(ref, { [field]: changed as Json }, { ...by, ifRevision: revision });
}

function isNamed(name: string): (one: Json) => boolean {
  return (one) => isJsonObject(one) && one.name === name;
}

function named(list: readonly Json[], name: string): JsonObject {
  const found = list.find(isNamed(name));
  if (found === undefined) throw new StepFailed("", `no resource is called "${name}"`);
  return found as JsonObject;
}

const ACTS: { readonly [K in ActionKind]: (stage: Stage, one: Actions[K]) => Performed } = {
  create: change<"create">((instance, one, by) => {
    const [type = "", ...name] = one.create.split("/");
    return instance.create(type, { name: name.join("/"), ...ckanValue(one.value ?? {}) }, by);
  }),
  set: change<"set">((instance, one, by) => instance.set(one.set, ckanValue(one.value), by)),
  patch: change<"patch">((instance, one, by) => instance.patch(one.patch, [...one.ops], by)),
  rename: change<"rename">((instance, one, by) => instance.rename(one.rename, one.to, by)),
  delete: change<"delete">((instance, one, by) => instance.delete(one.delete, by)),
  undelete: change<"undelete">((instance, one, by) => instance.undelete(one.undelete, by)),
  purge: change<"purge">((instance, one, by) => {
    return instance.purge(one.purge, { reason: one.reason ?? "asked for" }, by);
  }),
  shun: change<"shun">((instance, one, by) => instance.shun(one.shun, by)),
  tag: change<"tag">((instance, one, by) => {
    const more = one.tags.map((name) => ({ name }));
    return changeList(instance, one.tag, "tags", by, (list) => [...list, ...more]);
  }),
  untag: change<"untag">((instance, one, by) => {
    const isGone = (tag: Json): boolean => one.tags.some((name) => isNamed(name)(tag));
    return changeList(instance, one.untag, "tags", by, (list) =>
      list.filter((tag) => !isGone(tag)),
    );
  }),
  addResource: change<"addResource">((instance, one, by) => {
    return changeList(instance, one.addResource, "resources", by, (list) => [...list, one.value]);
  }),
  setResource: change<"setResource">((instance, one, by) => {
    return changeList(instance, one.setResource, "resources", by, (list) => {
      const changed = { ...named(list, one.name), ...one.value };
      return list.map((resource) => (isNamed(one.name)(resource) ? changed : resource));
    });
  }),
  removeResource: change<"removeResource">((instance, one, by) => {
    return changeList(instance, one.removeResource, "resources", by, (list) => {
      const gone = named(list, one.name);
      return list.filter((resource) => resource !== gone);
    });
  }),
  resolve: resolve,
  resolveAll: async (stage, one) => {
    const { resolveAll: take, type, path } = one;
    const rule = {
      take,
      ...(type === undefined ? {} : { type }),
      ...(path === undefined ? {} : { path }),
    };
    await stage.at(one.on).resolveConflicts(rule, byOf(one));
    return undefined;
  },
  policy: deed<"policy">((stage, one) =>
    stage.world.changePolicy(one.on, {
      ...byOf(one),
      message: one.message ?? "",
      policy: stage.policy(one.policy),
    }),
  ),
  adopt: deed<"adopt">((stage, one) => {
    const { instance } = stage.world.get(one.adopt).identity;
    return stage.world.changePolicy(one.on, { ...byOf(one), message: "", adopt: instance });
  }),
  crash: deed<"crash">((stage, one) => stage.world.crash(one.on)),
  restart: deed<"restart">((stage, one) => {
    stage.world.crash(one.on);
    stage.world.start(one.on);
  }),
  setClock: deed<"setClock">((stage, one) => {
    const { clock } = stage.world.get(one.on);
    const isDuration = /^[+-]?\d+/.test(one.setClock) && !one.setClock.endsWith("Z");
    clock.jump(isDuration ? durationMs(one.setClock) : Date.parse(one.setClock) - clock.nowMs());
  }),
};

/** Decides the open conflict at a path; where there is none, the newest one that was decided. */
async function resolve(stage: Stage, one: Actions["resolve"]): Performed {
  const instance = stage.at(one.on);
  const { items } = await instance.conflicts({ object: one.resolve });
  const here = items.filter(({ path }) => path === one.path);
  const conflict = here.find(({ status }) => status === "open") ?? here.at(-1);
  if (conflict === undefined) {
    const paths = items.map(({ path, status }) => `${path} (${status})`).join(", ");
    throw new StepFailed("", `${one.resolve} has no conflict at ${one.path}; there are: ${paths}`);
  }
  const outcome = await instance.resolveConflict(conflict.id, choiceOf(stage, one), byOf(one));
  stage.world.get(one.on).acknowledged.push(...outcome.revisions);
  return outcome;
}

function choiceOf(stage: Stage, { pick, value, absent }: Actions["resolve"]) {
  if (pick !== undefined) return { pick: stage.labels.get(pick)?.revision ?? pick };
  if (value !== undefined) return { value };
  return absent === true ? ({ absent } as const) : ({ keep: true } as const);
}
