import { isSynclineError, type SynclineError } from "../base/errors.ts";
import { sha256Hex } from "../base/hash.ts";
import { type ActorId, instanceOf, type ObjectId, type RevisionId } from "../base/ids.ts";
import { BATCH_RECORDS_MAX, DOCUMENT_BYTES_MAX } from "../base/limits.ts";
import { parsePointer } from "../base/pointer.ts";
import { isLargerThan } from "../base/printed-size.ts";
import { holdsForeignFields, refuseForeignFields } from "../catalog/index.ts";
import { checkPatch } from "../model/check-patch.ts";
import { idSeenIn, parseRecord } from "../model/parse-record.ts";
import { CreationReader, PlainCreation } from "../model/plain-creation.ts";
import type {
  ParsedChangeset,
  ParsedPurge,
  ParsedRecord,
  ParsedRevision,
  Revision,
} from "../model/record.ts";
import { LogDraft } from "./draft.ts";
import type { DraftCounts } from "./draft-counts.ts";
import { knows, statedBy } from "./edition.ts";
import type { Evaluated } from "./evaluate.ts";
import { type Excerpt, ExcerptWriter } from "./excerpt.ts";
import { actorFork, STORE_FAULTS, tooManyRecords } from "./faults.ts";
import { linesOf } from "./lines-of.ts";
import { checkOrganization } from "./organization-door.ts";
import type { OwnNumber, Parties } from "./parties.ts";
import type { KnownRevision, LogHead, LogReader } from "./reader.ts";
import { Refusal, Refusals } from "./refusals.ts";
import { type LogClaim, SourceChain } from "./source-chain.ts";
import { parseStub } from "./stub.ts";
import type { LogWrites } from "./writes.ts";

/** What applying a batch would write, and what it counts. */
export interface ApplyPlan extends DraftCounts {
  readonly writes: LogWrites;
  readonly changesets: number;
  readonly revisions: number;
  readonly objects: number;
  readonly purges: number;
  readonly duplicates: number;
  /** Records of objects that are gone. */
  readonly discarded: number;
  /** The records bear numbers of the own actor that it has not given out, or not to them. */
  readonly surpassesOwn: boolean;
  /** Something waits for a revision that was dropped here. */
  readonly lacksDropped: boolean;
  /** The source left out what is gone there, and was never here. */
  readonly passesGone: boolean;
  /** Keys of quarantined records that could be stored now, had there been room to keep them. */
  readonly lacking: ReadonlySet<string>;
  readonly refused: readonly { readonly id: string | null; readonly code: string }[];
  /** The objects of the revisions that came, new or not, if the records are a part of a log. */
  readonly named: ReadonlySet<ObjectId>;
  readonly excerpt?: Excerpt | undefined;
}

/**
 * Plans what received records do to log and state. Pure: the same records over the same state give
 * the same plan. A bad record is refused with its reason, and what builds on it waits; everything
 * else is stored. `claim`: the stretch of a source's log that the records are; null for a file.
 * Makes an excerpt of what is new when that is wanted. Two records with one number of one actor are
 * both stored, unless they show that the source itself is a copied instance: `ACTOR_FORK`. Throws
 * `PROTOCOL_ERROR` for records that are not what is claimed, and `INPUT_TOO_LARGE` for more than a
 * batch may have.
 */
export function planApply(
  reader: LogReader,
  parties: Parties,
  bytes: Uint8Array,
  claim: LogClaim | null,
  excerpted = false,
): ApplyPlan {
  const excerpt = excerpted ? new ExcerptWriter(bytes.length) : undefined;
  const plan = new Planner(reader, parties, excerpt);
  const chain = claim === null ? undefined : new SourceChain(claim);
  const named = claim?.after.lsn === 0 ? plan.named : undefined;
  let records = 0;
  for (const line of linesOf(bytes)) {
    if (++records > BATCH_RECORDS_MAX) throw tooManyRecords();
    const stub = parseStub(line);
    if (stub !== undefined) {
      chain?.step(stub.id, stub.hash);
      plan.passOver(stub.id);
      continue;
    }
    const before = plan.head.chain;
    const parsed = plan.take(line, true);
    chain?.follow(line, parsed, before, plan.head.chain);
    if (parsed?.kind === "revision") named?.add(parsed.record.object);
  }
  chain?.check();
  plan.retryWaiting();
  return plan.outcome();
}

/** Plans what records that are kept in quarantine do now, as if they came again from nobody. */
export function planRetry(reader: LogReader, own: OwnNumber, keys: readonly string[]): ApplyPlan {
  const plan = new Planner(reader, { own, source: null }, undefined);
  const kept = keys.filter((key) => reader.isQuarantined(key));
  for (const key of kept) plan.take(reader.quarantinedBytes(key), false);
  plan.retryWaiting();
  return plan.outcome();
}

class Planner {
  readonly #reader: LogReader;
  readonly #draft: LogDraft;
  readonly #refusals: Refusals;
  readonly #objects = new Set<ObjectId>();
  readonly named = new Set<ObjectId>();
  /** What was stored since waiting records were last looked at. */
  #fresh: string[] = [];
  /** Revisions of this batch by {@link numberOf}. */
  readonly #numbered = new Map<string, RevisionId>();
  readonly #parties: Parties;
  #surpassesOwn = false;
  #duplicates = 0;
  #purges = 0;
  #discarded = 0;
  #passesGone = false;
  readonly #creations = new CreationReader();
  /** Undefined unless one is wanted. */
  readonly #excerpt: ExcerptWriter | undefined;

  constructor(reader: LogReader, parties: Parties, excerpt: ExcerptWriter | undefined) {
    this.#excerpt = excerpt;
    this.#reader = reader;
    this.#parties = parties;
    this.#draft = new LogDraft(reader);
    this.#refusals = new Refusals(reader);
  }

  get head(): LogHead {
    return this.#draft.head;
  }

  /** Takes one record, of this batch or one that waited; returns it if it can be read. */
  take(line: Uint8Array, isOfBatch: boolean): ParsedRecord | undefined {
    let parsed: ParsedRecord | undefined;
    try {
      parsed = this.#readCreation(line) ?? parseRecord(line, this.#reader.edition.records);
      this.#takeParsed(parsed, line, isOfBatch);
    } catch (error) {
      if (!isSynclineError(error) || STORE_FAULTS.has(error.code)) throw error;
      if (error.code === "ACTOR_FORK") throw error;
      this.#refuse(line, parsed?.record.id ?? null, error, isOfBatch);
    }
    return parsed;
  }

  passOver(id: RevisionId): void {
    this.#passesGone ||= this.#draft.revision(id) === undefined;
  }

  /** Most records are plain creations; for the others, and for any with a fault, this is undefined. */
  #readCreation(line: Uint8Array): PlainCreation | undefined {
    // Whoever looks at what a record writes needs it parsed.
    if (this.#parties.door !== undefined) return undefined;
    const creation = this.#creations.read(line);
    if (creation === undefined) return undefined;
    const { record, tape, value } = creation;
    return holdsForeignFields(record.type, tape, value) ? undefined : creation;
  }

  /** Records that waited for something stored just now get another chance. */
  retryWaiting(): void {
    while (this.#fresh.length > 0) {
      const fresh = this.#fresh;
      this.#fresh = [];
      for (const { bytes, isOfBatch } of this.#refusals.waitingFor(fresh)) {
        this.take(bytes, isOfBatch);
      }
    }
  }

  #takeParsed(parsed: ParsedRecord, line: Uint8Array, isOfBatch: boolean): void {
    if (parsed.kind === "revision") this.#takeRevision(parsed, line, isOfBatch);
    else if (parsed.kind === "changeset") this.#takeChangeset(parsed);
    else this.#takePurge(parsed, line);
  }

  /** Changesets are kept at once: their revisions may come with the next batch, or be waiting. */
  #takeChangeset(changeset: ParsedChangeset): void {
    const { id } = changeset.record;
    const stored = this.#draft.changesetHash(id);
    if (stored === undefined) {
      this.#draft.addChangeset(changeset);
      this.#stored(id, changeset.hash);
    } else if (!changeset.hash.equals(stored)) {
      throw new Refusal("ID_REUSED", "this changeset id is known with other bytes");
    }
  }

  /** A purge is absolute: what is here of its object goes, and what comes later is discarded. */
  #takePurge(purge: ParsedPurge, line: Uint8Array): void {
    if (this.#isDuplicate(purge)) return;
    const { own, refusesPurges } = this.#parties;
    if (refusesPurges === true && instanceOf(purge.record.actor) !== instanceOf(own.actor)) {
      throw new Refusal("PURGE_REFUSED", "it came over a link that refuses purges");
    }
    this.#checkActor(purge, true);
    this.#draft.purge(purge, line);
    this.#excerpt?.purge(this.#draft.head.lsn, purge.record.object);
    this.#objects.delete(purge.record.object);
    this.#purges += 1;
  }

  #isDuplicate({ record: { id }, hash }: ParsedRevision | ParsedPurge): boolean {
    const known = this.#draft.revision(id);
    if (known === undefined) return false;
    if (!hash.equals(known.hash)) {
      throw new Refusal("ID_REUSED", "this revision id is known with other bytes");
    }
    this.#duplicates += 1;
    return true;
  }

  #takeRevision(revision: ParsedRevision, line: Uint8Array, isOfBatch: boolean): void {
    const { record, hash } = revision;
    if (this.#isDuplicate(revision)) return;
    if (this.#draft.isGone(record.object)) {
      this.#discard(revision);
      return;
    }
    if (!(revision instanceof PlainCreation)) checkPatch(record);
    const parents = this.#parentsOf(revision);
    this.#checkVersions(record);
    if (this.#draft.changesetHash(record.changeset) === undefined) {
      const what = `its changeset ${record.changeset} is not here`;
      throw new Refusal("CHANGESET_MISSING", what, record.changeset);
    }
    this.#checkOrganization(record);
    const result = this.#contentOf(revision);
    this.#checkActor(revision, isOfBatch);
    const generation = 1 + Math.max(0, ...parents.map((parent) => parent.generation));
    this.#draft.append(revision, line, generation, result, !isOfBatch);
    this.#excerpt?.revision(this.#draft.head.lsn, record, result);
    this.#objects.add(record.object);
    this.#stored(record.id, hash);
  }

  /** What this instance lost and gets back is its own. */
  #checkOrganization(record: Revision): void {
    const { own, door } = this.#parties;
    if (door === undefined) return;
    if (instanceOf(record.actor) === instanceOf(own.actor)) return;
    const nameOf = (id: string) => this.#draft.object(id as ObjectId)?.shown.name;
    checkOrganization(door, record, nameOf);
  }

  /** A revision of an object that is gone; if it bears an own number, that is used all the same. */
  #discard({ record: { id, actor, seq }, hash }: ParsedRevision): void {
    this.#discarded += 1;
    const { own } = this.#parties;
    if (actor === own.actor && seq > own.seq) this.#surpassesOwn = true;
    this.#refusals.release(id, hash);
  }

  #stored(id: string, hash: Buffer): void {
    this.#fresh.push(id);
    this.#refusals.release(id, hash);
  }

  #parentsOf({ record }: ParsedRevision): KnownRevision[] {
    const parents = record.parents.map((id) => {
      const parent = this.#draft.revision(id);
      if (parent !== undefined) return parent;
      throw new Refusal("PARENT_MISSING", `its parent ${id} is not here`, id);
    });
    for (const parent of parents) {
      if (parent.object !== record.object) {
        throw new Refusal("INVALID_RECORD", "a parent belongs to another object");
      }
      if (parent.hlc >= record.hlc) {
        throw new Refusal("CLOCK_NOT_AFTER_PARENT", "its time is not after its parent's");
      }
    }
    const object = this.#draft.object(record.object);
    if (object !== undefined && object.type !== record.type) {
      throw new Refusal("TYPE_MISMATCH", `the object is a ${object.type}, not a ${record.type}`);
    }
    return parents;
  }

  /** What is merged is merged by the newest versions in it, so none may be older than what it knew. */
  #checkVersions(record: Revision): void {
    if (record.parents.length === 0) return;
    const own = statedBy(this.#reader.edition, record.type);
    const isNewest = record.schema >= own.schema && record.algorithm >= own.algorithm;
    if (isNewest && this.#draft.object(record.object)?.parked !== true) return;
    for (const parent of record.parents) {
      const { schema, algorithm } = this.#draft.record(parent);
      if (schema <= record.schema && algorithm <= record.algorithm) continue;
      throw new Refusal("INVALID_RECORD", "its schema or algorithm is older than its parent's");
    }
  }

  /** Null where only a newer program can say what the revision makes of its parents. */
  #contentOf(revision: ParsedRevision): Evaluated | null {
    try {
      return this.#checkedContent(revision);
    } catch (error) {
      const { record } = revision;
      const isOwn = record.parents.length === 0 || knows(this.#reader.edition, record);
      if (isOwn || !isSynclineError(error, ...BY_NEWER_RULES)) throw error;
      return null;
    }
  }

  #checkedContent(revision: ParsedRevision): Evaluated {
    const { record } = revision;
    if (record.pins !== undefined) this.#draft.checkPins(record);
    const result = this.#draft.evaluate(revision);
    if (result.bodyHash !== record.bodyHash) {
      throw new Refusal("BODY_HASH_MISMATCH", "the content after its patch has another hash");
    }
    if (revision instanceof PlainCreation) return result;
    if (isLargerThan(result.text, DOCUMENT_BYTES_MAX)) {
      throw new Refusal("INPUT_TOO_LARGE", "the document after its patch is over the limit");
    }
    if (record.schema <= statedBy(this.#reader.edition, record.type).schema) refuseForeign(record);
    return result;
  }

  /**
   * Comes last: only a record that would be stored otherwise shows a copied instance. What an actor
   * of the past numbered twice is kept: both are what somebody did. The own actor is of the past from
   * the moment that a record bears one of its numbers which it does not know. A record that waited
   * may have come from anybody.
   */
  #checkActor(
    { record: { id, actor, seq } }: ParsedRevision | ParsedPurge,
    isOfBatch: boolean,
  ): void {
    const number = numberOf(actor, seq);
    const other = this.#numbered.get(number) ?? this.#reader.revisionOfActor(actor, seq);
    const { own, source } = this.#parties;
    const isFork = other !== undefined && other !== id;
    if (isFork && isOfBatch && actor === source) throw actorFork(actor, seq, other, id);
    if (actor === own.actor && (isFork || seq > own.seq)) this.#surpassesOwn = true;
    this.#numbered.set(number, id);
  }

  #refuse(bytes: Uint8Array, id: string | null, error: SynclineError, isOfBatch: boolean): void {
    const waitsFor = error instanceof Refusal ? error.waitsFor : null;
    const { code, message } = error;
    const refused = { id: id ?? idSeenIn(bytes), code, message, bytes, waitsFor, isOfBatch };
    this.#refusals.add({ key: sha256Hex(bytes), ...refused });
  }

  outcome(): ApplyPlan {
    this.#discarded += this.#refusals.forget((id) => this.#draft.isGone(id));
    this.#draft.settle();
    const drafted = this.#draft.writes();
    return {
      writes: { ...drafted, ...this.#refusals.writes() },
      changesets: drafted.changesets.length,
      revisions: drafted.entries.length - this.#purges,
      objects: this.#objects.size,
      purges: this.#purges,
      duplicates: this.#duplicates,
      discarded: this.#discarded,
      ...this.#draft.counts,
      named: this.named,
      refused: this.#refusals.ofBatch(),
      surpassesOwn: this.#surpassesOwn,
      lacksDropped: this.#refusals.awaited.some((id) => this.#reader.isDropped(id as RevisionId)),
      passesGone: this.#passesGone,
      lacking: this.#refusals.lacking,
      excerpt: this.#excerpt?.end(drafted.head.lsn),
    };
  }
}

/** A number of an actor, as something that a record can wait for. */
function numberOf(actor: ActorId, seq: number): string {
  return `${actor}#${seq}`;
}

/**
 * What others write is theirs, whatever it looks like: it is kept and handed on. Only what no
 * instance may hand on is refused, in what the record itself writes.
 */
function refuseForeign({ type, patch }: Revision): void {
  for (const write of patch) {
    if (write.op !== "remove") refuseForeignFields(type, parsePointer(write.path), write.value);
  }
}

/** What may be wrong with a revision by the rules here, and right by newer ones. */
const BY_NEWER_RULES = ["INVALID_PIN", "BODY_HASH_MISMATCH", "OBJECT_PARKED"] as const;
