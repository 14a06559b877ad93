import { isSynclineError, type SynclineError } from "../base/errors.ts";
import { sha256Hex } from "../base/hash.ts";
import type { ObjectId, RevisionId } from "../base/ids.ts";
import { BATCH_RECORDS_MAX, DOCUMENT_BYTES_MAX } from "../base/limits.ts";
import { schemaVersion, validateContent } from "../catalog/index.ts";
import { checkPatch } from "../model/check-patch.ts";
import { parseRecord } from "../model/parse-record.ts";
import type { ParsedChangeset, ParsedRecord, ParsedRevision } from "../model/record.ts";
import { evaluate, LogDraft } from "./draft.ts";
import { type Excerpt, excerptLine, excerptOf } from "./excerpt.ts";
import { actorFork, tooManyRecords } from "./faults.ts";
import type { KnownRevision, LogReader } from "./reader.ts";
import { Refusal, Refusals } from "./refusals.ts";
import type { LogWrites } from "./writes.ts";

/** What applying a batch would write, and what it counts. */
export interface ApplyPlan {
  readonly writes: LogWrites;
  readonly changesets: number;
  readonly revisions: number;
  readonly objects: number;
  readonly duplicates: number;
  readonly refused: readonly { readonly id: string | null; readonly code: string }[];
  readonly excerpt?: Excerpt | undefined;
}

/**
 * Plans what received records do to log and state. Pure: the same records over the same state give
 * the same plan. A bad record is refused with its reason, and what builds on it waits; everything
 * else is stored. Throws `ACTOR_FORK` when a copied instance shows itself, and `INPUT_TOO_LARGE`
 * for more records than a batch may have. Makes an excerpt of what is new when that is wanted.
 */
export function planApply(reader: LogReader, bytes: Uint8Array, excerpted = false): ApplyPlan {
  const plan = new Planner(reader, excerpted);
  let records = 0;
  for (const line of linesOf(bytes)) {
    if (++records > BATCH_RECORDS_MAX) throw tooManyRecords();
    plan.take(line, true);
  }
  plan.retryWaiting();
  return plan.outcome();
}

/** The lines of newline-ended text, without the newlines; empty ones left out. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end > start) yield bytes.subarray(start, end);
    start = end + 1;
  }
}

class Planner {
  readonly #reader: LogReader;
  readonly #draft: LogDraft;
  readonly #refusals: Refusals;
  readonly #objects = new Set<ObjectId>();
  /** What was stored since waiting records were last looked at. */
  #fresh: string[] = [];
  /** Revisions of this batch by actor and number. */
  readonly #numbered = new Map<string, RevisionId>();
  #duplicates = 0;
  /** Lines of the excerpt, if one is wanted. */
  readonly #excerpt: string[] | undefined;

  constructor(reader: LogReader, excerpted: boolean) {
    this.#excerpt = excerpted ? [] : undefined;
    this.#reader = reader;
    this.#draft = new LogDraft(reader);
    this.#refusals = new Refusals(reader);
  }

  /** Takes one record, of this batch or one that waited in quarantine. */
  take(line: Uint8Array, isOfBatch: boolean): void {
    let id: string | null = null;
    try {
      const parsed = parseRecord(line);
      id = parsed.record.id;
      this.#takeParsed(parsed, line);
      this.#refusals.release(parsed.hash);
    } catch (error) {
      if (!isSynclineError(error) || STORE_FAULTS.has(error.code)) throw error;
      // A fork stops the batch that shows it; a record from long ago only stays where it is.
      if (error.code === "ACTOR_FORK" && isOfBatch) throw error;
      this.#refuse(line, id, error, isOfBatch);
    }
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

  #takeParsed(parsed: ParsedRecord, line: Uint8Array): void {
    if (parsed.kind === "revision") this.#takeRevision(parsed, line);
    else if (parsed.kind === "changeset") this.#takeChangeset(parsed);
    else throw new Refusal("PURGE_UNSUPPORTED", "this version does not carry out purges");
  }

  /** Changesets are kept at once: their revisions may come with the next batch, or be waiting. */
  #takeChangeset(changeset: ParsedChangeset): void {
    const { id } = changeset.record;
    const stored = this.#draft.changesetHash(id);
    if (stored === undefined) {
      this.#draft.addChangeset(changeset);
      this.#fresh.push(id);
    } else if (!changeset.hash.equals(stored)) {
      throw new Refusal("ID_REUSED", "this changeset id is known with other bytes");
    }
  }

  #takeRevision(revision: ParsedRevision, line: Uint8Array): void {
    const { record, hash } = revision;
    const known = this.#draft.revision(record.id);
    if (known !== undefined) {
      if (!hash.equals(known.hash)) {
        throw new Refusal("ID_REUSED", "this revision id is known with other bytes");
      }
      this.#duplicates += 1;
      return;
    }
    checkPatch(record);
    const parents = this.#parentsOf(revision);
    if (this.#draft.changesetHash(record.changeset) === undefined) {
      const what = `its changeset ${record.changeset} is not here`;
      throw new Refusal("CHANGESET_MISSING", what, record.changeset);
    }
    const result = this.#checkedContent(revision);
    this.#checkActor(revision);
    const generation = 1 + Math.max(0, ...parents.map((parent) => parent.generation));
    this.#draft.append(revision, line, generation, result);
    this.#excerpt?.push(excerptLine(this.#draft.head.lsn, record, result.content));
    this.#objects.add(record.object);
    this.#fresh.push(record.id);
  }

  #parentsOf({ record }: ParsedRevision): KnownRevision[] {
    if (record.parents.length > 1) {
      throw new Refusal("MERGE_UNSUPPORTED", "a revision made over a merge needs a newer version");
    }
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

  #checkedContent(revision: ParsedRevision): ReturnType<typeof evaluate> {
    const { record } = revision;
    const object = this.#draft.object(record.object);
    const parent = record.parents[0];
    const base =
      parent === undefined || object === undefined
        ? undefined
        : this.#draft.contentAt(object, parent);
    const result = evaluate(revision, base);
    if (result.bodyHash !== record.bodyHash) {
      throw new Refusal("BODY_HASH_MISMATCH", "the content after its patch has another hash");
    }
    if (isLargerThan(result.text, DOCUMENT_BYTES_MAX)) {
      throw new Refusal("INPUT_TOO_LARGE", "the document after its patch is over the limit");
    }
    if (record.schema <= schemaVersion(record.type)) validateContent(record.type, result.content);
    return result;
  }

  /** Comes last: only a record that would be stored otherwise shows a copied instance. */
  #checkActor({ record: { id, actor, seq } }: ParsedRevision): void {
    const number = `${actor}#${seq}`;
    const other = this.#numbered.get(number) ?? this.#reader.revisionOfActor(actor, seq);
    if (other !== undefined && other !== id) throw actorFork(actor, seq, other, id);
    this.#numbered.set(number, id);
  }

  #refuse(bytes: Uint8Array, id: string | null, error: SynclineError, isOfBatch: boolean): void {
    const waitsFor = error instanceof Refusal ? error.waitsFor : null;
    const { code, message } = error;
    this.#refusals.add({ key: sha256Hex(bytes), id, code, message, bytes, waitsFor, isOfBatch });
  }

  outcome(): ApplyPlan {
    const drafted = this.#draft.writes();
    return {
      writes: { ...drafted, ...this.#refusals.writes() },
      changesets: drafted.changesets.length,
      revisions: drafted.entries.length,
      objects: this.#objects.size,
      duplicates: this.#duplicates,
      refused: this.#refusals.ofBatch(),
      excerpt: excerptOf(this.#excerpt ?? [], drafted.head.lsn),
    };
  }
}

/** Faults of this store, which are no fault of the record in hand. */
const STORE_FAULTS: ReadonlySet<string> = new Set([
  ...["STORE_CORRUPT", "STORE_IO", "REVISION_NOT_FOUND"],
]);

/** True when a text's UTF-8 is over a limit; a UTF-16 unit takes three bytes at most. */
function isLargerThan(text: string, bytesMax: number): boolean {
  return text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax;
}
