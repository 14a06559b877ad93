import { type InstanceId, instanceOf, type ObjectId, type RevisionId } from "../../base/ids.ts";
import type { Derived, InstanceState, LoggedEntry } from "../checkers/world-state.ts";
import type { Life } from "./life.ts";
import { readDerived } from "./read-derived.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";

/** What is known of one instance. */
export interface Watched {
  readonly instance: SimulatedInstance;
  /** Its log; and those that it had before it was set back, newest first. */
  life: Life;
  readonly former: Life[];
  /** By what ids it was known to others. */
  readonly ids: Set<InstanceId>;
  /** The epoch in which it cannot know that it was set back. */
  unawareIn?: string;
  readonly traffic: Traffic;
  /** What it refused so far, though it may have taken it since. */
  readonly refused: Set<RevisionId>;
  /** What it dropped so far, though it may have come again. */
  readonly dropped: Set<RevisionId>;
  authoredDigest: string | null;
  /** The version of the program that could not read all of what that digest is of. */
  hidIn: string | null;
  receivedCount: number;
  appliedCount: number;
  /** The hash of the policy in force, then its frontier. */
  policy: string;
  /** The version of the program when it was last asked what is inside scopes. */
  version: string;
  /** What it derived when it was last compared, and from what. */
  derived: { readonly from: string; readonly state: Derived } | undefined;
}

/** What comes to an instance. */
export interface Traffic {
  readonly receivesAll: boolean;
  /** See {@link InstanceState.copiedFrom}. */
  readonly copiedFrom: string;
}

export type Seen = Pick<
  InstanceState,
  | ("gone" | "ids" | "authoredDigest" | "receivedCount" | "appliedCount")
  | (
      | "onlySends"
      | "copiedFrom"
      | "receivesAll"
      | "wasSetBack"
      | "isUnaware"
      | "refused"
      | "dropped"
    )
> & {
  /** By an update it shows what it could not read when its people made it, in a copy. */
  readonly showsMore: boolean;
};

/** What was seen of an instance when a backup of it was made. */
export type Memory = Pick<
  Watched,
  "authoredDigest" | "hidIn" | "receivedCount" | "appliedCount"
> & {
  readonly gone: readonly ObjectId[];
  readonly refused: ReadonlySet<RevisionId>;
  readonly dropped: ReadonlySet<RevisionId>;
};

/** That of an instance to which nothing happened yet. */
export const NO_MEMORY: Memory = {
  ...{ authoredDigest: null, hidIn: null, receivedCount: 0, appliedCount: 0 },
  gone: [],
  refused: new Set(),
  dropped: new Set(),
};

/** True for what was authored here, whoever this was then. */
export function isOwn({ ids }: Watched, { actor }: LoggedEntry): boolean {
  return ids.has(instanceOf(actor));
}

/** What was dropped may come again. */
export async function followDrop({ life, instance, ...watched }: Watched): Promise<void> {
  const dropped = await life.mirror.forgetDropped(instance.durable);
  for (const id of dropped) watched.dropped.add(id);
  for (const [, checker] of life.checkers) checker.dropped?.(dropped);
}

/** What its own people made of an instance, which nobody else may change. */
export async function noteAuthored(watched: Watched): Promise<void> {
  const { digest, objects } = await readDerived(watched.instance.durable);
  watched.authoredDigest = digest;
  watched.hidIn = objects.some(({ parked }) => parked) ? watched.instance.version : null;
}

export function holdingsOf({ instance, life, policy }: Watched): string {
  return `${instance.version} ${life.mirror.holdings} ${policy.split(" ")[0]}`;
}

export async function derivedBy(watched: Watched, from: string): Promise<Derived> {
  if (watched.derived?.from !== from) {
    watched.derived = { from, state: await readDerived(watched.instance.durable) };
  }
  return watched.derived.state;
}
