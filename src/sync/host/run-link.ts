import { asSynclineError, SynclineError } from "../../base/errors.ts";
import type { Lsn } from "../../base/ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { Direction, LinkRow, RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { Codec } from "../codec.ts";
import type { Connection } from "../connection.ts";
import { LinkMapping } from "../organizations/link-mapping.ts";
import type { SessionResult } from "../session/result.ts";
import { Session } from "../session/session.ts";
import { zstdCodec } from "../zstd-codec.ts";
import { closeInTime } from "./close-in-time.ts";
import { drive } from "./drive.ts";
import { learnNames, metWith } from "./names.ts";
import { limitOfLink } from "./removal-limit.ts";
import {
  failedResult,
  openConflictsIn,
  runRow,
  saveRun,
  startRun,
  withObjects,
} from "./run-record.ts";

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
  /** A person agrees to what the run may remove. */
  readonly acceptRemovals?: boolean | undefined;
  /** zstd unless given; both sides need the same. */
  readonly codec?: (() => Codec) | undefined;
}

/**
 * Runs a link once, as the side that dials, and records the run. Never throws for what goes wrong
 * on the way: the run says it. A run is ok only if the target has durably stored everything up to
 * the end of the source's log. When this returns, the connection has ended.
 */
export async function runLink(options: RunLinkOptions): Promise<RunRow> {
  const { store, link, clock, random } = options;
  const start = startRun(clock, random);
  const { result, connection } = await attempt(options);
  const counted = await withObjects(store, result);
  const direction = result.direction ?? link.direction;
  const openConflicts = await openConflictsIn(store);
  const parts = { start, clock, link: link.name, direction, result: counted, connection };
  const run = runRow({ ...parts, openConflicts });
  const saved = await saveRun(store, run);
  await keepLearned(store, link, result);
  await learnNames(store, metWith(result.peer));
  return saved;
}

interface Attempt {
  readonly result: SessionResult;
  readonly connection: Connection | null;
}

async function attempt(options: RunLinkOptions): Promise<Attempt> {
  let connection: Connection | null = null;
  try {
    const direction = supportedDirection(options.link);
    options.signal?.throwIfAborted();
    const { store, link, timers, signal } = options;
    const identity = await store.identity();
    connection = await options.dial(link.url, { signal });
    const acceptRemovals = options.acceptRemovals === true;
    const wish = { identity, direction, peer: link.peer, acceptRemovals };
    const session = new Session({ role: "dialer", isGuarded: !acceptRemovals, ...wish });
    const mapping = new LinkMapping(store, link);
    const driven = drive({
      session,
      connection,
      store,
      codec: (options.codec ?? zstdCodec)(),
      timers,
      signal,
      beforeEnd: options.beforeEnd,
      onProgress: progressOf(options, connection),
      removals: limitOfLink(store, link),
      mapping,
    });
    const result = mapping.counted(await driven.result);
    await closeInTime(connection, driven.closed, timers);
    return { result, connection };
  } catch (error) {
    return { result: failedResult(errorOf(error, options.signal)), connection };
  }
}

function errorOf(error: unknown, signal: AbortSignal | undefined): SynclineError {
  if (signal?.aborted !== true) return asSynclineError(error);
  return new SynclineError("INTERRUPTED", "the sync was stopped", { retriable: true });
}

function supportedDirection({ direction, scope, name }: LinkRow): Direction {
  if (scope === null) return direction;
  throw new SynclineError(
    "LINK_UNSUPPORTED",
    `the link "${name}" asks for a scope, which is not available in this version`,
    { hint: "use a link that carries everything" },
  );
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
async function keepLearned(store: Store, used: LinkRow, result: SessionResult): Promise<void> {
  try {
    await updateLink(store, used, result);
  } catch {
    // The run is recorded; a store that cannot take this either says so in the next one.
  }
}

/** Updates the link, if it still exists and anything changed. */
async function updateLink(store: Store, used: LinkRow, result: SessionResult): Promise<void> {
  const { peer, cursor, direction, confirmed } = result;
  if (peer === null) return;
  const link = (await store.links()).find(({ name }) => name === used.name);
  if (link === undefined || link.url !== used.url) return;
  const updated: LinkRow = {
    ...link,
    peer: peer.instance,
    peerName: peer.name ?? link.peerName,
    remoteHead: direction === "push" ? link.remoteHead : cursor.head,
    confirmed: direction !== "pull" && result.outcome === "ok" ? confirmed : link.confirmed,
  };
  if (JSON.stringify(updated) !== JSON.stringify(link)) await store.saveLink(updated);
}
