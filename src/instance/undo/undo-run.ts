import { asSynclineError, isSynclineError, SynclineError } from "../../base/errors.ts";
import { type ChangesetId, instanceOf, type ObjectId, type RevisionId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { Change } from "../../log/author.ts";
import type { Changeset, Revision } from "../../model/record.ts";
import type { EntryRow, ObjectRow, RunRow } from "../../store/rows.ts";
import { isWithin } from "../../store/stretches.ts";
import { NO_COUNTS } from "../../sync/counts.ts";
import { startRun } from "../../sync/host/run-record.ts";
import { mappingAuthor } from "../../sync/organizations/map-organizations.ts";
import type { Attribution } from "../instance.ts";
import type { InstanceParts } from "../parts.ts";
import { findRun } from "./find-run.ts";
import { type Reversal, reversalOf } from "./reversal.ts";
import { type PolicyUndo, undoPolicy } from "./undo-policy.ts";

/** An object that an undo touched, or left. */
interface UndoObject {
  readonly object: ObjectId;
  readonly type: string;
  readonly name: string | null;
}

/** What an undo did, as `sync undo --json` prints it. */
export interface UndoReport {
  /** The run that was undone. */
  readonly run: string;
  /** The run that stands for the undo, which can be undone itself; null when nothing was to do. */
  readonly undo: string | null;
  readonly changesets: readonly ChangesetId[];
  readonly undone: readonly (UndoObject & { readonly how: Reversal["how"] })[];
  /** Edited since at these paths, or not to be changed for the reason that `code` names. */
  readonly skipped: readonly (UndoObject & {
    readonly code: string;
    readonly paths: readonly string[];
  })[];
  /** Objects that the run purged: nothing brings those back. */
  readonly purged: number;
  /** Objects that the run dropped, since they left its scope: only their source can send them again. */
  readonly dropped: number;
  /** What became of the policy that the run had brought; left out where it had brought none. */
  readonly policy?: PolicyUndo["how"];
}

const OBJECTS_AT_ONCE = 200;
const TRIES_MAX = 3;

/**
 * Authors the reverse of what a run changed here, as ordinary edits: what it brought is deleted,
 * what it deleted comes back, and each path that it changed gets its value from before; what was
 * edited since stays. Purges cannot be undone, nor what was dropped. Throws `RUN_NOT_FOUND` and `USAGE`.
 */
export async function undoRun(
  parts: InstanceParts,
  given: string,
  by: Attribution,
): Promise<UndoReport> {
  const run = await findRun(parts.store, given);
  const undo = new Undo(parts, run, by);
  await undo.gather();
  await undo.carryOut();
  return undo.end();
}

class Undo {
  readonly #parts: InstanceParts;
  readonly #run: RunRow;
  readonly #by: Attribution;
  readonly #revisions = new Map<ObjectId, Set<RevisionId>>();
  readonly #changesets: ChangesetId[] = [];
  readonly #undone: UndoReport["undone"][number][] = [];
  readonly #skipped: UndoReport["skipped"][number][] = [];
  #purged = 0;
  #policy: PolicyUndo | null = null;
  #after = 0;
  /** The own log's end when the undo began. */
  #began = 0;

  constructor(parts: InstanceParts, run: RunRow, by: Attribution) {
    this.#parts = parts;
    this.#run = run;
    this.#by = by;
  }

  /** Finds the revisions of the run in the own log. */
  async gather(): Promise<void> {
    const { log, received } = this.#run;
    if (log === undefined && received.revisions + received.purges > 0) throw tooOld(this.#run);
    if (log === undefined) return;
    this.#after = log.after;
    for (let after = log.after; after < log.to; ) {
      const page = await this.#parts.store.entries({ after, limit: PAGE_ITEMS_MAX });
      for (const entry of page) if (entry.lsn <= log.to && this.#isOfRun(entry)) this.#note(entry);
      const last = page.at(-1)?.lsn;
      if (last === undefined) return;
      after = last;
    }
  }

  #isOfRun({ lsn, source, changeset, kind, text }: EntryRow): boolean {
    const { undo, peer, link, log } = this.#run;
    const { id, author } = JSON.parse(changeset ?? "{}") as Partial<Changeset>;
    if (undo !== undefined) return id !== undefined && undo.changesets.includes(id);
    const isReceived = log?.parts === undefined || isWithin(log.parts, lsn);
    if (source !== null) return source === peer && isReceived;
    if (kind !== "revision") return false;
    // What had waited here came with the run, although its source may never have had it.
    const { actor } = JSON.parse(text) as Revision;
    if (instanceOf(actor) !== this.#parts.identity.instance) return isReceived;
    return author === mappingAuthor(link);
  }

  #note({ kind, object, id }: EntryRow): void {
    if (kind === "purge") this.#purged += 1;
    else this.#revisions.set(object, (this.#revisions.get(object) ?? new Set()).add(id));
  }

  async carryOut(): Promise<void> {
    const { store } = this.#parts;
    this.#began = (await store.head()).lsn;
    this.#policy = await undoPolicy(store, this.#run, this.#attribution);
    const objects = [...this.#revisions.keys()];
    for (let at = 0; at < objects.length; at += OBJECTS_AT_ONCE) {
      await this.#reverse(objects.slice(at, at + OBJECTS_AT_ONCE), 1);
    }
  }

  /** One changeset; if somebody edits one of the objects meanwhile, they are looked at again. */
  async #reverse(objects: readonly ObjectId[], attempt: number): Promise<void> {
    const planned: { readonly row: ObjectRow; readonly reversal: Reversal }[] = [];
    for (const id of objects) {
      const row = await this.#parts.store.object(id);
      if (row === undefined) continue;
      try {
        const of = this.#revisions.get(id) as Set<RevisionId>;
        planned.push({ row, reversal: await reversalOf(this.#parts.store, row, of, this.#after) });
      } catch (error) {
        this.#skip(row, asSynclineError(error));
      }
    }
    const changes = planned.flatMap(({ reversal: { change } }) => change ?? []);
    try {
      await this.#author(changes);
    } catch (error) {
      if (isSynclineError(error, "STALE_EDIT") && attempt < TRIES_MAX) {
        await this.#reverse(objects, attempt + 1);
      } else await this.#reverseSingly(planned, asSynclineError(error));
      return;
    }
    for (const { row, reversal } of planned) this.#report(row, reversal);
  }

  /** One of them cannot be changed; the others shall be. */
  async #reverseSingly(
    planned: readonly { readonly row: ObjectRow; readonly reversal: Reversal }[],
    error: SynclineError,
  ): Promise<void> {
    if (FATAL.has(error.code)) throw error;
    for (const { row, reversal } of planned) {
      try {
        if (reversal.change !== null) await this.#author([reversal.change]);
        this.#report(row, reversal);
      } catch (one) {
        this.#skip(row, asSynclineError(one));
      }
    }
  }

  async #author(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const { changeset } = await this.#parts.store.author({ ...this.#attribution, changes });
    if (changeset !== null) this.#changesets.push(changeset);
  }

  get #attribution(): { readonly author: string; readonly message: string } {
    const { author, message = `undo of run ${this.#run.id}` } = this.#by;
    return { author, message };
  }

  #report(row: ObjectRow, { change, how, kept }: Reversal): void {
    if (change !== null) this.#undone.push({ ...named(row), how });
    if (kept.length > 0) this.#skipped.push({ ...named(row), code: "STALE_EDIT", paths: kept });
  }

  #skip(row: ObjectRow, { code }: SynclineError): void {
    this.#skipped.push({ ...named(row), code, paths: [] });
  }

  /** Records the undo as a run of its own, so that it can be undone. */
  async end(): Promise<UndoReport> {
    const { store, clock, random, search } = this.#parts;
    const [run, changesets] = [this.#run.id, this.#changesets];
    const [purged, dropped] = [this.#purged, this.#run.left?.dropped ?? 0];
    const policy = this.#policy === null ? {} : { policy: this.#policy.how };
    const counts = { purged, dropped };
    const said = { changesets, undone: this.#undone, skipped: this.#skipped, ...counts, ...policy };
    const taken = this.#policy?.taken;
    if (changesets.length === 0 && taken === undefined) return { run, undo: null, ...said };
    const start = startRun(clock, random);
    const { lsn } = await store.head();
    await store.saveRun({
      ...start,
      ...{ link: "", peer: null, direction: this.#run.direction, outcome: "ok" },
      ended: new Date(clock.nowMs()).toISOString(),
      ...{ received: NO_COUNTS, sent: NO_COUNTS, merged: 0 },
      conflicts: { new: 0, open: await store.openConflicts() },
      ...{ refused: [], bytes: { in: 0, out: 0 }, cursor: { lsn: 0, head: 0 } },
      log: { after: this.#began, to: lsn },
      ...(taken === undefined ? {} : { policy: taken }),
      undo: { run, changesets },
    });
    await search.covers(lsn).catch(() => undefined);
    return { run, undo: start.id, ...said };
  }
}

/** Nothing can be changed at all. */
const FATAL: ReadonlySet<string> = new Set([
  ...["CLOSED", "DISK_FULL", "INSTANCE_BUSY", "NO_PERMISSION", "READ_ONLY", "STORE_CORRUPT"],
  ...["STORE_IO", "USAGE"],
]);

function named({ id, type, name }: ObjectRow): UndoObject {
  return { object: id, type, name };
}

function tooOld({ id }: RunRow): SynclineError {
  return new SynclineError("USAGE", `run ${id} does not say which revisions it brought`, {
    where: id,
    hint: "it was recorded by an older version; syncline log shows what came, edit what is wrong",
  });
}
