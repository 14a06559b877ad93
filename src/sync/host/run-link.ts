import { asSynclineError, SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { Edition } from "../../log/edition.ts";
import { EVERYTHING_TEXT } from "../../scope/scope.ts";
import type { LinkRow, RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { Codec } from "../codec.ts";
import type { Connection } from "../connection.ts";
import { LinkMapping } from "../organizations/link-mapping.ts";
import { runScope } from "../scope-ref.ts";
import type { SessionPace } from "../session/options.ts";
import type { SessionResult } from "../session/result.ts";
import { Session } from "../session/session.ts";
import { zstdCodec } from "../zstd-codec.ts";
import { closeInTime } from "./close-in-time.ts";
import { Departures } from "./departures.ts";
import { drive } from "./drive.ts";
import { leavesOfLink } from "./leave-setting.ts";
import { type LiveHooks, LiveSaver } from "./live-run.ts";
import { learnNames, metWith } from "./names.ts";
import { purgesOfLink } from "./purge-setting.ts";
import { type RemovalAccount, removalsOfLink } from "./removal-limit.ts";
import {
  failedResult,
  goingOn,
  logOf,
  openConflictsIn,
  type RunStart,
  runRow,
  saveRun,
  startRun,
  withObjects,
} from "./run-record.ts";
import { isGoneOn, keepStanding } from "./standing.ts";

/** Opens a connection to an address. Throws CONNECT_FAILED, NOT_A_PEER, TIMEOUT or INTERRUPTED. */
export type Dial = (
  url: string,
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<Connection>;

/** How far a run has come; `done` and `total` are entries of the source's log. */
export interface LinkProgress {
  readonly link: string;
  readonly direction: "pull" | "push";
  readonly done: number;
  readonly total: number;
  /** Both ways, so far. */
  readonly bytes: number;
}

export interface RunLinkOptions {
  readonly store: Store;
  readonly link: LinkRow;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LinkProgress) => void) | undefined;
  /** Awaited when everything is stored, before the run counts as ok (pull). */
  readonly beforeEnd?: ((lsn: Lsn) => Promise<void>) | undefined;
  /** Only objects of these types, this once. */
  readonly types?: readonly string[] | undefined;
  /** A person agrees to what the run may remove. */
  readonly acceptRemovals?: boolean | undefined;
  /** Only what this instance authored itself, and lost, and from the peer only. */
  readonly isOwnOnly?: boolean | undefined;
  /** The store is a copy that nobody keeps: the peer need not record the run. */
  readonly isRehearsal?: boolean | undefined;
  /** zstd unless given; both sides need the same. */
  readonly codec?: (() => Codec) | undefined;
  /** Makes the session stay: it ends with the signal, or when the connection is lost. */
  readonly live?: LiveHooks | undefined;
  /** The attempt before this one, which came to nothing. */
  readonly again?: RunRow | undefined;
  readonly pace?: SessionPace | undefined;
  readonly edition?: Edition | undefined;
}

/**
 * Runs a link once, as the side that dials, and records the run. Never throws for what goes wrong
 * on the way: the run says it. A run is ok only if the target has durably stored everything up to
 * the end of the source's log; a live one, if it had everything once and was then told to end. When
 * this returns, the connection has ended.
 */
export async function runLink(options: RunLinkOptions): Promise<RunRow> {
  const { store, clock, random } = options;
  const run = new RunOf(options, startRun(clock, random));
  const { result, connection } = await twice(options, run);
  const counted = await withObjects(store, result);
  const row = await run.row(counted, connection);
  const saved = isWorthIt(options, row) ? await saveRun(store, row) : row;
  await keepLearned(options, result, run);
  await learnNames(store, metWith(result.peer));
  await keepStanding(store, result);
  return withKept(store, saved, run.departures);
}

/** What stays here though it left is known once everything is noted; where links drop, it is said. */
async function withKept(store: Store, row: RunRow, departures: Departures): Promise<RunRow> {
  if (row.left !== undefined) return row;
  const kept = await departures.kept().catch(() => 0);
  return kept === 0 ? row : saveRun(store, { ...row, left: { dropped: 0, kept } });
}

/** Whoever only looks for what it lost, and finds nothing, has done nothing. */
function isWorthIt({ isOwnOnly }: RunLinkOptions, { received, refused }: RunRow): boolean {
  return isOwnOnly !== true || received.revisions + received.purges + refused.length > 0;
}

/** An instance that finds that it was set back goes on in a new epoch, at once. */
async function twice(options: RunLinkOptions, run: RunOf): Promise<Attempt> {
  const first = await attempt(options, run);
  const last = first.result.error?.code === "RESTORED" ? await attempt(options, run) : first;
  return { ...last, result: withLink(last.result, options.link) };
}

/** What a person has to do where another instance answers than the link was made with. */
function withLink(
  result: SessionResult,
  { name, url, direction, peerName }: LinkRow,
): SessionResult {
  const { error } = result;
  if (error?.code !== "PEER_CHANGED") return result;
  const who = peerName === null ? "" : ` (${peerName})`;
  const hint =
    `if the peer${who} was set up anew, or another one took its place: syncline link remove ${name}; ` +
    `syncline link add ${name} ${url} --direction ${direction}; else find out who answers at ${url}`;
  const { code, message } = error;
  return { ...result, error: new SynclineError(code, message, { where: url, hint }) };
}

/** The run under way, and how to make its record. */
class RunOf {
  readonly #options: RunLinkOptions;
  readonly #start: RunStart;
  readonly removals: RemovalAccount;
  readonly departures: Departures;

  constructor(options: RunLinkOptions, start: RunStart) {
    this.#options = options;
    this.#start = start;
    this.removals = removalsOfLink(options.store, options.link);
    this.departures = new Departures(options.store);
  }

  /** An attempt that ends like the one before, without a peer, takes the place of its record. */
  async row(result: SessionResult, connection: Connection | null): Promise<RunRow> {
    const { store, link, clock, again } = this.#options;
    const isAgain = result.peer === null && again?.error?.code === result.error?.code;
    const { id, started } = (isAgain && again) || this.#start;
    const direction = result.direction ?? link.direction;
    const openConflicts = await openConflictsIn(store);
    const log = await logOf(store, result);
    const parts = { clock, link: link.name, direction, result, connection, openConflicts, log };
    return runRow({ start: { id, started }, ...parts });
  }

  async saveGoingOn(soFar: SessionResult, connection: Connection): Promise<void> {
    const { store } = this.#options;
    await store.saveRun(await this.row(goingOn(soFar), connection));
    await keepLearned(this.#options, soFar, this);
    await keepStanding(store, soFar);
  }
}

interface Attempt {
  readonly result: SessionResult;
  readonly connection: Connection | null;
}

async function attempt(options: RunLinkOptions, run: RunOf): Promise<Attempt> {
  let connection: Connection | null = null;
  try {
    options.signal?.throwIfAborted();
    const { store, link, signal } = options;
    const { direction, peer } = link;
    const scope = runScope(link, options.types);
    const identity = await store.identity();
    connection = await options.dial(link.url, { signal });
    const acceptRemovals = options.acceptRemovals === true;
    const { pace, edition, isRehearsal = false, isOwnOnly } = options;
    const whom = { identity, direction, peer, scope, isOwnOnly };
    const wish = { ...whom, acceptRemovals, isRehearsal, pace, edition };
    const live = options.live === undefined ? undefined : link.name;
    const isGuarded = !acceptRemovals;
    const session = new Session({ role: "dialer", isGuarded, ...wish, live });
    const result = await driven(options, session, connection, run);
    return { result, connection };
  } catch (error) {
    return { result: failedResult(errorOf(error, options.signal)), connection };
  }
}

async function driven(
  options: RunLinkOptions,
  session: Session,
  connection: Connection,
  run: RunOf,
): Promise<SessionResult> {
  const { store, timers, signal, beforeEnd, live } = options;
  const mapping = new LinkMapping(store, options.link);
  const soFar = (): SessionResult => mapping.counted(session.soFar);
  const goneOn = new AbortController();
  const saver = new LiveSaver(timers, soFar, async (it) => {
    await run.saveGoingOn(it, connection);
    if (await isGoneOn(store, it)) goneOn.abort();
  });
  const { result, closed } = drive({
    session,
    connection,
    store,
    codec: (options.codec ?? zstdCodec)(),
    timers,
    signal: signal === undefined ? goneOn.signal : AbortSignal.any([signal, goneOn.signal]),
    beforeEnd,
    onProgress: progressOf(options, connection),
    removals: run.removals.limit,
    purges: purgesOfLink(options.link),
    leaves: leavesOfLink(options.link),
    onLeaving: () => run.departures.begin(),
    mapping,
    onLive: (peer) => live?.onLive?.(peer, soFar),
    onInStep() {
      saver.onInStep();
      live?.onInStep?.();
    },
  });
  const ended = mapping.counted(await result);
  await saver.end();
  await closeInTime(connection, closed, timers);
  return ended;
}

function errorOf(error: unknown, signal: AbortSignal | undefined): SynclineError {
  if (signal?.aborted !== true) return asSynclineError(error);
  return new SynclineError("INTERRUPTED", "the sync was stopped", { retriable: true });
}

function progressOf(options: RunLinkOptions, connection: Connection) {
  const { onProgress, link } = options;
  if (onProgress === undefined) return undefined;
  return (progress: { direction: "pull" | "push"; done: number; total: number }): void =>
    onProgress({
      link: link.name,
      ...progress,
      bytes: connection.bytesIn + connection.bytesOut,
    });
}

/** Keeps what the run learned of the peer. Where that fails, the next run learns it again. */
async function keepLearned(
  { store, link, types, isOwnOnly }: RunLinkOptions,
  result: SessionResult,
  { removals, departures }: RunOf,
): Promise<void> {
  try {
    if (types === undefined) await updateLink(store, link, result, departures);
    const isWhole = types === undefined && isOwnOnly !== true;
    if (isWhole || result.held !== undefined) await removals.settle(result);
  } catch {
    // The run is recorded; a store that cannot take this either says so in the next one.
  }
}

/** Updates the link, if it still exists and anything changed. */
async function updateLink(
  store: Store,
  used: LinkRow,
  result: SessionResult,
  departures: Departures,
): Promise<void> {
  const { peer, cursor, direction, confirmed } = result;
  if (peer === null) return;
  const link = (await store.links()).find(({ name }) => name === used.name);
  if (link === undefined || link.url !== used.url) return;
  const isReliable = result.outcome === "ok" || result.wasLive;
  const { formerScope: from, ...rest } = link;
  const isTold = from !== undefined && isReliable && link.scope === used.scope;
  if (isTold) {
    const to = link.scope ?? EVERYTHING_TEXT;
    await departures.begin();
    await store.noteLeft({ source: peer.instance, from, to });
  }
  const updated: LinkRow = {
    ...(isTold ? rest : link),
    peer: peer.instance,
    peerName: peer.name ?? link.peerName,
    remoteHead: direction === "push" ? link.remoteHead : cursor.head,
    confirmed: direction !== "pull" && isReliable ? confirmed : link.confirmed,
  };
  if (JSON.stringify(updated) !== JSON.stringify(link)) await store.saveLink(updated);
}
