import type { InstanceId } from "../../base/ids.ts";
import { FORMER_MAX } from "../../protocol/fields.ts";
import { type Continuity, isFirstHearing, isToBeHeard, lackingOf } from "../../store/continuity.ts";
import type { Identity } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { ownKey } from "../scope-ref.ts";
import { isFollowed, isForkKnown, type Standing } from "../session/continuity.ts";
import type { Effect } from "../session/effects.ts";
import type { SessionResult } from "../session/result.ts";

const NO_NUMBERS: ReadonlyMap<string, number> = new Map();

/** What a store knows of who is who; of a peer in this epoch, else in the one it was met in last. */
export async function standingOf(
  store: Store,
  peer: InstanceId | null,
  epoch: string | undefined,
): Promise<Standing> {
  const identity = await store.identity();
  const continuity = await store.continuity();
  const { doubt } = continuity;
  const met = peer === null ? [] : await store.met(peer);
  const asked = epoch ?? met.at(-1)?.epoch;
  const own = await store.numbersOf(identity.instance);
  const theirs = peer === null ? NO_NUMBERS : await store.numbersOf(peer);
  const isResumed = peer !== null && isFirstHearing(continuity, peer);
  const cursor = isResumed ? await store.cursor(peer, ownKey(identity.epoch)) : undefined;
  const former = continuity.former.filter(({ reason }) => reason === "new-identity");
  return {
    number: own.get(identity.epoch) ?? 0,
    recovers: isToBeHeard(continuity, peer),
    former: former.reverse().slice(0, FORMER_MAX),
    ownEpochs: ownEpochs(identity, continuity, own),
    met,
    known: asked === undefined ? null : { epoch: asked, seq: theirs.get(asked) ?? 0 },
    knownOfFormer: [...theirs]
      .filter(([one]) => one !== asked && !isForkKnown(met, one))
      .slice(-FORMER_MAX),
    earlier: doubt && { own, lacking: new Map(lackingOf(doubt, peer)) },
    ownLadder: cursor?.ladder ?? [],
  };
}

/**
 * The epochs in which this instance may have written, as far as it remembers. One that it began and
 * of which it has nothing is among them: what it wrote there may be what it lost.
 */
function ownEpochs(
  { instance, epoch }: Identity,
  { former }: Continuity,
  own: ReadonlyMap<string, number>,
): readonly string[] {
  const before = former.filter((one) => one.instance === instance);
  return [...new Set([epoch, ...before.map((one) => one.epoch), ...own.keys()])];
}

/**
 * True when somebody else has gone on as the peer, in a later epoch: its live session has to end, and
 * the handshake of the next one says that there are two copies.
 */
export async function isGoneOn(store: Store, { peer }: SessionResult): Promise<boolean> {
  return peer !== null && isFollowed(await store.met(peer.instance), peer.epoch);
}

/** Begins a new epoch where the present one is proven to be one of the past. */
export async function learnOwn(
  store: Store,
  { epoch, seq }: Effect & { kind: "learnOwn" },
): Promise<void> {
  if (seq !== null) await store.learnOwn({ epoch, seq });
  else if ((await store.identity()).epoch === epoch) await store.beginEpoch("peer");
}

/** Keeps what a run that went well says of the two. Where that fails, the next one says it again. */
export async function keepStanding(store: Store, result: SessionResult): Promise<void> {
  const { peer, outcome, upToDate, recovered, isRehearsal, isOwnOnly, told } = result;
  // A rehearsal is done with a copy, whose epochs are nobody's.
  if (peer === null || outcome !== "ok" || isRehearsal === true) return;
  try {
    if (isOwnOnly === true) {
      // Whoever only looks for what is lost has not gone on yet: no other copy is given up for it.
      if (recovered) await store.noteRecovery({ asked: peer.instance });
      return;
    }
    const met = await store.met(peer.instance);
    const isNew = met.at(-1)?.epoch !== peer.epoch || peer.former.length > 0;
    if (!upToDate && isNew) await store.meet(peer);
    if (!recovered) return;
    const own = await store.numbersOf((await store.identity()).instance);
    const lacking = told.filter(([epoch, seq]) => seq > (own.get(epoch) ?? 0));
    await store.noteRecovery({ heard: peer.instance, lacking });
  } catch {
    // The run itself is recorded.
  }
}
