import type { Json } from "../../base/json.ts";
import { inForce } from "../../log/policies.ts";
import { parsePolicyRecord } from "../../log/policy-record.ts";
import type { PolicyInForce } from "../../log/reader.ts";
import type { RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";

/** What an undo did about the policy that a run had brought. */
export interface PolicyUndo {
  /** `kept`: it was changed since, so it stays. */
  readonly how: "restored" | "kept";
  /** What the undo itself changed, so that it can be undone. */
  readonly taken?: NonNullable<RunRow["policy"]>;
}

/** Puts the policy from before a run in force again; null where the run had brought none. */
export async function undoPolicy(
  store: Pick<Store, "policies" | "changePolicy">,
  { policy }: RunRow,
  by: { readonly author: string; readonly message: string },
): Promise<PolicyUndo | null> {
  if (policy === undefined) return null;
  const { inForce: now, records } = await store.policies();
  const former = standingAt(records, policy.before);
  if (former.hash === now.hash) return null;
  if (now.frontier.join() !== policy.after.join()) return { how: "kept" };
  const { frontier } = await store.changePolicy({
    ...by,
    policy: former.policy as unknown as Json,
  });
  return { how: "restored", taken: { before: now.frontier, after: frontier } };
}

/** The policy in force when these records were the newest; their parents stand before them. */
function standingAt(texts: readonly string[], frontier: readonly string[]): PolicyInForce {
  const wanted = new Set(frontier);
  const records = texts.map(parsePolicyRecord).reverse();
  const standing = records.filter(({ id, parents }) => {
    if (!wanted.has(id)) return false;
    for (const parent of parents) wanted.add(parent);
    return true;
  });
  return inForce(standing.reverse());
}
