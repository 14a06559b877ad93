import { asSynclineError, SynclineError } from "../../base/errors.ts";
import { timeOrderedId } from "../../base/new-ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import type { Direction, RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { Connection } from "../connection.ts";
import { NO_COUNTS } from "../counts.ts";
import { outcomeOf } from "../outcome.ts";
import type { SessionResult } from "../session/result.ts";

/** A run that has begun. */
export interface RunStart {
  readonly id: string;
  readonly started: string;
}

export function startRun(clock: Clock, random: RandomSource): RunStart {
  const nowMs = clock.nowMs();
  return { id: timeOrderedId(random, nowMs, 0), started: new Date(nowMs).toISOString() };
}

/** The result of a run that ended before there was a session. */
export function failedResult(error: SynclineError): SessionResult {
  return {
    outcome: outcomeOf(error.code),
    error,
    peer: null,
    direction: null,
    scope: null,
    ownHead: 0,
    upToDate: false,
    wasLive: false,
    received: NO_COUNTS,
    stretches: [],
    sent: NO_COUNTS,
    refused: [],
    merged: 0,
    newConflicts: 0,
    cursor: { lsn: 0, head: 0 },
    confirmed: 0,
    recovered: false,
    told: [],
  };
}

export interface RunParts {
  readonly start: RunStart;
  readonly clock: Clock;
  readonly link: string;
  readonly direction: Direction;
  readonly result: SessionResult;
  readonly connection: Connection | null;
  readonly openConflicts: number;
  readonly log: RunRow["log"];
}

/** The record of a run. */
export function runRow(parts: RunParts): RunRow {
  const { start, clock, link, direction, result, connection, openConflicts, log } = parts;
  return {
    ...start,
    link,
    peer: result.peer?.instance ?? null,
    direction,
    outcome: result.outcome,
    ended: new Date(clock.nowMs()).toISOString(),
    received: result.received,
    sent: result.sent,
    merged: result.merged,
    conflicts: { new: result.newConflicts, open: openConflicts },
    refused: result.refused,
    ...(result.refusedMore === undefined ? {} : { refusedMore: result.refusedMore }),
    bytes: { in: connection?.bytesIn ?? 0, out: connection?.bytesOut ?? 0 },
    cursor: result.cursor,
    ...(result.left === undefined ? {} : { left: result.left }),
    ...(result.policy === undefined ? {} : { policy: result.policy }),
    ...(log === undefined ? {} : { log }),
    ...(result.error === undefined ? {} : { error: errorOf(result.error) }),
  };
}

/**
 * The result of a session that goes on, as it is saved: until it says how it ended, nobody may take
 * it for one that went well.
 */
export function goingOn(soFar: SessionResult): SessionResult {
  const error = new SynclineError("INTERRUPTED", "the session was going on when this was saved", {
    hint: "if it is not any more, its process ended without a word: what it stored is there",
  });
  return { ...soFar, outcome: outcomeOf(error.code), error };
}

function errorOf({ code, message, hint }: SynclineError): NonNullable<RunRow["error"]> {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

/** Counts the objects of a run that ended early: batches alone cannot tell them apart. */
export async function withObjects(store: Store, result: SessionResult): Promise<SessionResult> {
  const { outcome, peer, received, stretches, wasLive } = result;
  if (wasLive || outcome === "ok" || peer === null || received.revisions === 0) return result;
  try {
    const objects = await store.objectsReceived(peer.instance, stretches);
    return { ...result, received: { ...received, objects } };
  } catch {
    // A store that failed during the run may fail here too; the run says that already.
    return result;
  }
}

/** Where in the own log what a run received stands; undefined when that was nothing. */
export async function logOf(
  store: Store,
  { received, ownHead, stretches }: SessionResult,
): Promise<RunRow["log"]> {
  if (received.revisions + received.purges === 0) return undefined;
  try {
    const [after, { lsn: to }] = [ownHead, await store.head()];
    const isAll = stretches.length === 1 && stretches[0]?.[0] === after && stretches[0][1] === to;
    return isAll ? { after, to } : { after, to, parts: stretches };
  } catch {
    return undefined;
  }
}

/** The conflicts that wait for a person; 0 where the store cannot say. */
export async function openConflictsIn(store: Store): Promise<number> {
  try {
    return await store.openConflicts();
  } catch {
    return 0;
  }
}

/** Stores a run's record. A run whose record cannot be stored did not go well. */
export async function saveRun(store: Store, run: RunRow): Promise<RunRow> {
  try {
    await store.saveRun(run);
    return run;
  } catch (cause) {
    if (run.outcome !== "ok") return run;
    const error = asSynclineError(cause);
    return { ...run, outcome: outcomeOf(error.code), error: errorOf(error) };
  }
}
