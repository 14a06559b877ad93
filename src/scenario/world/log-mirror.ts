import type { Lsn, ObjectId, RevisionId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { Revision } from "../../model/record.ts";
import type { EntryRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { ClaimedEntry, ClaimedLog } from "../checkers/claims.ts";
import { readOnce } from "../checkers/read-once.ts";
import type { LoggedEntry } from "../checkers/world-state.ts";

/** What observers know of one instance's log: read from its store after each commit. */
export class LogMirror implements ClaimedLog {
  readonly #log = new Map<Lsn, LoggedEntry>();
  readonly #held = new Map<RevisionId, LoggedEntry>();
  readonly #gone = new Set<ObjectId>();
  readonly #dropped = new Set<ObjectId>();
  readonly #purged = new Set<ObjectId>();
  /** How many revisions are held, and a sum of these and of what was purged. */
  #revisions = 0;
  readonly #sum = new Uint32Array(2);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Objects that were purged or shunned. */
  get gone(): ReadonlySet<ObjectId> {
    return this.#gone;
  }

  /** Equal for two logs that hold the same revisions and purges, in whatever order. */
  get holdings(): string {
    return `${this.#revisions} ${this.#purged.size} ${this.#sum.join(" ")}`;
  }

  /** Revisions and purges that are here. */
  get ids(): Iterable<RevisionId> {
    return this.#held.keys();
  }

  has(id: RevisionId): boolean {
    return this.#held.has(id);
  }

  get entries(): readonly LoggedEntry[] {
    return [...this.#log.values()];
  }

  /** Where an entry stands; undefined for what is not here. */
  lsnOf(id: RevisionId): Lsn | undefined {
    return this.#held.get(id)?.lsn;
  }

  entryAt(lsn: Lsn): ClaimedEntry | undefined {
    return this.#log.get(lsn);
  }

  /** True for what is here, and for what may not come here any more. */
  holds({ id, object }: ClaimedEntry): boolean {
    return this.#held.has(id) || this.#gone.has(object);
  }

  /** True for an object that was dropped, and of which nothing came since. */
  hasDropped(object: ObjectId): boolean {
    return this.#dropped.has(object);
  }

  /** Reads what is new, and returns it; `shunned`: what is gone beside what was purged. */
  async update(store: Store, shunned: readonly ObjectId[]): Promise<readonly LoggedEntry[]> {
    const { lsn } = await store.head();
    const fresh = lsn === this.#length ? [] : await readLog(store, this.#length);
    this.#length = lsn;
    for (const entry of fresh) {
      this.#log.set(entry.lsn, entry);
      const isPurge = entry.kind === "purge";
      if (!isPurge && !this.#held.has(entry.id)) this.#count(entry, 1);
      this.#held.set(entry.id, entry);
      this.#dropped.delete(entry.object);
      if (isPurge && !this.#purged.has(entry.object)) {
        this.#purged.add(entry.object);
        mix(this.#sum, entry.object.replaceAll("-", ""));
      }
    }
    for (const object of [...this.#purged, ...shunned]) this.#forget(object);
    return fresh;
  }

  /** Forgets what is not there any more, and may come again; returns whose entries these were. */
  async forgetDropped(store: Store): Promise<readonly RevisionId[]> {
    const dropped: RevisionId[] = [];
    const objects = new Set([...this.#held.values()].map(({ object }) => object));
    for (const object of objects) {
      if (this.#gone.has(object) || (await store.object(object)) !== undefined) continue;
      this.#dropped.add(object);
      dropped.push(...this.#remove(object));
    }
    return dropped;
  }

  /** Counts a revision in or out; the sum takes either alike. */
  #count({ hash }: LoggedEntry, sign: 1 | -1): void {
    this.#revisions += sign;
    mix(this.#sum, hash);
  }

  #forget(object: ObjectId): void {
    if (this.#gone.has(object)) return;
    this.#gone.add(object);
    this.#remove(object);
  }

  #remove(object: ObjectId): readonly RevisionId[] {
    const removed = [...this.#held.values()].filter((entry) => {
      return entry.object === object && entry.kind !== "purge";
    });
    for (const entry of removed) {
      this.#held.delete(entry.id);
      this.#count(entry, -1);
      this.#log.delete(entry.lsn);
    }
    return removed.map(({ id }) => id);
  }
}

function mix(sum: Uint32Array, hex: string): void {
  for (const at of [0, 1]) {
    sum[at] = (sum[at] as number) ^ Number.parseInt(hex.slice(at * 8 + 8, at * 8 + 16), 16);
  }
}

/** The log of a store after a position; what is gone is left out. */
export async function readLog(store: Store, after: Lsn = 0): Promise<LoggedEntry[]> {
  const log: LoggedEntry[] = [];
  for (let from = after; ; ) {
    const page = await store.entries({ after: from, limit: PAGE_ITEMS_MAX });
    log.push(...page.map(logged));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ITEMS_MAX) return log;
    from = last.lsn;
  }
}

function logged(row: EntryRow): LoggedEntry {
  return { ...row, ...said(row.text) };
}

/** What a record says, as far as the checkers look at it. */
const said = readOnce((text) => {
  const record = JSON.parse(text) as Revision;
  const { parents = [], actor, seq, hlc, patch = [] } = record as Partial<Revision> & Stamp;
  const pins = (record.pins ?? []).map(({ path }) => path);
  return { parents, actor, seq, hlc, patch, pins };
});

/** What revisions and purges have in common. */
type Stamp = Pick<Revision, "actor" | "seq" | "hlc">;
