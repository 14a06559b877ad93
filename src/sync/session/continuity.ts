import { SynclineError } from "../../base/errors.ts";
import { OWN_EPOCHS_MAX } from "../../base/limits.ts";
import type { Hello } from "../../protocol/hello.ts";
import type { KnownNumber, MetEpoch } from "../../store/continuity.ts";
import type { Identity, Rung } from "../../store/rows.ts";
import type { PeerInfo } from "./result.ts";

/** What a store knows of who is who. */
export interface Standing {
  /** The newest number of the own actor. */
  readonly number: number;
  /** This instance was restored, or is a copy, and has not heard from the peer since. */
  readonly recovers: boolean;
  /** Identities that this instance gave up for its own, newest first. */
  readonly former: PeerInfo["former"];
  /** Its own epochs that it knows of. */
  readonly ownEpochs: readonly string[];
  /** The epochs in which the peer was met, oldest first. */
  readonly met: readonly MetEpoch[];
  /** The newest number that is known of the peer, in the epoch that was asked for or met last. */
  readonly known: { readonly epoch: string; readonly seq: number } | null;
  /** What is known of the peer's other epochs, but for those that a copy of it has given up. */
  readonly knownOfFormer: readonly KnownNumber[];
  /** What there is of the own earlier epochs; null for an instance that never was in doubt. */
  readonly earlier: {
    readonly own: ReadonlyMap<string, number>;
    /** What the peer once knew, and had not to give. */
    readonly lacking: ReadonlyMap<string, number>;
  } | null;
  /** The cursor over what the peer holds of this instance's own. */
  readonly ownLadder: readonly Rung[];
}

/** What HELLO and WELCOME say of the own continuity where something is to be recovered. */
export function recovery({
  former,
  ownEpochs,
}: Standing): Pick<Hello, "recover" | "former" | "epochs"> {
  const were = former.map(({ instance, epoch }) => [instance, epoch] as const);
  // Whoever cannot name all says nothing, and then nothing is left out.
  const named = ownEpochs.length > OWN_EPOCHS_MAX ? {} : { epochs: ownEpochs };
  return { recover: true, ...(were.length === 0 ? {} : { former: were }), ...named };
}

/** True where it is of use to hear which of the peer's epochs are its own: a copy gave one up. */
export function asksForEpochs({ met }: Standing): boolean {
  return met.some(({ successor }) => successor !== null);
}

/**
 * The epochs of a peer in which, for all that can be told, only a copy of it wrote: the copy gave
 * them up for an identity of its own, and the peer does not know them. What was written there may
 * build on what never flows to the peer. An epoch that the peer knows may have been given up, too,
 * by a copy that nobody had noticed yet; what is its own there has to come back.
 */
export function epochsOfCopies({
  standing,
  peerEpochs,
}: {
  readonly standing: Pick<Standing, "met">;
  readonly peerEpochs: readonly string[] | undefined;
}): readonly string[] {
  if (peerEpochs === undefined) return [];
  const given = standing.met.filter(({ successor }) => successor !== null);
  return given.map(({ epoch }) => epoch).filter((epoch) => !peerEpochs.includes(epoch));
}

/**
 * True where a peer that was heard knows more of an earlier epoch by now, from somebody else, than
 * this instance has: some of what it lost is there.
 */
export function isOwed(
  { earlier }: Standing,
  told: readonly KnownNumber[],
  { epoch: present }: Identity,
): boolean {
  if (earlier === null) return false;
  const { own, lacking } = earlier;
  return told.some(
    ([epoch, seq]) =>
      epoch !== present && seq > Math.max(own.get(epoch) ?? 0, lacking.get(epoch) ?? 0),
  );
}

/** What a HELLO says that its sender knows of the reader's epochs. */
export function toldBy({ rung, knownOfYou, knownOfFormer = [] }: Hello): readonly KnownNumber[] {
  if (rung === undefined || knownOfYou === undefined) return knownOfFormer;
  return [...knownOfFormer, [rung[0], knownOfYou]];
}

/** Who a peer says it was before. */
export function formerOf({ former = [] }: Pick<Hello, "former">): PeerInfo["former"] {
  return former.map(([instance, epoch]) => ({ instance, epoch }));
}

/**
 * An epoch that another one has followed does not come back: where it does, two copies of an
 * instance are in use, and only one of them may go on under its identity. Throws `SAME_IDENTITY`.
 */
export function checkMet(met: readonly MetEpoch[], { instance, epoch, name }: PeerInfo): void {
  if (!isFollowed(met, epoch)) return;
  const who = name === null ? instance : `${name} (${instance})`;
  throw new SynclineError("SAME_IDENTITY", `two copies of the instance ${who} are in use`, {
    where: instance,
    hint:
      "nothing of either is lost: in the folder of the copy run " +
      "syncline instance new-identity --name NEW, and sync that one; where there is no other any more, run syncline instance keep-identity",
  });
}

/** True for an epoch of a peer that was met, and in which somebody has gone on since. */
export function isFollowed(met: readonly MetEpoch[], epoch: string): boolean {
  const at = met.findIndex((one) => one.epoch === epoch);
  return at >= 0 && met.slice(at + 1).some(({ successor }) => successor === null);
}

/** True where a copy with an identity of its own says that it was the one which wrote as this. */
export function isForkKnown(met: readonly MetEpoch[], epoch: string): boolean {
  return met.some((one) => one.epoch === epoch && one.successor !== null);
}

/** Ends a session in which a peer proves that this instance was set back; the next one goes on. */
export function restored({ name, instance }: Identity): SynclineError {
  const message = `the instance ${name} was set back to an earlier state`;
  return new SynclineError("RESTORED", message, {
    where: instance,
    retriable: true,
    hint: "sync again: it gets back what it lost, and goes on in a new epoch",
  });
}

/** The rungs of a target that offers its own log are of no epoch of the source. */
export const NO_EPOCH = "00000000-0000-0000-0000-000000000000";
