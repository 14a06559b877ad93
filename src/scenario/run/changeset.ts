import type { ObjectId } from "../../base/ids.ts";
import { type Edit, planCreation, planEdit } from "../../instance/authoring.ts";
import type { Attribution, EditAttribution, Instance } from "../../instance/instance.ts";
import type { AuthorOutcome, Change } from "../../log/author.ts";
import { type Actions, actionKind, type EditKind, type Part } from "../format/actions.ts";
import type { Desk } from "./changes.ts";
import { type Editing, edit } from "./edits.ts";
import { StepFailed } from "./failure.ts";
import type { Scene } from "./scene.ts";

/** Makes all edits of a changeset at once: objects are found as they were before it. */
export async function makeChangeset(
  scene: Scene,
  desk: Desk,
  { on, changeset }: Actions["changeset"],
  { author, message = "" }: Attribution,
): Promise<AuthorOutcome> {
  const draft = new Draft(scene, on);
  const objects: ObjectId[] = [];
  for (const part of changeset) {
    await edit(scene, draft.desk, actionKind(part) as EditKind, part, { author });
    objects.push(draft.subject);
  }
  const outcome = await desk.change({ author, message, changes: draft.changes });
  changeset.forEach((part, number) => {
    note(scene, part, objects[number] as ObjectId, outcome);
  });
  return outcome;
}

/** Remembers what an edit made. */
function note(scene: Scene, part: Part, object: ObjectId, { revisions }: AuthorOutcome): void {
  if ("create" in part) scene.created.set(part.create, object);
  if (part.as === undefined) return;
  const made = revisions.findLast((one) => one.object === object);
  if (made === undefined) {
    throw new StepFailed("", `"${part.as}" is no revision: nothing changed`);
  }
  scene.labels.set(part.as, { object, revision: made.id });
}

const NOTHING_YET: AuthorOutcome = { changeset: null, revisions: [], unchanged: 0 };

/** Edits that are written down, to be made in one go. */
class Draft {
  readonly changes: Change[] = [];
  readonly #scene: Scene;
  readonly #on: string;
  readonly #instance: Instance;

  constructor(scene: Scene, on: string) {
    this.#scene = scene;
    this.#on = on;
    this.#instance = scene.look(on);
  }

  /** The object of the edit that was written down last. */
  get subject(): ObjectId {
    return (this.changes.at(-1) as Change).object;
  }

  readonly desk: Editing = {
    get: (ref) => this.#instance.get(ref),
    create: async (type, value) => {
      this.changes.push(...(await planCreation(this.#planning(), type, value)));
      return NOTHING_YET;
    },
    set: (ref, value, by) => this.#edit(ref, { kind: "set", value }, by),
    patch: (ref, patch) => this.#edit(ref, { kind: "patch", patch }),
    rename: (ref, name) => this.#edit(ref, { kind: "rename", name }),
    delete: (ref) => this.#edit(ref, { kind: "delete" }),
    undelete: (ref) => this.#edit(ref, { kind: "undelete" }),
    purge: (ref, { reason }) => this.#edit(ref, { kind: "purge", reason }),
    shun: (ref) => this.#edit(ref, { kind: "shun" }),
  };

  async #edit(ref: string, made: Edit, by?: EditAttribution): Promise<AuthorOutcome> {
    const { change } = await planEdit(this.#planning(), ref, made, by);
    this.changes.push(change);
    return NOTHING_YET;
  }

  #planning(): Parameters<typeof planEdit>[0] {
    const { store, edition } = this.#instance;
    const search = { query: this.#instance.search };
    return { store, edition, search, random: this.#scene.randomOf(this.#on) };
  }
}
