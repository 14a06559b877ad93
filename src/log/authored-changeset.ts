import { canonicalize } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import type { HybridClock } from "../base/hlc.ts";
import type { ActorId, ChangesetId, ObjectId, RevisionId } from "../base/ids.ts";
import {
  CHANGESET_BYTES_MAX,
  CHANGESET_REVISIONS_MAX,
  DOCUMENT_BYTES_MAX,
  RECORD_BYTES_MAX,
} from "../base/limits.ts";
import { timeOrderedId } from "../base/new-ids.ts";
import type { RandomSource } from "../base/ports/random.ts";
import { nameOf } from "../catalog/index.ts";
import { checkPatch } from "../model/check-patch.ts";
import { bodyHashOf, type Content } from "../model/content.ts";
import { parseRecord } from "../model/parse-record.ts";
import { type ParsedRevision, RECORD_VERSION, type Write } from "../model/record.ts";
import { sealRecord } from "../model/seal-record.ts";
import type { AuthorCommand, AuthoredPurge, AuthoredRevision, AuthorOutcome } from "./author.ts";
import type { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";
import { statedBy } from "./edition.ts";
import { isPlain } from "./evaluate.ts";
import { revisionMissing } from "./faults.ts";
import type { KnownRevision } from "./reader.ts";

/** Who authors, and where stamps and ids come from. */
export interface Authoring {
  readonly actor: ActorId;
  /** The number of the actor's newest revision; 0 before the first. */
  readonly seq: number;
  readonly clock: HybridClock;
  readonly random: RandomSource;
}

/** An object as its author wants it to be, and the writes that lead there. */
export interface Authored {
  readonly id: ObjectId;
  readonly type: string;
  readonly content: Content;
  readonly patch: readonly Write[];
  /** Ids of the conflicts that this decides, sorted. */
  readonly resolves: readonly string[];
}

/** The records of one changeset: numbered, stamped, sealed and appended to a draft one by one. */
export class AuthoredChangeset {
  readonly #draft: LogDraft;
  readonly #authoring: Authoring;
  readonly #command: AuthorCommand;
  readonly #revisions: AuthoredRevision[] = [];
  readonly #purges: AuthoredPurge[] = [];
  readonly #shunned: ObjectId[] = [];
  #id: ChangesetId | null = null;
  #seq: number;
  #bytes = 0;

  constructor(draft: LogDraft, authoring: Authoring, command: AuthorCommand) {
    this.#draft = draft;
    this.#authoring = authoring;
    this.#command = command;
    this.#seq = authoring.seq;
    const { length } = command.changes;
    if (length > CHANGESET_REVISIONS_MAX) {
      throw tooLarge(`it has ${length} changes, the limit is ${CHANGESET_REVISIONS_MAX}`);
    }
  }

  /** Appends a revision over what its author saw; without `seen`, the object's creation. */
  revise({ id, type, content, patch, resolves }: Authored, seen?: DraftObject): void {
    const text = canonicalize(content);
    checkSize(text, DOCUMENT_BYTES_MAX, "document", labelOf({ id, type, content }));
    const parents = seen === undefined ? [] : this.#known(seen.frontier);
    const hlc = this.#stamp(id, parents);
    const revision = sealRecord({
      v: RECORD_VERSION,
      id: this.#newId<RevisionId>(hlc),
      object: id,
      ...statedBy(this.#draft.edition, type),
      parents: parents.map((parent) => parent.id),
      actor: this.#authoring.actor,
      seq: ++this.#seq,
      hlc,
      changeset: this.#opened(hlc),
      patch,
      pins: seen === undefined ? [] : this.#draft.pinsFor(seen, patch),
      resolves,
      bodyHash: bodyHashOf(content, text),
    });
    this.#append(revision, parents, seen?.content, { content, text });
    const created = seen === undefined;
    this.#revisions.push({ id: revision.record.id, object: id, type, created });
  }

  /** Appends the purge of an object after its heads; a shunned one has none any more. */
  purge(object: ObjectId, heads: readonly RevisionId[], reason: string): void {
    const hlc = this.#stamp(object, this.#known(heads));
    const id = this.#newId<RevisionId>(hlc);
    const { actor } = this.#authoring;
    const seq = ++this.#seq;
    const sealed = sealRecord({ v: RECORD_VERSION, id, object, actor, seq, hlc, reason });
    const bytes = Buffer.from(sealed.text);
    parseRecord(bytes);
    this.#draft.purge(sealed, bytes);
    this.#purges.push({ id, object });
  }

  /** Removes an object here, which nobody else hears of. */
  shun({ id }: DraftObject): void {
    const hlc = this.#stamp(id, []);
    const stub = { id: this.#newId<RevisionId>(hlc), object: id, hlc };
    this.#draft.leave("shunned", { ...stub, actor: this.#authoring.actor });
    this.#shunned.push(id);
  }

  #known(ids: readonly RevisionId[]): KnownRevision[] {
    return ids.map((id) => {
      const known = this.#draft.revision(id);
      if (known !== undefined) return known;
      throw revisionMissing(id);
    });
  }

  /** Appends the record as others will read it: what it means must be what its author saw. */
  #append(
    revision: ParsedRevision,
    parents: readonly KnownRevision[],
    base: Content | undefined,
    meant: { readonly content: Content; readonly text: string },
  ): void {
    const bytes = this.#sealed(revision);
    const { bodyHash, id, object } = revision.record;
    const result = isPlain(revision.record, base)
      ? { ...meant, bodyHash, isPlain: true }
      : this.#draft.evaluate(revision);
    if (result.bodyHash !== bodyHash) {
      throw new SynclineError("INTERNAL", `revision ${id} would not say what was written`, {
        where: object,
      });
    }
    const generation = 1 + Math.max(0, ...parents.map((parent) => parent.generation));
    this.#draft.append(revision, bytes, generation, result);
  }

  /** A stamp after the parents'. A peer's clock may have run so far ahead that there is none. */
  #stamp(object: ObjectId, parents: readonly KnownRevision[]): number {
    const hlc = this.#authoring.clock.next(parents.map((parent) => parent.hlc));
    if (Number.isSafeInteger(hlc)) return hlc;
    const message = "the newest change of this object has the latest time that can be written";
    throw new SynclineError("CLOCK_NOT_AFTER_PARENT", message, {
      where: object,
      hint: "its author's clock was wrong, and no change can follow it: create the object anew",
    });
  }

  /** The record's bytes, once they have passed the door that every reader of the log has. */
  #sealed(revision: ParsedRevision): Uint8Array {
    const { object, type } = revision.record;
    checkSize(revision.text, RECORD_BYTES_MAX, "record of this change", `${type}/${object}`);
    const bytes = Buffer.from(revision.text);
    parseRecord(bytes);
    checkPatch(revision.record);
    this.#count(bytes.length);
    return bytes;
  }

  /** The changeset's id. It is made with its first revision, so that a no-change leaves no trace. */
  #opened(hlc: number): ChangesetId {
    if (this.#id === null) {
      const id = this.#newId<ChangesetId>(hlc);
      const { author, message } = this.#command;
      const { actor } = this.#authoring;
      this.#draft.addChangeset(sealRecord({ v: RECORD_VERSION, id, actor, hlc, author, message }));
      this.#id = id;
    }
    return this.#id;
  }

  #newId<Id extends string>(hlc: number): Id {
    return timeOrderedId(this.#authoring.random, Math.floor(hlc / 1000), hlc % 1000) as Id;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > CHANGESET_BYTES_MAX) {
      throw tooLarge(`its records have more than ${CHANGESET_BYTES_MAX} bytes`);
    }
    if (this.#revisions.length >= CHANGESET_REVISIONS_MAX) {
      throw tooLarge(`it has more than ${CHANGESET_REVISIONS_MAX} revisions`);
    }
  }

  /** What is appended, and the newest number and stamp after it. */
  end(): {
    readonly made: Omit<AuthorOutcome, "unchanged">;
    readonly seq: number;
    readonly hlc: number;
  } {
    const made = {
      changeset: this.#id,
      revisions: this.#revisions,
      ...(this.#purges.length === 0 ? {} : { purges: this.#purges }),
      ...(this.#shunned.length === 0 ? {} : { shunned: this.#shunned }),
    };
    return { made, seq: this.#seq, hlc: this.#authoring.clock.last };
  }
}

/** How messages name an object. */
export function labelOf({ id, type, content }: Pick<Authored, "id" | "type" | "content">): string {
  return `${type}/${nameOf(type, content) ?? id}`;
}

function checkSize(text: string, bytesMax: number, what: string, where: string): void {
  if (text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax) return;
  throw new SynclineError("INPUT_TOO_LARGE", `the ${what} is larger than the limit`, {
    where,
    hint: `a ${what} has at most ${bytesMax} bytes`,
  });
}

function tooLarge(why: string): SynclineError {
  return new SynclineError("CHANGESET_TOO_LARGE", `one changeset cannot hold this: ${why}`, {
    hint: "make the change in several changesets",
  });
}
