import type { Json, JsonObject } from "../../base/json.ts";
import { isJsonObject } from "../../base/json.ts";
import type { Attribution, Instance } from "../../instance/instance.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type { Action, ActionKind, Actions, Attributed, DisasterKind } from "../format/actions.ts";
import { ckanValue } from "./ckan-value.ts";
import { StepFailed } from "./failure.ts";
import { refOf, type Scene } from "./scene.ts";

/** What a person at an instance works with. */
export type Desk = Pick<
  Instance,
  | "create"
  | "set"
  | "patch"
  | "rename"
  | "delete"
  | "undelete"
  | "purge"
  | "shun"
  | "get"
  | "conflicts"
  | "resolveConflict"
  | "resolveConflicts"
  | "importRevisions"
>;

/** The actions that are changes of objects by people. */
export type ChangeKind = Exclude<
  ActionKind,
  DisasterKind | "policy" | "adopt" | "setClock" | "update"
>;

type Change<K extends ChangeKind> = (
  desk: Desk,
  one: Actions[K],
  by: Attribution,
  scene: Scene,
) => Promise<AuthorOutcome | undefined>;

/** A change of the list that a package has: its tags, its resources. */
async function changeList(
  desk: Desk,
  ref: string,
  field: "tags" | "resources",
  by: Attribution,
  change: (list: readonly Json[]) => readonly Json[],
): Promise<AuthorOutcome> {
  const { ckan, revision } = await desk.get(ref);
  const list = ckan[field];
  const changed = change(Array.isArray(list) ? list : []);
  return desk.set(ref, { [field]: changed as Json }, { ...by, ifRevision: revision });
}

function isNamed(name: string): (one: Json) => boolean {
  return (one) => isJsonObject(one) && one.name === name;
}

function named(list: readonly Json[], name: string): JsonObject {
  const found = list.find(isNamed(name));
  if (found === undefined) throw new StepFailed("", `no resource is called "${name}"`);
  return found as JsonObject;
}

const CHANGES: { readonly [K in ChangeKind]: Change<K> } = {
  create: (desk, one, by) => {
    const [type = "", ...name] = one.create.split("/");
    return desk.create(type, { name: name.join("/"), ...ckanValue(one.value ?? {}) }, by);
  },
  set: (desk, one, by) => desk.set(one.set, ckanValue(one.value), by),
  patch: (desk, one, by) => desk.patch(one.patch, [...one.ops], by),
  rename: (desk, one, by) => desk.rename(one.rename, one.to, by),
  delete: (desk, one, by) => desk.delete(one.delete, by),
  undelete: (desk, one, by) => desk.undelete(one.undelete, by),
  purge: (desk, one, by) => {
    return desk.purge(one.purge, { reason: one.reason ?? "asked for" }, by);
  },
  shun: (desk, one, by) => desk.shun(one.shun, by),
  tag: (desk, one, by) => {
    const more = one.tags.map((name) => ({ name }));
    return changeList(desk, one.tag, "tags", by, (list) => [...list, ...more]);
  },
  untag: (desk, one, by) => {
    const isGone = (tag: Json): boolean => one.tags.some((name) => isNamed(name)(tag));
    return changeList(desk, one.untag, "tags", by, (list) => list.filter((tag) => !isGone(tag)));
  },
  addResource: (desk, one, by) => {
    return changeList(desk, one.addResource, "resources", by, (list) => [...list, one.value]);
  },
  setResource: (desk, one, by) => {
    return changeList(desk, one.setResource, "resources", by, (list) => {
      const changed = { ...named(list, one.name), ...one.value };
      return list.map((resource) => (isNamed(one.name)(resource) ? changed : resource));
    });
  },
  removeResource: (desk, one, by) => {
    return changeList(desk, one.removeResource, "resources", by, (list) => {
      const gone = named(list, one.name);
      return list.filter((resource) => resource !== gone);
    });
  },
  resolve,
  resolveAll: async (desk, { resolveAll: take, type, path }, by) => {
    const rule = {
      take,
      ...(type === undefined ? {} : { type }),
      ...(path === undefined ? {} : { path }),
    };
    await desk.resolveConflicts(rule, by);
    return undefined;
  },
  importRevisions: async (desk, { importRevisions: from, since }, _by, scene) => {
    const first = since === undefined ? undefined : scene.labels.get(since)?.revision;
    await desk.importRevisions(fileOf(scene.look(from).revisionsSince(first)));
    return undefined;
  },
};

/** Records as `revisions export` writes them. */
async function* fileOf(records: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const record of records) yield Buffer.from(`${record}\n`);
}

/** True for what a person does to objects, false for what is done to an instance. */
export function isChange(kind: ActionKind): kind is ChangeKind {
  return Object.hasOwn(CHANGES, kind);
}

/** Makes a change at somebody's desk. */
export function change(
  scene: Scene,
  desk: Desk,
  kind: ChangeKind,
  one: Action,
): Promise<AuthorOutcome | undefined> {
  const act = CHANGES[kind] as Change<ChangeKind>;
  const about = refOf(scene, (one as unknown as Record<ChangeKind, string>)[kind]);
  return act(desk, { ...one, [kind]: about } as never, attributionOf(one as Attributed), scene);
}

export function attributionOf({ by = "somebody", message = "" }: Attributed): Attribution {
  return { author: by, message };
}

/** Decides the open conflict at a path; where there is none, the newest one that was decided. */
async function resolve(
  desk: Desk,
  one: Actions["resolve"],
  by: Attribution,
  scene: Scene,
): Promise<AuthorOutcome> {
  const { items } = await desk.conflicts({ object: one.resolve });
  const here = items.filter(({ path }) => path === one.path);
  const conflict = here.find(({ status }) => status === "open") ?? here.at(-1);
  if (conflict === undefined) {
    const paths = items.map(({ path, status }) => `${path} (${status})`).join(", ");
    throw new StepFailed("", `no conflict at ${one.path}; there are: ${paths || "none"}`);
  }
  return desk.resolveConflict(conflict.id, choiceOf(scene, one), by);
}

function choiceOf(scene: Scene, { pick, value, absent }: Actions["resolve"]) {
  if (pick !== undefined) return { pick: scene.labels.get(pick)?.revision ?? pick };
  if (value !== undefined) return { value };
  return absent === true ? ({ absent } as const) : ({ keep: true } as const);
}
