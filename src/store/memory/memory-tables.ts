import { compareCodeUnits } from "../../base/canonical.ts";
import { CHAIN_START } from "../../base/hash.ts";
import type {
  ActorId,
  ChangesetId,
  InstanceId,
  Lsn,
  ObjectId,
  RevisionId,
} from "../../base/ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { KnownRevision, LogHead, ObjectState, QuarantineSize } from "../../log/reader.ts";
import { contentAtRevision } from "../../log/replay.ts";
import { parseStoredRevision, textOf, textOfCreation } from "../../log/stored-json.ts";
import type { LogEntry, LogWrites, ObjectWrite, Refused } from "../../log/writes.ts";
import type { Content } from "../../model/content.ts";
import type { ParsedChangeset } from "../../model/record.ts";
import { climb } from "../ladder.ts";
import type { AuthorMark, PlanTables } from "../planning-store.ts";
import type { Cursor, Identity, LinkRow, RunRow } from "../rows.ts";
import type { ApplyBatch } from "../store.ts";

/** A log entry with where it came from. */
export interface MemoryEntry extends LogEntry {
  readonly source: InstanceId | null;
}

/** An object with its newest change. */
export interface MemoryObject extends ObjectWrite {
  readonly changed: Lsn;
}

/** A quarantined record with where and when it came. */
export interface MemoryRefused extends Refused {
  readonly source: InstanceId | null;
  readonly receivedMs: number;
}

/**
 * The tables of a memory store: plain maps that only `write` changes, so that what a crash of the
 * instance leaves is the state of the last commit.
 */
export class MemoryTables implements PlanTables {
  readonly log: MemoryEntry[] = [];
  readonly lsnOf: Map<RevisionId, Lsn> = new Map();
  readonly changesets: Map<ChangesetId, ParsedChangeset> = new Map();
  readonly objects: Map<ObjectId, MemoryObject> = new Map();
  readonly refused: Map<string, MemoryRefused> = new Map();
  readonly cursors: Map<string, Cursor> = new Map();
  readonly links: Map<string, LinkRow> = new Map();
  readonly runs: RunRow[] = [];
  #refusedSize: QuarantineSize = { records: 0, bytes: 0, unkept: 0 };
  readonly #numbers = new Map<string, RevisionId>();
  readonly #lastNumbers = new Map<ActorId, number>();
  readonly #identity: Identity;
  readonly #clock: Clock;
  #mark: AuthorMark = { seq: 0, hlc: 0 };

  constructor(identity: Identity, clock: Clock) {
    this.#identity = identity;
    this.#clock = clock;
  }

  identity(): Identity {
    return this.#identity;
  }

  authorMark(): AuthorMark {
    return this.#mark;
  }

  lastNumberOf(actor: ActorId): number {
    return this.#lastNumbers.get(actor) ?? 0;
  }

  transaction<T>(work: () => T): T {
    return work();
  }

  head(): LogHead {
    return { lsn: this.log.length, chain: this.log.at(-1)?.chain ?? CHAIN_START };
  }

  entryAt(lsn: Lsn): MemoryEntry | undefined {
    return this.log[lsn - 1];
  }

  entryOf(id: RevisionId): MemoryEntry | undefined {
    const lsn = this.lsnOf.get(id);
    return lsn === undefined ? undefined : this.entryAt(lsn);
  }

  objectState(id: ObjectId): ObjectState | undefined {
    const object = this.objects.get(id);
    if (object === undefined) return undefined;
    const { type, heads, served, bodyHash } = object;
    return { id, type, heads, served, text: this.textOf(object), bodyHash };
  }

  /** Canonical content at the served head. */
  textOf({ id, body, served }: ObjectWrite): string {
    if (body !== null) return body;
    const entry = this.entryAt(served.lsn) as MemoryEntry;
    return textOfCreation(entry.bytes, `obj ${id}`);
  }

  knownRevision(id: RevisionId): KnownRevision | undefined {
    const entry = this.entryOf(id);
    if (entry === undefined) return undefined;
    const { lsn, generation, hash, envelope } = entry;
    return { id, object: envelope.object, lsn, hlc: envelope.hlc, generation, hash };
  }

  contentAt(id: RevisionId): Content {
    return contentAtRevision(id, (at) => {
      const entry = this.entryOf(at);
      if (entry === undefined) return undefined;
      if (entry.snapshot !== null) return { content: JSON.parse(entry.snapshot) as Content };
      return { record: parseStoredRevision(textOf(entry.bytes), `rev lsn=${entry.lsn}`) };
    });
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    return this.changesets.get(id)?.hash;
  }

  revisionOfActor(actor: ActorId, seq: number): RevisionId | undefined {
    return this.#numbers.get(`${actor}#${seq}`);
  }

  quarantineSize(): QuarantineSize {
    return this.#refusedSize;
  }

  isQuarantined(key: string): boolean {
    return (this.refused.get(key)?.bytes.length ?? 0) > 0;
  }

  quarantinedAs(id: string, key: string): readonly string[] {
    const found = [...this.refused.values()].filter((one) => one.id === id || one.key === key);
    return found.map((one) => one.key);
  }

  waitingFor(ids: readonly string[]): readonly string[] {
    const keys = new Map<string, string[]>();
    for (const { key, waitsFor } of this.refused.values()) {
      if (waitsFor !== null) keys.set(waitsFor, [...(keys.get(waitsFor) ?? []), key]);
    }
    return ids.flatMap((id) => (keys.get(id) ?? []).sort(compareCodeUnits));
  }

  quarantinedBytes(key: string): Uint8Array {
    return (this.refused.get(key) as MemoryRefused).bytes;
  }

  write(writes: LogWrites, batch: ApplyBatch | null, mark: AuthorMark | null): void {
    const source = batch?.source ?? null;
    // Asked first: from here on nothing may fail, or half a transaction would stay.
    const receivedMs = this.#clock.nowMs();
    for (const changeset of writes.changesets) this.changesets.set(changeset.record.id, changeset);
    for (const entry of writes.entries) {
      const { id, actor, seq } = entry.envelope;
      this.log.push({ ...entry, bytes: Uint8Array.from(entry.bytes), source });
      this.lsnOf.set(id, entry.lsn);
      this.#numbers.set(`${actor}#${seq}`, id);
      this.#lastNumbers.set(actor, Math.max(seq, this.lastNumberOf(actor)));
    }
    for (const object of writes.objects) {
      const changed = Math.max(...object.heads.map(({ lsn }) => lsn));
      this.objects.set(object.id, { ...object, changed });
    }
    this.#writeQuarantine(writes, source, receivedMs);
    if (batch?.cursor != null && source !== null) this.#moveCursor(source, batch.cursor);
    if (mark !== null) this.#mark = mark;
  }

  #writeQuarantine(
    { refused, released }: LogWrites,
    source: InstanceId | null,
    receivedMs: number,
  ): void {
    if (refused.length + released.length === 0) return;
    for (const one of refused) {
      const bytes = Uint8Array.from(one.bytes);
      this.refused.set(one.key, {
        source,
        receivedMs,
        ...this.refused.get(one.key),
        ...one,
        bytes,
      });
    }
    for (const key of released) this.refused.delete(key);
    const sizes = [...this.refused.values()].map(({ bytes }) => bytes.length);
    const unkept = sizes.filter((size) => size === 0).length;
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    this.#refusedSize = { records: sizes.length - unkept, bytes, unkept };
  }

  #moveCursor(peer: InstanceId, { scope, rung }: NonNullable<ApplyBatch["cursor"]>): void {
    const key = `${peer}#${scope}`;
    const ladder = climb(this.cursors.get(key)?.ladder ?? [], rung);
    this.cursors.set(key, { peer, scope, ladder });
  }
}
