import { asSynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { Edition } from "../../log/edition.ts";
import type { RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { Codec } from "../codec.ts";
import { CLOSE_CODES, type Connection } from "../connection.ts";
import { LinkMapping } from "../organizations/link-mapping.ts";
import { scopeOf } from "../scope-ref.ts";
import type { DirectionProgress } from "../session/effects.ts";
import type { SessionPace } from "../session/options.ts";
import type { SessionResult } from "../session/result.ts";
import { Session } from "../session/session.ts";
import { zstdCodec } from "../zstd-codec.ts";
import { closeInTime } from "./close-in-time.ts";
import { drive } from "./drive.ts";
import { leavesOfPeer } from "./leave-setting.ts";
import type { LiveRegister } from "./live-register.ts";
import { LiveSaver } from "./live-run.ts";
import { learnNames, metWith } from "./names.ts";
import { purgesOfPeer } from "./purge-setting.ts";
import { type RemovalAccount, removalsOfPeer } from "./removal-limit.ts";
import {
  failedResult,
  goingOn,
  logOf,
  openConflictsIn,
  runRow,
  saveRun,
  startRun,
  withObjects,
} from "./run-record.ts";
import type { StagingBudget } from "./staging-budget.ts";
import { isGoneOn, keepStanding } from "./standing.ts";

export interface AcceptOptions {
  readonly store: Store;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  /** What peers may do: pull from here, push to here. */
  readonly allow: { readonly pull: boolean; readonly push: boolean };
  /** Purges of peers that this instance has no link with are refused. */
  readonly refusesPurges?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DirectionProgress) => void) | undefined;
  /** Awaited when everything is stored, before the run counts as ok (a peer's push). */
  readonly beforeEnd?: ((lsn: Lsn) => Promise<void>) | undefined;
  readonly codec?: (() => Codec) | undefined;
  readonly pace?: SessionPace | undefined;
  /** Where the live sessions of this instance's peers stand, one for each link. */
  readonly register?: LiveRegister | undefined;
  readonly edition?: Edition | undefined;
  /** What all connections may hold of batches that are not stored yet. */
  readonly staging?: StagingBudget | undefined;
}

/**
 * Serves one connection, as the side that was dialed; returns its run, with the direction as seen
 * from here and the name of the link whose peer it is, "" when there is none. The run is recorded
 * unless it found nothing to do or ended in the handshake: peers that only ask, or stay without a
 * word, or rehearse, and strangers, shall not grow the store. Never throws for what goes wrong on the way.
 */
export async function acceptSync(options: AcceptOptions): Promise<RunRow> {
  const { store, connection, clock, timers, random } = options;
  const start = startRun(clock, random);
  const record = async (result: SessionResult): Promise<RunRow> => {
    const link = await linkOf(store, result);
    const direction = result.direction ?? "pull";
    const openConflicts = await openConflictsIn(store);
    const log = await logOf(store, result);
    const parts = { start, clock, link, direction, result, connection, openConflicts, log };
    return runRow(parts);
  };
  const removals = removalsOfPeer(store);
  const keep = async (so: SessionResult): Promise<void> => {
    await keepStanding(store, so);
    // Where that fails, the next run that is held says it again.
    await removals.settle(so).catch(() => undefined);
  };
  const { result, closed } = await serve(options, removals, async (soFar) => {
    await keep(soFar);
    if (isWorthIt(soFar)) await store.saveRun(await record(goingOn(soFar)));
  });
  const run = await record(await withObjects(store, result));
  await keep(result);
  const saved = isWorthIt(result) ? await saveRun(store, run) : run;
  if (isWorthIt(result)) await learnNames(store, metWith(result.peer));
  await closeInTime(connection, closed, timers);
  return saved;
}

function isWorthIt(result: SessionResult): boolean {
  const { peer, upToDate, isRehearsal, wasLive, received, sent, refused, policy } = result;
  if (peer === null || upToDate || isRehearsal === true) return false;
  const carried = [received, sent].some((it) => it.revisions + it.purges > 0);
  return !wasLive || carried || refused.length > 0 || policy !== undefined;
}

interface Served {
  readonly result: SessionResult;
  readonly closed: Promise<void>;
}

async function serve(
  options: AcceptOptions,
  removals: RemovalAccount,
  save: (soFar: SessionResult) => Promise<void>,
): Promise<Served> {
  const { store, connection, timers, signal, allow, pace, register, edition } = options;
  const replaced = new AbortController();
  let leave: (() => void) | undefined;
  try {
    const identity = await store.identity();
    const mapping = new LinkMapping(store);
    const known = { identity, allow, pace, edition };
    const session = new Session({ role: "acceptor", isGuarded: true, ...known });
    const soFar = (): SessionResult => mapping.counted(session.soFar);
    const saver = new LiveSaver(timers, soFar, async (it) => {
      await save(it);
      if (await isGoneOn(store, it)) replaced.abort();
    });
    const driven = drive({
      session,
      connection,
      store,
      codec: (options.codec ?? zstdCodec)(),
      timers,
      signal: signal === undefined ? replaced.signal : AbortSignal.any([signal, replaced.signal]),
      beforeEnd: options.beforeEnd,
      onProgress: options.onProgress,
      removals: removals.limit,
      purges: purgesOfPeer(store, options.refusesPurges ?? false),
      leaves: leavesOfPeer(store),
      mapping,
      staging: options.staging,
      onLive(peer, link) {
        leave = register?.enter(peer, link ?? "", replaced);
      },
      onInStep: () => saver.onInStep(),
    });
    const result = mapping.counted(await driven.result);
    await saver.end();
    return { result, closed: driven.closed };
  } catch (error) {
    connection.close(CLOSE_CODES.fault);
    return { result: failedResult(asSynclineError(error)), closed: Promise.resolve() };
  } finally {
    leave?.();
  }
}

async function linkOf(store: Store, { peer, scope }: SessionResult): Promise<string> {
  if (peer === null) return "";
  try {
    const links = await store.links();
    const withPeer = links.filter((link) => link.peer === peer.instance);
    const sameScope = withPeer.find((link) => scopeOf(link.scope).hash === scope);
    return (sameScope ?? withPeer[0])?.name ?? "";
  } catch {
    return "";
  }
}
