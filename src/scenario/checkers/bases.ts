import { type InstanceId, instanceOf, type RevisionId } from "../../base/ids.ts";
import type { InstanceState, LoggedEntry } from "./world-state.ts";

type Made = Pick<LoggedEntry, "id" | "actor" | "parents">;

/**
 * What the revisions of some instances build on, near and far, whoever made it: it comes back with
 * them to who was set back. `log` has parents before children.
 */
function basesOf(log: readonly Made[], ids: ReadonlySet<InstanceId>): Set<RevisionId> {
  const bases = new Set<RevisionId>();
  for (const { id, actor, parents } of log.toReversed()) {
    if (!ids.has(instanceOf(actor)) && !bases.has(id)) continue;
    for (const parent of parents) bases.add(parent);
  }
  return bases;
}

/** What an instance may have got back with its own. */
export function broughtBack(instance: InstanceState): ReadonlySet<RevisionId> {
  const { name, copiedFrom, ids, log, wasSetBack } = instance;
  return wasSetBack || copiedFrom !== name ? basesOf(log, ids) : new Set();
}
