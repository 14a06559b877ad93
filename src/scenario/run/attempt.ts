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
  const kind = actionKind(action);
  const expected = "expect" in action ? action.expect?.error : undefined;
  try {
    note(scene, action, await act());
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
function note(scene: Scene, action: Action, outcome: AuthorOutcome | undefined): void {
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
