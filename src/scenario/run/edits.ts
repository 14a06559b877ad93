import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";
import type { Attribution } from "../../instance/instance.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type { Actions, EditKind, Part } from "../format/actions.ts";
import type { Desk } from "./changes.ts";
import { ckanValue } from "./ckan-value.ts";
import { StepFailed } from "./failure.ts";
import { refOf, type Scene } from "./scene.ts";

/** Where one edit after the other is made, or written down. */
export type Editing = Pick<
  Desk,
  "create" | "set" | "patch" | "rename" | "delete" | "undelete" | "purge" | "shun" | "get"
>;

/** A change of the list that a package has: its tags, its resources. */
async function changeList(
  desk: Editing,
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

const EDITS: {
  readonly [K in EditKind]: (
    desk: Editing,
    one: Pick<Actions[K], Exclude<keyof Actions[K], "on" | "by" | "message" | "expect">>,
    by: Attribution,
  ) => Promise<AuthorOutcome>;
} = {
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
};

/** True for what is done to one object. */
export function isEdit(kind: string): kind is EditKind {
  return Object.hasOwn(EDITS, kind);
}

/** Makes an edit of an object, which it may name by a label. */
export function edit(
  scene: Scene,
  desk: Editing,
  kind: EditKind,
  one: Part,
  by: Attribution,
): Promise<AuthorOutcome> {
  const act = EDITS[kind] as (desk: Editing, one: Part, by: Attribution) => Promise<AuthorOutcome>;
  const about = refOf(scene, (one as unknown as Record<EditKind, string>)[kind]);
  return act(desk, { ...one, [kind]: about } as never, by);
}
