import { canonicalize, compareCodeUnits } from "../../base/canonical.ts";
import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import type { ChangesetId, InstanceId, Lsn, ObjectId, RevisionId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { AuthorCommand, AuthorOutcome } from "../../log/author.ts";
import type { LogHead } from "../../log/reader.ts";
import { textOf } from "../../log/stored-json.ts";
import { stateDigest } from "../digest.ts";
import { PageBuilder } from "../page-builder.ts";
import { PlanningStore, type StorePorts } from "../planning-store.ts";
import type {
  Cursor,
  EntryFilter,
  EntryRow,
  Identity,
  LinkRow,
  LogPage,
  ObjectFilter,
  ObjectRow,
  QuarantineRow,
  RunRow,
  StoreCounts,
  VerifyReport,
} from "../rows.ts";
import type { ApplyBatch, ApplyOutcome, Store } from "../store.ts";
import { verifyLog } from "../verify-log.ts";
import type { StoredState } from "../verify-object.ts";
import { type MemoryEntry, type MemoryObject, MemoryTables } from "./memory-tables.ts";

/** A store in memory: for the simulator, for tests, and for trying things out. Not durable. */
export class MemoryStore implements Store {
  readonly #tables: MemoryTables;
  readonly #planning: PlanningStore;

  /** `before`: takes over what another store holds, as a process does that starts again. */
  constructor(options: { readonly identity: Identity } & StorePorts, before?: MemoryStore) {
    const { identity, clock } = options;
    this.#tables = before === undefined ? new MemoryTables(identity, clock) : before.#tables;
    this.#planning = new PlanningStore(this.#tables, options);
  }

  identity(): Identity {
    return this.#tables.identity();
  }

  author(command: AuthorCommand): AuthorOutcome {
    return this.#planning.author(command);
  }

  apply(batch: ApplyBatch): ApplyOutcome {
    return this.#planning.apply(batch);
  }

  head(): LogHead {
    return this.#tables.head();
  }

  chainAt(lsn: Lsn): Uint8Array | undefined {
    return lsn === 0 ? CHAIN_START : this.#tables.entryAt(lsn)?.chain;
  }

  readPage(after: Lsn, limits: { revisions: number; bytes: number }): LogPage | undefined {
    const page = new PageBuilder(after, limits);
    for (let lsn = after + 1; lsn <= this.#tables.log.length; lsn++) {
      const { envelope, bytes, chain } = this.#tables.entryAt(lsn) as MemoryEntry;
      const { changeset } = envelope;
      if (page.isFull(changeset, bytes.length)) break;
      if (!page.has(changeset)) page.addChangeset(changeset, this.#changesetText(changeset));
      page.add(lsn, chain, bytes);
    }
    return page.build();
  }

  #changesetText(id: ChangesetId): Buffer {
    return Buffer.from(this.#tables.changesets.get(id)?.text ?? "");
  }

  entries(filter: EntryFilter): readonly EntryRow[] {
    const { after = 0, before = Number.POSITIVE_INFINITY, object, limit } = filter;
    const rows = this.#tables.log.filter(
      ({ lsn, envelope }) =>
        lsn > after && lsn < before && (object === undefined || envelope.object === object),
    );
    if (filter.reverse === true) rows.reverse();
    return rows.slice(0, Math.min(limit, PAGE_ITEMS_MAX)).map((entry) => this.#entryRow(entry));
  }

  entry(id: RevisionId): EntryRow | undefined {
    const entry = this.#tables.entryOf(id);
    return entry === undefined ? undefined : this.#entryRow(entry);
  }

  #entryRow({ lsn, envelope, bytes, source, ...entry }: MemoryEntry): EntryRow {
    const { id, object } = envelope;
    const hash = Buffer.from(entry.hash).toString("hex");
    const changeset = this.#changesetText(envelope.changeset).toString();
    return { lsn, kind: "revision", id, object, text: textOf(bytes), hash, changeset, source };
  }

  contentTextAt(id: RevisionId): string {
    return canonicalize(this.#tables.contentAt(id));
  }

  positionOf(since: { readonly id: string } | { readonly hlc: number }): Lsn | undefined {
    if ("hlc" in since) {
      const first = this.#tables.log.find(({ envelope }) => envelope.hlc > since.hlc);
      return first === undefined ? this.#tables.log.length : first.lsn - 1;
    }
    const { id } = since;
    return (
      this.#tables.lsnOf.get(id as RevisionId) ??
      this.#tables.log.findLast(({ envelope }) => envelope.changeset === id)?.lsn
    );
  }

  object(id: ObjectId): ObjectRow | undefined {
    const object = this.#tables.objects.get(id);
    return object === undefined ? undefined : this.#objectRow(object);
  }

  objects(filter: ObjectFilter): readonly ObjectRow[] {
    return [...this.#tables.objects.values()]
      .filter((object) => matches(object, filter))
      .sort((a, b) => compareCodeUnits(a.id, b.id))
      .slice(0, filter.limit)
      .map((object) => this.#objectRow(object));
  }

  #objectRow(object: MemoryObject): ObjectRow {
    const { id, type, name, deleted, served, bodyHash, changed: lsn } = object;
    const heads = object.heads.map((head) => head.id).sort(compareCodeUnits);
    const text = this.#tables.textOf(object);
    return { id, type, name, deleted, heads, revision: served.id, text, bodyHash, lsn };
  }

  counts(): StoreCounts {
    const objects: Record<string, number> = {};
    const all = [...this.#tables.objects.values()];
    for (const { type, deleted } of all) if (!deleted) objects[type] = (objects[type] ?? 0) + 1;
    return {
      objects,
      deleted: all.filter(({ deleted }) => deleted).length,
      revisions: this.#tables.log.length,
      changesets: this.#tables.changesets.size,
      diverged: all.filter(({ heads }) => heads.length > 1).length,
      quarantined: this.#tables.refused.size + this.#tables.overflow,
    };
  }

  digest(): string {
    const rows = [...this.#tables.objects.values()].map(({ id, heads, bodyHash, name }) => ({
      id,
      heads: heads.map((head) => head.id),
      bodyHash,
      name,
    }));
    return stateDigest(rows, []);
  }

  cursor(peer: InstanceId, scope: string): Cursor | undefined {
    return this.#tables.cursors.get(`${peer}#${scope}`);
  }

  links(): readonly LinkRow[] {
    return [...this.#tables.links.values()].sort((a, b) => compareCodeUnits(a.name, b.name));
  }

  saveLink(link: LinkRow): void {
    this.#tables.links.set(link.name, link);
  }

  removeLink(name: string): void {
    if (!this.#tables.links.delete(name)) {
      throw new SynclineError("LINK_NOT_FOUND", `no link named ${name}`);
    }
  }

  saveRun(run: RunRow): void {
    this.#tables.runs.push(run);
  }

  runs(filter: { readonly link?: string; readonly limit: number }): readonly RunRow[] {
    return this.#tables.runs
      .filter(({ link }) => filter.link === undefined || link === filter.link)
      .reverse()
      .slice(0, filter.limit);
  }

  objectsReceived(peer: InstanceId, after: Lsn): number {
    const received = this.#tables.log.slice(after).filter(({ source }) => source === peer);
    return new Set(received.map(({ envelope }) => envelope.object)).size;
  }

  quarantine(): readonly QuarantineRow[] {
    return [...this.#tables.refused.values()]
      .sort((a, b) => a.receivedMs - b.receivedMs || compareCodeUnits(a.key, b.key))
      .map(({ key, id, code, message, source, receivedMs, bytes }) => {
        const received = new Date(receivedMs).toISOString();
        return { key, id, code, message, source, received, bytes };
      });
  }

  verify(): VerifyReport {
    const { log, objects, changesets, refused } = this.#tables;
    return verifyLog({
      changesets: () =>
        [...changesets].map(([id, { text, hash }]) => ({ id, bytes: Buffer.from(text), hash })),
      log: () =>
        log.map(({ lsn, bytes, hash, chain, envelope: { changeset, object } }) => {
          const isKnown = changesets.has(changeset);
          const fields = {
            changeset: isKnown ? changeset : null,
            object: objects.has(object) ? object : null,
          };
          return { lsn, bytes, hash, chain, fields };
        }),
      objects: () =>
        [...objects.values()].map((object) => {
          const read = (): StoredState => ({
            ...this.#objectRow(object),
            served: object.served.id,
          });
          return { where: `obj ${object.id}`, read };
        }),
      recordsOf: (id) => log.filter(({ envelope }) => envelope.object === id),
      quarantine: () => refused.values(),
    });
  }

  backup(): never {
    throw new SynclineError("USAGE", "a memory store has no file to back up");
  }

  close(): void {}
}

function matches(object: MemoryObject, filter: ObjectFilter): boolean {
  return (
    (filter.type === undefined || object.type === filter.type) &&
    (filter.name === undefined || object.name === filter.name) &&
    (filter.idPrefix === undefined || object.id.startsWith(filter.idPrefix)) &&
    (filter.includeDeleted === true || !object.deleted) &&
    (filter.after === undefined || object.id > filter.after)
  );
}
