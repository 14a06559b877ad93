import { isSynclineError } from "../../base/errors.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import { type Action, actionKind } from "../format/actions.ts";
import { StepFailed } from "./failure.ts";
import type { Scene } from "./scene.ts";

/**
 * Does what an action says, which may have to fail; `as` gives the new revision a label. Throws
 * `StepFailed`.
 */
export async function attempt(
  scene: Scene,
  action: Action,
  act: () => Promise<AuthorOutcome | undefined>,
): Promise<void> {
  const expected = "expect" in action ? action.expect?.error : undefined;
  try {
    note(scene, action, await act());
  } catch (error) {
    if (expected !== undefined && isSynclineError(error) && error.code === expected) return;
    const what = `${action.on} cannot ${deedOf(action)}: ${reasonOf(error)}`;
    throw new StepFailed("", what, { cause: error });
  }
  if (expected !== undefined) {
    const what = `${action.on} could ${deedOf(action)}, which had to fail with ${expected}`;
    throw new StepFailed("", what);
  }
}

/** What is done, and to which object: `set package/pump`. */
function deedOf(action: Action): string {
  const kind = actionKind(action);
  const about = (action as unknown as Record<string, unknown>)[kind];
  return typeof about === "string" ? `${kind} ${about}` : kind;
}

/** Why something failed, and what to do. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!isSynclineError(error)) return error.message;
  const hint = error.hint === undefined ? "" : ` (${error.hint})`;
  return `${error.code}: ${error.message}${hint}`;
}

/** Remembers what was made: a package may have made tags beside it. */
function note(scene: Scene, action: Action, outcome: AuthorOutcome | undefined): void {
  if ("changeset" in action) {
    if (action.as !== undefined) noteChangeset(scene, action.as, outcome);
    return;
  }
  const type = String((action as unknown as Record<string, unknown>)[actionKind(action)]).split(
    "/",
  )[0];
  const made = outcome?.revisions.find((one) => one.type === type);
  if ("create" in action && made !== undefined) scene.created.set(action.create, made.object);
  if (!("as" in action) || action.as === undefined) return;
  if (made === undefined)
    throw new StepFailed("", `"${action.as}" is no revision: nothing changed`);
  scene.labels.set(action.as, { object: made.object, revision: made.id });
}

function noteChangeset(scene: Scene, label: string, outcome: AuthorOutcome | undefined): void {
  const { changeset = null, revisions = [] } = outcome ?? {};
  if (changeset === null) throw new StepFailed("", `"${label}" is no changeset: nothing changed`);
  scene.changesets.set(label, { id: changeset, revisions: revisions.map(({ id }) => id) });
}
