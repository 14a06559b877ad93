import type { Attribution, Instance } from "../../instance/instance.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type {
  Action,
  ActionKind,
  Actions,
  Attributed,
  DisasterKind,
  EditKind,
  Part,
} from "../format/actions.ts";
import { makeChangeset } from "./changeset.ts";
import { edit, isEdit } from "./edits.ts";
import { StepFailed } from "./failure.ts";
import { labeledId, refOf, type Scene } from "./scene.ts";

/** What a person at an instance works with. */
export type Desk = Pick<
  Instance,
  | "change"
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

const CHANGES: { readonly [K in Exclude<ChangeKind, EditKind>]: Change<K> } = {
  changeset: (desk, one, by, scene) => makeChangeset(scene, desk, one, by),
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
    const first = since === undefined ? undefined : labeledId(scene, since);
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
  return isEdit(kind) || Object.hasOwn(CHANGES, kind);
}

/** Makes a change at somebody's desk. */
export function change(
  scene: Scene,
  desk: Desk,
  kind: ChangeKind,
  one: Action,
): Promise<AuthorOutcome | undefined> {
  const by = attributionOf(one as Attributed);
  if (isEdit(kind)) return edit(scene, desk, kind, one as Part, by);
  return (CHANGES[kind] as Change<typeof kind>)(desk, one as never, by, scene);
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
  const { items } = await desk.conflicts({ object: refOf(scene, one.resolve) });
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
