import type { InstanceId } from "../base/ids.ts";
import type { Identity } from "./rows.ts";

/**
 * Why an epoch began: somebody restored a backup; the database file is not the one that was written
 * here last (`copy`), or it holds another log than that one (`rollback`); another instance knew
 * more of this one's own revisions (`peer`); it forgot what left many scopes (`scopes`); a copy got an identity of its own, or somebody said
 * which of several copies goes on (`kept`).
 */
export const EPOCH_REASONS = [
  "restore",
  "copy",
  "rollback",
  "peer",
  "scopes",
  "new-identity",
  "kept",
] as const;
export type EpochReason = (typeof EPOCH_REASONS)[number];

/** An identity that an instance had, and why it gave it up. */
export interface FormerIdentity {
  readonly instance: InstanceId;
  readonly epoch: string;
  /** ISO 8601. */
  readonly ended: string;
  readonly reason: EpochReason;
}

/**
 * Whether an instance is what it was. It is in doubt from the moment its epoch changed: others may
 * hold revisions that were authored here and are not here any more.
 */
export interface Continuity {
  /** Oldest first; the newest {@link FORMER_IDENTITIES_MAX}. */
  readonly former: readonly FormerIdentity[];
  /** Null for an instance that never was in doubt. */
  readonly doubt: Doubt | null;
}

export interface Doubt {
  /** Peers that have handed over what they hold of this instance's own since the epoch began. */
  readonly heard: readonly InstanceId[];
  /** Peers that have handed over what this instance authored itself, and nothing else; absent: none. */
  readonly asked?: readonly InstanceId[];
  /** The links were tried once before the first edit of the epoch. */
  readonly tried: boolean;
  /**
   * What peers that were heard knew of earlier epochs and did not hand over: it is gone there, so
   * they need not be asked again for that; absent: nothing.
   */
  readonly lacking?: readonly (readonly [peer: InstanceId, epoch: string, seq: number])[];
  /** Peers that have got more since they were heard; absent: none. */
  readonly owing?: readonly InstanceId[];
}

/** The newest number that somebody knows of an epoch. */
export type KnownNumber = readonly [epoch: string, seq: number];

/** Something learned since the epoch began: see {@link Doubt}. */
export type RecoveryNote =
  | { readonly heard: InstanceId; readonly lacking?: readonly KnownNumber[] }
  /** A peer that was heard has got more of what this instance authored and lost. */
  | { readonly owing: InstanceId }
  | { readonly asked: InstanceId }
  | { readonly tried: true };

export const UNBROKEN: Continuity = { former: [], doubt: null };

/** How many former identities are remembered. */
export const FORMER_IDENTITIES_MAX = 100;

/** Of how many numbers it is remembered that peers cannot give them; one more costs a question. */
const LACKING_MAX = 100;

/** An epoch in which a peer was met. */
export interface MetEpoch {
  readonly epoch: string;
  /** The instance that the copy which wrote in this epoch has become since; null for none. */
  readonly successor: InstanceId | null;
}

/** A peer that was met, and whom it says it was before. */
export interface MetPeer {
  readonly instance: InstanceId;
  readonly epoch: string;
  readonly former: readonly Pick<FormerIdentity, "instance" | "epoch">[];
}

/** What becomes of an identity when its epoch ends. */
export function ended(
  { instance, epoch }: Identity,
  before: Continuity,
  nowMs: number,
  reason: EpochReason,
): Continuity {
  const former = { instance, epoch, ended: new Date(nowMs).toISOString(), reason };
  return {
    former: [...before.former, former].slice(-FORMER_IDENTITIES_MAX),
    doubt: reason === "scopes" ? before.doubt : { heard: [], tried: false },
  };
}

/** True when the peer still has to be asked for what was lost. */
export function isToBeHeard({ doubt }: Continuity, peer: InstanceId | null): boolean {
  return doubt !== null && (peer === null || !doubt.heard.includes(peer));
}

/** True when an instance may lack what it authored itself, and has not asked for it yet. */
export function isToBeTried({ former, doubt }: Continuity): boolean {
  // Under an identity that is new nothing was lost.
  return doubt?.tried === false && former.at(-1)?.reason !== "new-identity";
}

/** True when a peer may hold what this instance authored, and lost. */
export function mayHoldOwn({ former, doubt }: Continuity, peer: InstanceId | null): boolean {
  if (doubt === null || former.at(-1)?.reason === "new-identity") return false;
  const { heard, asked = [] } = doubt;
  return peer === null || !(heard.includes(peer) || asked.includes(peer));
}

/** A doubt after something was learned. */
export function noted(doubt: Doubt, note: RecoveryNote): Doubt {
  if ("tried" in note) return { ...doubt, tried: true };
  if ("heard" in note) return heardOf(doubt, note.heard, note.lacking ?? []);
  if ("owing" in note) {
    const { heard, asked = [] } = doubt;
    const isOther = (peer: InstanceId): boolean => peer !== note.owing;
    const owing = withPeer(doubt.owing ?? [], note.owing);
    return { ...doubt, heard: heard.filter(isOther), asked: asked.filter(isOther), owing };
  }
  return { ...doubt, asked: withPeer(doubt.asked ?? [], note.asked) };
}

/**
 * True while a peer hands over for the first time what it holds of the own. What it gets later may
 * build on what it had before, and need not have given.
 */
export function isFirstHearing({ doubt }: Continuity, peer: InstanceId): boolean {
  return doubt === null || ![...doubt.heard, ...(doubt.owing ?? [])].includes(peer);
}

/** What a peer once knew of earlier epochs, and had not to give. */
export function lackingOf({ lacking = [] }: Doubt, peer: InstanceId | null): KnownNumber[] {
  return lacking.flatMap(([one, ...number]) => (one === peer ? [number] : []));
}

function heardOf(
  { lacking: before = [], ...doubt }: Doubt,
  peer: InstanceId,
  found: readonly KnownNumber[],
): Doubt {
  const others = before.filter(([one]) => one !== peer);
  const all = [...others, ...found.map(([epoch, seq]) => [peer, epoch, seq] as const)];
  const lacking = all.slice(-LACKING_MAX);
  const heard = withPeer(doubt.heard, peer);
  return { ...doubt, heard, ...(lacking.length === 0 ? {} : { lacking }) };
}

function withPeer(peers: readonly InstanceId[], peer: InstanceId): readonly InstanceId[] {
  return peers.includes(peer) ? peers : [...peers, peer];
}

/** The epochs of a peer that was met, oldest first, after it was met in one. */
export function metIn(epoch: string, before: readonly MetEpoch[]): readonly MetEpoch[] {
  if (before.some((one) => one.epoch === epoch)) return before;
  return [...before, { epoch, successor: null }].slice(-FORMER_IDENTITIES_MAX);
}

/** The same after somebody said that it is whoever wrote in one of them. */
export function givenUp(
  epoch: string,
  successor: InstanceId,
  before: readonly MetEpoch[],
): readonly MetEpoch[] {
  return metIn(epoch, before).map((one) => (one.epoch === epoch ? { epoch, successor } : one));
}

/** What a meeting changes: the epochs of each instance that it says something of. */
export function meetings(
  { instance, epoch, former }: MetPeer,
  metOf: (instance: InstanceId) => readonly MetEpoch[],
): readonly (readonly [InstanceId, readonly MetEpoch[]])[] {
  const changed = new Map([[instance, metIn(epoch, metOf(instance))]]);
  for (const one of former) {
    if (one.instance === instance) continue;
    const before = changed.get(one.instance) ?? metOf(one.instance);
    changed.set(one.instance, givenUp(one.epoch, instance, before));
  }
  return [...changed];
}
