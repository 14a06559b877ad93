import type { JsonObject } from "../../../src/base/json.ts";
import type { AuthorCommand, AuthorOutcome, Change } from "../../../src/log/author.ts";
import type { Action, Part } from "../../../src/scenario/format/actions.ts";
import { dumpedOf } from "../workload/workload.ts";

/**
 * The changes of a command, as a scenario says them: those that changed something, the rest said
 * nothing new. `done` is what came of them, or for changes that were refused, the changes.
 */
export function changeActions(
  on: string,
  { author, changes }: AuthorCommand,
  done: AuthorOutcome | readonly Change[],
  types: ReadonlyMap<string, string>,
): readonly Action[] {
  const outcome = "revisions" in done ? done : undefined;
  const touched = new Set<string>([
    ...(outcome?.revisions ?? changes).map(({ object }) => object),
    ...(outcome?.purges ?? []).map(({ object }) => object),
    ...(outcome?.shunned ?? []),
  ]);
  const isNew = (object: string): boolean => {
    if (outcome === undefined) return !types.has(object);
    return outcome.revisions.some((one) => one.object === object && one.created);
  };
  const actions = changes.flatMap((change): Action[] => {
    if (!touched.has(change.object)) return [];
    const type = change.kind === "put" ? change.type : types.get(change.object);
    const ref = `${type}/${change.object}`;
    const action = change.kind === "put" ? putOf(on, change, isNew) : changeOf(on, ref, change);
    return action === undefined ? [] : [action];
  });
  // In a changeset, each object stands once.
  const isOnce = new Set(changes.map(({ object }) => object)).size === changes.length;
  if (actions.length < 2 || !isOnce)
    return actions.map((action) => ({ ...action, by: author }) as Action);
  const parts = actions.map(({ on: _, ...part }) => part as Part);
  return [{ on, changeset: parts, by: author }];
}

function changeOf(on: string, ref: string, change: Change): Action | undefined {
  switch (change.kind) {
    case "set":
      return { on, set: ref, value: change.value };
    case "patch":
      return { on, patch: ref, ops: change.patch as JsonObject[] };
    case "rename":
      return { on, rename: ref, to: change.name };
    case "delete":
      return { on, delete: ref };
    case "undelete":
      return { on, undelete: ref };
    case "purge":
      return { on, purge: ref, ...(change.reason === "" ? {} : { reason: change.reason }) };
    case "shun":
      return { on, shun: ref };
    case "resolve": {
      const [one] = change.resolutions;
      if (one?.path === undefined) return undefined;
      const decided = one.value === undefined ? { absent: true as const } : { value: one.value };
      return { on, resolve: ref, path: one.path, ...decided };
    }
    default:
      return undefined;
  }
}

/**
 * What was found inside an object is created with it. What has no name is what it belongs to; then
 * the name here is only one for people. What is there already gets the fields.
 */
function putOf(
  on: string,
  change: Change & { readonly kind: "put" },
  isNew: (object: string) => boolean,
): Action | undefined {
  const dumped = dumpedOf(change);
  if (dumped === undefined) return undefined;
  const { name, ...value } = dumped.value;
  if (!isNew(change.object)) {
    const { id: _, ...fields } = value;
    return { on, set: `${dumped.type}/${change.object}`, value: fields };
  }
  // A name of its own, for people, where it has none, or none that can be written as one.
  const ref = `${dumped.type}/${change.object.slice(0, 8)}`;
  // Whom it belongs to need not be there: an import brought it.
  if (typeof name !== "string") return { on, create: ref, value: change.content };
  const whole = { ...value, id: change.object };
  if (!/^.{1,200}$/.test(name)) return { on, create: ref, value: { ...whole, name } };
  return { on, create: `${dumped.type}/${name}`, value: whole };
}
