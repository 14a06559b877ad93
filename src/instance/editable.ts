import { SynclineError } from "../base/errors.ts";
import type { Types } from "../catalog/index.ts";
import type { Change } from "../log/author.ts";
import type { Edition } from "../log/edition.ts";
import type { ObjectRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** Throws `UNKNOWN_TYPE` for a type that objects cannot be made of here. */
export function checkType(type: string, types: Types): void {
  if (types.has(type)) return;
  throw new SynclineError("UNKNOWN_TYPE", `there is no type "${type}"`, {
    hint: `the types are ${[...types.keys()].join(", ")}`,
  });
}

/**
 * Throws `UNKNOWN_TYPE` for an object of a type that this version does not know: it is kept, shown
 * and handed on, but only a version that knows the type can check what may stand in it.
 */
export function checkEditable(
  { id, type, name }: Pick<ObjectRow, "id" | "type" | "name">,
  { types }: Edition,
): void {
  if (types.has(type)) return;
  const where = `${type}/${name ?? id}`;
  const message = `${where} is read-only here: this version does not know the type "${type}"`;
  throw new SynclineError("UNKNOWN_TYPE", message, {
    where,
    hint: "edit it where the type is known, or update Syncline on this instance",
  });
}

/** As {@link checkEditable}, for changes that edit what is here. */
export async function checkChanges(
  store: Pick<Store, "object">,
  changes: readonly Change[],
  edition: Edition,
): Promise<void> {
  for (const { kind, object } of changes) {
    if (!EDITS.has(kind)) continue;
    const row = await store.object(object);
    if (row !== undefined) checkEditable(row, edition);
  }
}

const EDITS: ReadonlySet<Change["kind"]> = new Set([
  ...(["set", "patch", "rename", "delete", "undelete", "resolve"] as const),
]);
