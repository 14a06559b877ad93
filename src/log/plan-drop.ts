import type { HybridClock } from "../base/hlc.ts";
import type { ActorId, ObjectId, RevisionId } from "../base/ids.ts";
import { timeOrderedId } from "../base/new-ids.ts";
import type { RandomSource } from "../base/ports/random.ts";
import { LogDraft } from "./draft.ts";
import type { LogReader } from "./reader.ts";
import type { LogWrites, Stub } from "./writes.ts";

/** Who drops, and when. */
export interface Dropping {
  readonly actor: ActorId;
  readonly clock: HybridClock;
  readonly random: RandomSource;
}

/**
 * Plans that objects are dropped here: all that is left of them is ids, hashes and chain in the log,
 * as of shunned ones, but what comes of them later is taken as if they had never been here. Nobody
 * else hears of it.
 */
export function planDrop(
  reader: LogReader,
  dropping: Dropping,
  objects: readonly ObjectId[],
): LogWrites {
  const draft = new LogDraft(reader);
  for (const object of objects) draft.leave("dropped", newStub(dropping, object));
  draft.settle();
  return { ...draft.writes(), refused: [], released: [] };
}

/**
 * Plans that the log goes on by one entry that changes nothing, for who follows it to come past a
 * position. It stands as if its object had been dropped once, and come again.
 */
export function planMark(reader: LogReader, dropping: Dropping, object: ObjectId): LogWrites {
  const draft = new LogDraft(reader);
  draft.appendStub("dropped", newStub(dropping, object));
  return { ...draft.writes(), refused: [], released: [] };
}

function newStub({ actor, clock, random }: Dropping, object: ObjectId): Stub {
  const hlc = clock.next();
  const id = timeOrderedId(random, Math.floor(hlc / 1000), hlc % 1000) as RevisionId;
  return { id, object, actor, hlc };
}
