import { actorId, type InstanceId } from "../../base/ids.ts";
import { FORMER_MAX } from "../../protocol/fields.ts";
import { isToBeHeard } from "../../store/continuity.ts";
import type { Store } from "../../store/store.ts";
import { OWN_KEY } from "../scope-ref.ts";
import type { Standing } from "../session/continuity.ts";
import type { Effect } from "../session/effects.ts";
import type { SessionResult } from "../session/result.ts";

/** What a store knows of who is who; of a peer in this epoch, else in the one it was met in last. */
export async function standingOf(
  store: Store,
  peer: InstanceId | null,
  epoch: string | undefined,
): Promise<Standing> {
  const identity = await store.identity();
  const continuity = await store.continuity();
  const met = peer === null ? [] : await store.met(peer);
  const asked = epoch ?? met.at(-1)?.epoch;
  const cursor = peer === null ? undefined : await store.cursor(peer, OWN_KEY);
  const former = continuity.former.filter(({ reason }) => reason === "new-identity");
  return {
    number: await store.lastNumberOf(actorId(identity.instance, identity.epoch)),
    recovers: isToBeHeard(continuity, peer),
    former: former.reverse().slice(0, FORMER_MAX),
    met,
    known:
      peer === null || asked === undefined
        ? null
        : { epoch: asked, seq: await store.lastNumberOf(actorId(peer, asked)) },
    ownLadder: cursor?.ladder ?? [],
  };
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
  const { peer, outcome, upToDate, recovered, isRehearsal, isOwnOnly } = result;
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
    if (recovered) await store.noteRecovery({ heard: peer.instance });
  } catch {
    // The run itself is recorded.
  }
}
