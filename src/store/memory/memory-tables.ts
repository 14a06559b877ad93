import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import {
  type ActorId,
  type ChangesetId,
  type InstanceId,
  instanceOf,
  type Lsn,
  type ObjectId,
  type RevisionId,
} from "../../base/ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import { type Edition, THIS_EDITION, type Versions } from "../../log/edition.ts";
import { MetConflicts } from "../../log/met-conflicts.ts";
import { inForce } from "../../log/policies.ts";
import type { PolicyRecord } from "../../log/policy-record.ts";
import type {
  KnownRevision,
  LogHead,
  ObjectState,
  PolicyInForce,
  QuarantineSize,
  StoredNaming,
} from "../../log/reader.ts";
import { contentAtRevision, knownFrom } from "../../log/replay.ts";
import type { Gone, LogWrites, ObjectWrite } from "../../log/writes.ts";
import type { ConflictRecord } from "../../merge/conflict-log.ts";
import type { Content } from "../../model/content.ts";
import type { ParsedChangeset, Revision } from "../../model/record.ts";
import type { Claim } from "../../names/claim.ts";
import type { AdaptTables } from "../adapt.ts";
import { type Continuity, type MetEpoch, UNBROKEN } from "../continuity.ts";
import { climbed } from "../ladder.ts";
import type { AuthorMark, PlanTables, PolicyOffers, StorePorts } from "../plan-tables.ts";
import {
  type Cursor,
  DEFAULT_SETTINGS,
  type Identity,
  type LinkRow,
  type RunRow,
  type Settings,
} from "../rows.ts";
import type { ApplyBatch } from "../store.ts";
import type { UnkeptRecord } from "../unkept.ts";
import { MemoryLeaving } from "./memory-leaving.ts";
import { MemoryNumbers } from "./memory-numbers.ts";
import { MemoryPeers } from "./memory-peers.ts";
import { keepRefused, sizeOf, unkeptAmong, waitingAmong } from "./memory-quarantine.ts";
import {
  createdText,
  cursorKey,
  isRevisionOf,
  MAPS,
  type MemoryEntry,
  type MemoryGone,
  type MemoryObject,
  type MemoryRefused,
  recordOf,
} from "./memory-rows.ts";
import { MemoryScopes } from "./memory-scopes.ts";
import { NameIndex } from "./name-index.ts";

type TablesPorts = Pick<StorePorts, "clock" | "edition">;

/**
 * The tables of a memory store: plain maps that only `write` changes, so that what a crash of the
 * instance leaves is the state of the last commit.
 */
export class MemoryTables implements AdaptTables {
  edition: Edition;
  /** What the program knew that derived what is here. */
  #versions: Versions = {};
  readonly log: MemoryEntry[] = [];
  readonly lsnOf: Map<RevisionId, Lsn> = new Map();
  readonly changesets: Map<ChangesetId, ParsedChangeset> = new Map();
  readonly objects: Map<ObjectId, MemoryObject> = new Map();
  readonly gone: Map<ObjectId, MemoryGone> = new Map();
  /** Revisions that were here until their object was dropped. */
  readonly dropped: Set<RevisionId> = new Set();
  readonly policies: PolicyRecord[] = [];
  readonly met: MetConflicts = new MetConflicts();
  readonly numbers: MemoryNumbers = new MemoryNumbers();
  readonly peers: MemoryPeers = new MemoryPeers();
  readonly offers: PolicyOffers = this.peers;
  readonly epochs: Map<InstanceId, readonly MetEpoch[]> = new Map();
  readonly conflicts: Map<ObjectId, readonly ConflictRecord[]> = new Map();
  readonly refused: Map<string, MemoryRefused> = new Map();
  readonly cursors: Map<string, Cursor> = new Map();
  readonly links: Map<string, LinkRow> = new Map();
  readonly runs: RunRow[] = [];
  settings: Settings = DEFAULT_SETTINGS;
  readonly scopes: MemoryScopes = new MemoryScopes(this);
  readonly leaving: MemoryLeaving = new MemoryLeaving(this);
  #refusedSize: QuarantineSize = { records: 0, bytes: 0, unkept: 0 };
  #names = new NameIndex();
  #identity: Identity;
  #continuity: Continuity = UNBROKEN;
  readonly #clock: Clock;
  #mark: AuthorMark = { seq: 0, hlc: 0 };

  constructor(identity: Identity, { clock, edition = THIS_EDITION }: TablesPorts) {
    this.edition = edition;
    this.#identity = identity;
    this.#clock = clock;
  }

  /** The same content under an identity, from now on apart: what a copy of a file is. */
  copy(identity: Identity, ports: TablesPorts): MemoryTables {
    const copy = new MemoryTables(identity, { ...ports, edition: this.edition });
    for (const at of ["log", "policies", "runs"] as const) copy[at].push(...(this[at] as never[]));
    for (const name of MAPS) {
      for (const [key, value] of this[name]) (copy[name] as Map<unknown, unknown>).set(key, value);
    }
    copy.#names = this.#names.copy();
    copy.numbers.takeOver(this.numbers);
    for (const id of this.dropped) copy.dropped.add(id);
    copy.peers.takeOver(this.peers);
    copy.scopes.takeOver(this.scopes);
    [copy.settings, copy.#versions] = [this.settings, this.#versions];
    copy.#refusedSize = this.#refusedSize;
    [copy.#continuity, copy.#mark] = [this.#continuity, this.#mark];
    return copy;
  }

  readonly identity = (): Identity => this.#identity;

  readonly authorMark = (): AuthorMark => this.#mark;

  lastNumberOf(actor: ActorId): number {
    return this.numbers.lastOf(actor);
  }

  continuity(): Continuity {
    return this.#continuity;
  }

  saveIdentity(identity: Identity, continuity: Continuity): void {
    if (identity.epoch !== this.#identity.epoch) this.#mark = { ...this.#mark, seq: 0 };
    this.#identity = identity;
    this.#continuity = continuity;
  }

  knownVersions(): Versions {
    return this.#versions;
  }

  saveKnownVersions(versions: Versions): void {
    this.#versions = versions;
  }

  *objectPages(which: "all" | "parked"): Generator<readonly ObjectId[]> {
    const all = [...this.objects.values()].filter(({ parked }) => parked || which === "all");
    yield all.map(({ id }) => id);
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
    const { type, heads, revision, parked, bodyHash, deleted, nameWriter } = object;
    const contested = this.conflictsOf(id).length > 0;
    const source = object.body ?? (this.entryOf(revision) as MemoryEntry).bytes;
    const { effectiveName: derivedName } = object;
    const names = { nameWriter, derivedName };
    const shown = { revision, parked, source, bodyHash, deleted };
    return { id, type, heads, ...shown, contested, ...names };
  }

  /** Canonical content at the served head. */
  textOf({ id, body, revision }: ObjectWrite): string {
    if (body !== null) return body;
    return createdText(this.entryOf(revision) as MemoryEntry, id);
  }

  goneHow(id: ObjectId): Gone["how"] | undefined {
    const how = this.gone.get(id)?.how;
    return how === "dropped" ? undefined : how;
  }

  readonly isDropped = (id: RevisionId): boolean => this.dropped.has(id);

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
      if (entry.snapshot !== null) return knownFrom(entry.snapshot, `rev lsn=${entry.lsn}`);
      return { record: recordOf(entry) };
    });
  }

  claimOf(id: ObjectId): Claim | undefined {
    const object = this.objects.get(id);
    if (object === undefined || object.deleted) return undefined;
    const { type, space, name, nameWriter } = object;
    if (name === null || nameWriter === null) return undefined;
    const { actor, hlc } = (this.entryOf(nameWriter) as MemoryEntry).envelope;
    const instance = instanceOf(actor);
    return { object: id, type, space, name, instance, hlc, revision: nameWriter };
  }

  claims(space: string, key: string): readonly Claim[] {
    return this.#claimsOf(this.#names.at(key), space);
  }

  claimsBeginning(space: string, prefix: string): readonly Claim[] {
    return this.#names.beginning(prefix).flatMap((key) => this.claims(space, key));
  }

  #claimsOf(ids: Iterable<ObjectId>, space: string): Claim[] {
    const claims = [...ids].flatMap((id) => this.claimOf(id) ?? []);
    return claims.filter((claim) => claim.space === space);
  }

  revisionRecord(id: RevisionId): Revision {
    const entry = this.entryOf(id);
    if (entry !== undefined) return recordOf(entry);
    throw new SynclineError("REVISION_NOT_FOUND", `no revision ${id}`, { where: id });
  }

  revisionsOf(id: ObjectId): readonly Revision[] {
    return this.log.filter(isRevisionOf(id)).map(recordOf);
  }

  conflictsOf(id: ObjectId, path?: string): readonly ConflictRecord[] {
    return (this.conflicts.get(id) ?? []).filter((one) => path === undefined || one.path === path);
  }

  readonly conflictIdsOf = (id: ObjectId): string[] => this.conflictsOf(id).map((one) => one.id);

  policy(): PolicyInForce {
    return inForce(this.policies);
  }

  policyRecords(): readonly PolicyRecord[] {
    return this.policies;
  }

  unsettled(): readonly ObjectId[] {
    const all = [...this.objects.values()].map(({ id, heads }) => ({
      id,
      isOpen: heads.length > 1,
    }));
    return all
      .filter(({ id, isOpen }) => isOpen || this.conflictsOf(id).length > 0)
      .map(({ id }) => id);
  }

  *allClaims(): ReturnType<PlanTables["allClaims"]> & Generator {
    for (const object of this.objects.values()) {
      const claim = this.claimOf(object.id);
      if (claim !== undefined) yield { claim, naming: this.#storedNaming(object) };
    }
  }

  namingOf(id: ObjectId): StoredNaming | undefined {
    const object = this.objects.get(id);
    return object && this.#storedNaming(object);
  }

  #storedNaming({ id, name, effectiveName, canonical }: MemoryObject): StoredNaming {
    const conflict = this.conflictsOf(id).find(({ kind }) => kind === "name")?.id ?? null;
    return { object: id, name, effectiveName, canonical, conflict };
  }

  changesetHash(id: ChangesetId): Uint8Array | undefined {
    return this.changesets.get(id)?.hash;
  }

  revisionOfActor(actor: ActorId, seq: number): RevisionId | undefined {
    return this.numbers.bearerOf(actor, seq);
  }

  readonly quarantineSize = (): QuarantineSize => this.#refusedSize;

  isQuarantined(key: string): boolean {
    return (this.refused.get(key)?.bytes.length ?? 0) > 0;
  }

  quarantinedAs(id: string, key: string): readonly string[] {
    const found = [...this.refused.values()].filter((one) => one.id === id || one.key === key);
    return found.map((one) => one.key);
  }

  waitingFor(ids: readonly string[]): readonly string[] {
    return waitingAmong(this.refused, ids);
  }

  unkept(): readonly UnkeptRecord[] {
    return unkeptAmong(this.refused);
  }

  quarantinedBytes(key: string): Uint8Array {
    return (this.refused.get(key) as MemoryRefused).bytes;
  }

  write(writes: LogWrites, batch: ApplyBatch | null, mark: AuthorMark | null): void {
    const source = batch?.source ?? null;
    // Asked first: from here on nothing may fail, or half a transaction would stay.
    const receivedMs = this.#clock.nowMs();
    for (const one of writes.gone) this.#remove(one);
    for (const changeset of writes.changesets) this.changesets.set(changeset.record.id, changeset);
    for (const entry of writes.entries) {
      const { id } = entry.envelope;
      const from = entry.waited === true ? null : source;
      this.log.push({ ...entry, bytes: Uint8Array.from(entry.bytes), source: from });
      if (entry.kind !== "dropped") this.lsnOf.set(id, entry.lsn);
      this.numbers.note(entry.envelope);
    }
    for (const { lsn, snapshot } of writes.proven) {
      this.log[lsn - 1] = { ...(this.entryAt(lsn) as MemoryEntry), snapshot };
    }
    for (const object of writes.objects) {
      const changed = Math.max(...object.heads.map(({ lsn }) => lsn));
      const known = this.objects.get(object.id);
      if (known !== undefined) this.#names.note(known, false);
      const { effectiveName = null, canonical = null } = known ?? {};
      const everWithheld = object.withheld !== 0 || this.#wasWithheld(object.id);
      this.gone.delete(object.id);
      const more = { changed, everWithheld, effectiveName, canonical };
      this.objects.set(object.id, { ...object, ...more });
      this.#names.note(object, true);
    }
    for (const { object, effectiveName, canonical } of writes.namings) {
      const known = this.objects.get(object) as MemoryObject;
      this.objects.set(object, { ...known, effectiveName, canonical });
    }
    this.policies.push(...writes.policies);
    for (const { object, records } of writes.conflicts) this.conflicts.set(object, records);
    if (writes.refused.length + writes.released.length > 0) {
      keepRefused(this.refused, writes, { source, receivedMs });
      this.#refusedSize = sizeOf(this.refused);
    }
    if (batch?.cursor != null && source !== null) this.#moveCursor(source, batch.cursor);
    if (mark !== null) this.#mark = mark;
  }

  #wasWithheld(id: ObjectId): boolean {
    return this.objects.get(id)?.everWithheld ?? this.gone.get(id)?.everWithheld ?? false;
  }

  #remove(gone: Gone): void {
    const known = this.objects.get(gone.id);
    if (known !== undefined) this.#names.note(known, false);
    this.gone.set(gone.id, { ...gone, everWithheld: this.#wasWithheld(gone.id) });
    this.objects.delete(gone.id);
    this.conflicts.delete(gone.id);
    this.met.forget(gone.id);
    this.scopes.forget(gone.id);
    this.log.forEach((entry, at) => {
      if (entry.envelope.object !== gone.id || entry.kind === "purge") return;
      const kind = gone.how === "dropped" ? gone.how : entry.kind;
      this.log[at] = { ...entry, kind, bytes: new Uint8Array(0), snapshot: null };
      if (kind === "dropped" && this.lsnOf.delete(entry.envelope.id))
        this.dropped.add(entry.envelope.id);
    });
    if (gone.how === "dropped") return;
    const mark = Buffer.from(`"object":"${gone.id}"`);
    for (const [key, { bytes }] of this.refused) {
      if (Buffer.from(bytes).includes(mark)) this.refused.delete(key);
    }
    this.#refusedSize = sizeOf(this.refused);
  }

  #moveCursor(peer: InstanceId, cursor: NonNullable<ApplyBatch["cursor"]>): void {
    const key = cursorKey(peer, cursor.scope);
    const ladder = climbed(this.cursors.get(key)?.ladder, cursor);
    this.cursors.set(key, { peer, scope: cursor.scope, ladder });
  }

  askAgain(peer: InstanceId, scope: string): void {
    this.cursors.set(cursorKey(peer, scope), { peer, scope, ladder: [] });
  }
}
