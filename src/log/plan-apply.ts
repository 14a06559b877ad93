import type { ErrorCode } from "../base/error-codes.ts";
import { isSynclineError, SynclineError } from "../base/errors.ts";
import { sha256Hex } from "../base/hash.ts";
import type { ChangesetId, ObjectId, RevisionId } from "../base/ids.ts";
import { DOCUMENT_BYTES_MAX } from "../base/limits.ts";
import { schemaVersion, validateContent } from "../catalog/index.ts";
import { checkPatch } from "../model/check-patch.ts";
import { parseRecord } from "../model/parse-record.ts";
import type { ParsedChangeset, ParsedRevision } from "../model/record.ts";
import { evaluate, LogDraft } from "./draft.ts";
import type { KnownRevision, LogReader } from "./reader.ts";
import type { LogWrites, Refused } from "./writes.ts";

/** What applying a batch would write, and what it counts. */
export interface ApplyPlan {
  readonly writes: LogWrites;
  readonly changesets: number;
  readonly revisions: number;
  readonly objects: number;
  readonly duplicates: number;
  readonly refused: readonly { readonly id: string | null; readonly code: string }[];
}

/**
 * Plans what received records do to log and state. Pure: the same records over the same state give
 * the same plan. A bad record is refused with its reason, and what builds on it waits; everything
 * else is stored. Throws `ACTOR_FORK` when a copied instance shows itself.
 */
export function planApply(reader: LogReader, bytes: Uint8Array): ApplyPlan {
  const plan = new Planner(reader);
  for (const line of linesOf(bytes)) plan.take(line, null);
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
  /** Changesets of this batch; stored once a revision of theirs is. */
  readonly #offered = new Map<ChangesetId, ParsedChangeset>();
  readonly #refused = new Map<string, Refused>();
  readonly #released: string[] = [];
  readonly #objects = new Set<ObjectId>();
  readonly #fresh: string[] = [];
  /** Revisions of this batch by actor and number. */
  readonly #numbered = new Map<string, RevisionId>();
  #duplicates = 0;

  constructor(reader: LogReader) {
    this.#reader = reader;
    this.#draft = new LogDraft(reader);
  }

  /** Takes one record; true when it was stored. */
  take(line: Uint8Array, changesetBytes: Uint8Array | null): boolean {
    let id: string | null = null;
    try {
      const parsed = parseRecord(line);
      id = parsed.record.id;
      if (parsed.kind === "revision") return this.#takeRevision(parsed);
      if (parsed.kind === "changeset") return this.#offer(parsed);
      throw refusal("PURGE_UNSUPPORTED", "this version does not carry out purges");
    } catch (error) {
      if (!isSynclineError(error) || error.code === "ACTOR_FORK") throw error;
      this.#refuse(line, id, error, changesetBytes);
      return false;
    }
  }

  /** Records that waited for something stored just now get another chance. */
  retryWaiting(): void {
    while (this.#fresh.length > 0) {
      for (const waiting of this.#reader.waitingFor(this.#fresh.splice(0))) {
        if (this.#released.includes(waiting.key)) continue;
        if (waiting.changesetBytes !== null) this.take(waiting.changesetBytes, null);
        if (this.take(waiting.bytes, waiting.changesetBytes)) this.#released.push(waiting.key);
      }
    }
  }

  #offer(changeset: ParsedChangeset): boolean {
    const stored = this.#draft.changesetHash(changeset.record.id);
    if (stored !== undefined && !changeset.hash.equals(stored)) {
      throw refusal("ID_REUSED", "this changeset id is known with other bytes");
    }
    if (stored === undefined) this.#offered.set(changeset.record.id, changeset);
    return true;
  }

  #takeRevision(revision: ParsedRevision): boolean {
    const { record, hash } = revision;
    const known = this.#draft.revision(record.id);
    if (known !== undefined) {
      if (!hash.equals(known.hash)) {
        throw refusal("ID_REUSED", "this revision id is known with other bytes");
      }
      this.#duplicates += 1;
      return true;
    }
    checkPatch(record);
    const parents = this.#parentsOf(revision);
    this.#checkActor(revision);
    const changeset = this.#changesetOf(revision);
    const result = this.#checkedContent(revision);
    if (changeset !== undefined) this.#draft.addChangeset(changeset);
    const generation = 1 + Math.max(0, ...parents.map((parent) => parent.generation));
    this.#draft.append(revision, generation, result);
    this.#objects.add(record.object);
    this.#fresh.push(record.id, record.changeset);
    return true;
  }

  #parentsOf({ record }: ParsedRevision): KnownRevision[] {
    if (record.parents.length > 1) {
      throw refusal("MERGE_UNSUPPORTED", "a revision made over a merge needs a newer version");
    }
    const parents = record.parents.map((id) => {
      const parent = this.#draft.revision(id);
      if (parent === undefined) throw refusal("PARENT_MISSING", `its parent ${id} is not here`, id);
      return parent;
    });
    for (const parent of parents) {
      if (parent.object !== record.object) {
        throw refusal("INVALID_RECORD", "a parent belongs to another object");
      }
      if (parent.hlc >= record.hlc) {
        throw refusal("CLOCK_NOT_AFTER_PARENT", "its time is not after its parent's");
      }
    }
    const object = this.#draft.object(record.object);
    if (object !== undefined && object.type !== record.type) {
      throw refusal("TYPE_MISMATCH", `the object is a ${object.type}, not a ${record.type}`);
    }
    return parents;
  }

  #checkActor({ record }: ParsedRevision): void {
    const number = `${record.actor}#${record.seq}`;
    const other =
      this.#numbered.get(number) ?? this.#reader.revisionOfActor(record.actor, record.seq);
    if (other === undefined || other === record.id) {
      this.#numbered.set(number, record.id);
      return;
    }
    throw new SynclineError(
      "ACTOR_FORK",
      `two revisions carry number ${record.seq} of actor ${record.actor}: ${other}, ${record.id}`,
      { hint: "one of the instances is a copy of another; give the copy an identity of its own" },
    );
  }

  #changesetOf({ record }: ParsedRevision): ParsedChangeset | undefined {
    const offered = this.#offered.get(record.changeset);
    if (offered === undefined && this.#draft.changesetHash(record.changeset) === undefined) {
      const what = `its changeset ${record.changeset} is not here`;
      throw refusal("CHANGESET_MISSING", what, record.changeset);
    }
    return this.#draft.draftedChangeset(record.changeset) ? undefined : offered;
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
      throw refusal("BODY_HASH_MISMATCH", "the content after its patch has another hash");
    }
    if (result.text.length > DOCUMENT_BYTES_MAX) {
      throw refusal("INPUT_TOO_LARGE", "the document after its patch is larger than the limit");
    }
    if (record.schema <= schemaVersion(record.type)) validateContent(record.type, result.content);
    return result;
  }

  #refuse(
    bytes: Uint8Array,
    id: string | null,
    error: SynclineError,
    keptChangeset: Uint8Array | null,
  ): void {
    const key = sha256Hex(bytes);
    const waitsFor = error instanceof Refusal ? error.waitsFor : null;
    const changesetBytes = keptChangeset ?? this.#changesetBytesOf(bytes);
    const { code, message } = error;
    const copy = Uint8Array.from(bytes);
    this.#refused.set(key, { key, id, code, message, bytes: copy, changesetBytes, waitsFor });
  }

  /** The changeset that came with a refused revision: its retry needs it. */
  #changesetBytesOf(bytes: Uint8Array): Uint8Array | null {
    for (const [id, changeset] of this.#offered) {
      if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(id)) {
        return Buffer.from(changeset.text);
      }
    }
    return null;
  }

  outcome(): ApplyPlan {
    const drafted = this.#draft.writes();
    const released = new Set(this.#released);
    const refused = [...this.#refused.values()].filter(({ key }) => !released.has(key));
    return {
      writes: { ...drafted, refused, released: this.#released },
      changesets: drafted.changesets.length,
      revisions: drafted.entries.length,
      objects: this.#objects.size,
      duplicates: this.#duplicates,
      refused: refused.map(({ id, code }) => ({ id, code })),
    };
  }
}

/** The reason a record is refused, with what it waits for. */
class Refusal extends SynclineError {
  readonly waitsFor: string | null;

  constructor(code: ErrorCode, message: string, waitsFor: string | null) {
    super(code, message);
    this.waitsFor = waitsFor;
  }
}

function refusal(code: ErrorCode, message: string, waitsFor: string | null = null): Refusal {
  return new Refusal(code, message, waitsFor);
}
