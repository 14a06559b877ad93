import { SynclineError } from "../../base/errors.ts";
import type { ObjectId } from "../../base/ids.ts";
import type { LinkRow, RunRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { removalsMax } from "../../sync/host/removal-limit.ts";
import { runLink } from "../../sync/host/run-link.ts";
import { failedResult, runRow, startRun } from "../../sync/host/run-record.ts";
import { runScope } from "../../sync/scope-ref.ts";
import { withTemporaryCopy } from "../folder/temporary-copy.ts";
import type { SyncOptions } from "../instance.ts";
import { linkNamed } from "../links.ts";
import type { SyncParts } from "../syncs.ts";
import { type Happening, newConflicts, type WouldChange, whatChanged } from "./what-changed.ts";
import { type WouldLeave, whatLeaves } from "./what-leaves.ts";
import { type WouldSend, wouldSend } from "./would-send.ts";

/** What a run would do here, and what it would send. */
export interface Would {
  /** How many objects would be created, changed … */
  readonly objects: Readonly<Record<Happening, number>>;
  /** Which ones. */
  readonly changes: readonly WouldChange[];
  /** The conflicts that would come to light. */
  readonly conflicts: readonly WouldConflict[];
  /**
   * Live objects that would go; `max` of them may at once, so that the run would be held or not:
   * not where the removals are accepted. `before`: so many went before the link was held.
   */
  readonly removals: {
    readonly count: number;
    readonly before?: number;
    readonly max: number;
    readonly held: boolean;
  };
  /** What would leave the link's scope here, and what would be dropped of all that left. */
  readonly left: readonly WouldLeave[];
  /** What would be sent, by what the peer confirmed last; null over a link that only receives. */
  readonly send: WouldSend | null;
}

interface WouldConflict {
  readonly id: string;
  readonly object: ObjectId;
  readonly type: string;
  readonly name: string | null;
  readonly path: string;
  readonly kind: string;
}

/** A run as it would be, and what it would do. */
export interface Rehearsal extends RunRow {
  readonly would: Would;
}

/**
 * Runs a link for real, on a copy of the store that is thrown away, and compares: nothing is written
 * here, and the peer sees somebody who pulls. Never throws for what goes wrong on the way; throws
 * `LINK_NOT_FOUND`, and what a backup throws.
 */
export async function rehearse(
  parts: SyncParts,
  name: string,
  options: SyncOptions,
): Promise<Rehearsal> {
  const { store } = parts;
  const link = linkNamed(await store.links(), name);
  const accepted = options.acceptRemovals === true;
  return withTemporaryCopy(store, parts, async (copy) => {
    const send = link.direction === "pull" ? null : await wouldSend(copy, link, options.types);
    if (link.direction === "push") {
      const none: Received = { changes: [], conflicts: [], left: [] };
      return { ...nothingReceived(parts, link), would: await would(store, link, none, { send }) };
    }
    const { lsn } = await copy.head();
    // What would be dropped is told, which takes that it is there.
    const { onLeave, ...keeping } = link;
    const run = await runLink({
      ...portsOf(parts),
      store: copy,
      link: { ...keeping, direction: "pull" },
      types: options.types,
      signal: options.signal,
      onProgress: options.onProgress,
      // What would be held is told, not stopped at.
      acceptRemovals: true,
      isRehearsal: true,
    });
    const changes = await whatChanged(store, copy, lsn);
    const conflicts = await conflictsOf(store, copy);
    const where = run.peer && { source: run.peer, scope: runScope(link, options.types).hash };
    const left = where ? await whatLeaves({ store, copy }, where, onLeave === "drop") : [];
    const came = await would(store, link, { changes, conflicts, left }, { send, accepted });
    return { ...run, direction: link.direction, would: came };
  });
}

function portsOf({ dial, clock, timers, random, pace, edition }: SyncParts) {
  return { dial, clock, timers, random, pace, edition };
}

interface Received {
  readonly changes: readonly WouldChange[];
  readonly conflicts: readonly WouldConflict[];
  readonly left: readonly WouldLeave[];
}

async function would(
  store: Store,
  { maxRemovals, held: heldBefore }: LinkRow,
  { changes, conflicts, left }: Received,
  { send, accepted }: { readonly send: Would["send"]; readonly accepted?: boolean },
): Promise<Would> {
  const many = (what: Happening): number => changes.filter((one) => one.what === what).length;
  const objects = {
    created: many("created"),
    changed: many("changed"),
    deleted: many("deleted"),
    undeleted: many("undeleted"),
    purged: many("purged"),
  };
  let count = 0;
  for (const { object, what } of changes) {
    if (what === "deleted") count += 1;
    else if (what === "purged" && (await store.object(object))?.deleted === false) count += 1;
  }
  count += left.filter(({ isDropped, isLive }) => isDropped && isLive).length;
  const max = removalsMax(maxRemovals, await store.liveObjects());
  const before = heldBefore?.removed ?? 0;
  const went = before === 0 ? {} : { before };
  const held = before + count > max && accepted !== true;
  const removals = { count, ...went, max, held };
  return { objects, changes, conflicts, removals, left, send };
}

async function conflictsOf(store: Store, copy: Store): Promise<WouldConflict[]> {
  const rows = await newConflicts(store, copy);
  const conflicts: WouldConflict[] = [];
  for (const { id, object, type, path, kind } of rows) {
    const name = (await copy.object(object))?.name ?? null;
    conflicts.push({ id, object, type, name, path, kind });
  }
  return conflicts;
}

/** The run of a link that only sends, which is not begun. */
function nothingReceived({ clock, random }: SyncParts, link: LinkRow): RunRow {
  const { error: _, ...run } = runRow({
    start: startRun(clock, random),
    clock,
    link: link.name,
    direction: link.direction,
    result: failedResult(new SynclineError("INTERRUPTED", "not begun")),
    connection: null,
    openConflicts: 0,
    log: undefined,
  });
  return { ...run, peer: link.peer, outcome: "ok" };
}
