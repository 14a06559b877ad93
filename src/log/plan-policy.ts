import { SynclineError } from "../base/errors.ts";
import type { HybridClock } from "../base/hlc.ts";
import type { ActorId } from "../base/ids.ts";
import { timeOrderedId } from "../base/new-ids.ts";
import type { RandomSource } from "../base/ports/random.ts";
import type { Policy } from "../merge/policy.ts";
import { RECORD_VERSION } from "../model/record.ts";
import { LogDraft } from "./draft.ts";
import type { DraftCounts } from "./draft-counts.ts";
import { headsOf, inForce, matchPolicies, type PolicyMatch } from "./policies.ts";
import { type PolicyRecord, parsePolicyRecord, sealPolicyRecord } from "./policy-record.ts";
import type { LogReader } from "./reader.ts";
import type { LogWrites } from "./writes.ts";

/** A person's change of the policy. */
export interface PolicyCommand {
  readonly author: string;
  readonly message: string;
  readonly policy: Policy;
  /** A peer's records that the new one takes the place of, beside one's own. */
  readonly adopted: readonly PolicyRecord[];
}

/** What a person's change of the policy needs; no number of the actor's is used. */
export interface PolicyAuthoring {
  readonly actor: ActorId;
  readonly clock: HybridClock;
  readonly random: RandomSource;
}

/** Plans a change of the policy: every merge that is still open is evaluated again. */
export function planPolicyChange(
  reader: LogReader,
  { actor, clock, random }: PolicyAuthoring,
  { author, message, policy, adopted }: PolicyCommand,
): LogWrites {
  const own = reader.policyRecords();
  const known = new Set(own.map(({ id }) => id));
  const fresh = adopted.filter(({ id }) => !known.has(id));
  const heads = headsOf([...own, ...fresh]);
  const hlc = clock.next(heads.map((head) => head.hlc));
  const id = timeOrderedId(random, Math.floor(hlc / 1000), hlc % 1000);
  const parents = heads.map((head) => head.id);
  const authored = { v: RECORD_VERSION, actor, hlc, author, message, policy } as const;
  const record = { ...authored, id, parents };
  return resettled(reader, own, [...fresh, parsePolicyRecord(sealPolicyRecord(record))]).writes;
}

/** What becomes of the policies that a peer offers. */
export interface PolicyOffer {
  readonly match: PolicyMatch;
  /** Null when nothing is taken. */
  readonly writes: LogWrites | null;
  /** How many live objects the policy deletes, and how many it brings back. */
  readonly removed: number;
  readonly restored: number;
}

/** Plans to take a peer's policies, where they build on one's own. */
export function planPolicyOffer(reader: LogReader, offered: readonly PolicyRecord[]): PolicyOffer {
  const own = reader.policyRecords();
  const known = new Set(own.map(({ id }) => id));
  for (const { id, parents } of offered) {
    const missing = parents.find((parent) => !known.has(parent));
    if (missing !== undefined) {
      throw new SynclineError("INVALID_POLICY", `a policy came before its parent ${missing}`);
    }
    known.add(id);
  }
  const match = matchPolicies(own, offered);
  if (match !== "newer") return { match, writes: null, removed: 0, restored: 0 };
  const ids = new Set(own.map(({ id }) => id));
  const fresh = offered.filter(({ id }) => !ids.has(id));
  const { writes, removed, restored } = resettled(reader, own, fresh);
  return { match, writes, removed, restored };
}

function resettled(
  reader: LogReader,
  own: readonly PolicyRecord[],
  fresh: readonly PolicyRecord[],
): { readonly writes: LogWrites } & Pick<DraftCounts, "removed" | "restored"> {
  const policy = inForce([...own, ...fresh]);
  const draft = new LogDraft(reader, policy);
  if (policy.hash !== reader.policy().hash) draft.resettle();
  const nothing = { refused: [], released: [] };
  const { removed, restored } = draft.counts;
  return { writes: { ...draft.writes(), ...nothing, policies: fresh }, removed, restored };
}
