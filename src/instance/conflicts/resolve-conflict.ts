import { SynclineError } from "../../base/errors.ts";
import { checkJson } from "../../base/ingress/check-json.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type { Content } from "../../model/content.ts";
import type { ConflictRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { checkEditable } from "../editable.ts";
import { refOf } from "../find-object.ts";
import type { EditAttribution } from "../instance.ts";
import type { InstanceParts } from "../parts.ts";
import { type ConflictChoice, resolutionsOf } from "./decisions.ts";
import { findConflict } from "./find-conflict.ts";

/**
 * Decides one conflict, also one that was decided before: an ordinary edit of its object. Throws
 * `CONFLICT_NOT_FOUND`, `STALE_EDIT` when others disagree there by now, `USAGE` for a choice that
 * does not fit, and what an edit throws.
 */
export async function resolveConflict(
  { store, edition }: InstanceParts,
  given: string,
  choice: ConflictChoice,
  by: EditAttribution,
): Promise<AuthorOutcome> {
  checkJson(choice);
  const { id, object } = await findConflict(store, given);
  const row = await store.object(object);
  // Read after the object: what is stored from here on is noticed by its revision.
  const conflict = await findConflict(store, id);
  if (row === undefined) throw new SynclineError("OBJECT_NOT_FOUND", `no object ${object}`);
  checkEditable(row, edition);
  if (conflict.status === "superseded") throw await superseded(store, conflict);
  const resolutions = await resolutionsOf(conflict, choice, {
    content: JSON.parse(row.text) as Content,
    contentAt: async (revision) => JSON.parse(await store.contentTextAt(revision)) as Content,
  });
  const ifRevision = by.ifRevision ?? row.revision;
  const message = by.message ?? `resolve a conflict at ${conflict.path} of ${refOf(row)}`;
  const change = { kind: "resolve", object, ifRevision, resolutions } as const;
  return store.author({ author: by.author, message, changes: [change] });
}

async function superseded(
  store: Pick<Store, "conflicts">,
  { id, object, path }: ConflictRow,
): Promise<SynclineError> {
  const open = await store.conflicts({ object, status: "open", path, limit: 10 });
  const ids = open.filter((row) => row.path === path).map((row) => row.id);
  const hint = ids.length > 0 ? `look at ${ids.join(", ")} instead` : "list the open ones";
  return new SynclineError("STALE_EDIT", `later edits disagree at ${path} now`, {
    where: id,
    hint: `${hint}: syncline conflicts list --status open`,
  });
}
