import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import type { HybridClock } from "../base/hlc.ts";
import {
  type ActorId,
  type ChangesetId,
  isUuid,
  type ObjectId,
  type RevisionId,
} from "../base/ids.ts";
import type { Json, JsonObject } from "../base/json.ts";
import {
  CHANGESET_BYTES_MAX,
  CHANGESET_REVISIONS_MAX,
  DOCUMENT_BYTES_MAX,
  RECORD_BYTES_MAX,
} from "../base/limits.ts";
import { timeOrderedId } from "../base/new-ids.ts";
import type { RandomSource } from "../base/ports/random.ts";
import {
  checkForm,
  isDeleted,
  mergeCkan,
  nameOf,
  patchContent,
  replaceContent,
  type StoredObject,
  schemaVersion,
  validateWritten,
  visibleDocument,
} from "../catalog/index.ts";
import { checkPatch } from "../model/check-patch.ts";
import { bodyHashOf, type Content } from "../model/content.ts";
import { parseRecord } from "../model/parse-record.ts";
import { diffContent } from "../model/patch.ts";
import {
  ALGORITHM_VERSION,
  DELETED_KEY,
  type ParsedRevision,
  RECORD_VERSION,
  type Write,
} from "../model/record.ts";
import { sealRecord } from "../model/seal-record.ts";
import { applyUserPatch } from "../model/user-patch.ts";
import { writtenContent } from "../model/written-content.ts";
import type {
  AuthorCommand,
  AuthoredPurge,
  AuthoredRevision,
  AuthorOutcome,
  Change,
  Resolution,
} from "./author.ts";
import { checkAttribution } from "./check-attribution.ts";
import { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";
import { isPlain } from "./evaluate.ts";
import type { KnownRevision, LogReader } from "./reader.ts";
import {
  type Decided,
  NOTHING_DECIDED,
  resolvedContent,
  resolvingWrites,
  restatedPaths,
  withWrites,
} from "./resolve.ts";
import type { LogWrites } from "./writes.ts";

/** Who authors, and where stamps and ids come from. */
export interface Authoring {
  readonly actor: ActorId;
  /** The number of the actor's newest revision; 0 before the first. */
  readonly seq: number;
  readonly clock: HybridClock;
  readonly random: RandomSource;
}

export interface AuthorPlan {
  readonly writes: LogWrites;
  readonly outcome: AuthorOutcome;
  /** The actor's newest number and the clock's newest stamp once this is stored. */
  readonly seq: number;
  readonly hlc: number;
}

/** Plans one changeset. Throws when any of its changes cannot be made, and then none is. */
export function planAuthor(
  reader: LogReader,
  authoring: Authoring,
  command: AuthorCommand,
): AuthorPlan {
  checkAttribution(command);
  const { length } = command.changes;
  if (length > CHANGESET_REVISIONS_MAX) {
    throw tooLarge(`it has ${length} changes, the limit is ${CHANGESET_REVISIONS_MAX}`);
  }
  const planner = new AuthorPlanner(reader, authoring, command);
  for (const change of command.changes) planner.make(change);
  return planner.plan();
}

type NotAnEdit = "put" | "purge" | "shun";

class AuthorPlanner {
  readonly #draft: LogDraft;
  readonly #authoring: Authoring;
  readonly #command: AuthorCommand;
  readonly #revisions: AuthoredRevision[] = [];
  readonly #purges: AuthoredPurge[] = [];
  readonly #shunned: ObjectId[] = [];
  #changeset: ChangesetId | null = null;
  #seq: number;
  #bytes = 0;
  #unchanged = 0;

  constructor(reader: LogReader, authoring: Authoring, command: AuthorCommand) {
    this.#draft = new LogDraft(reader);
    this.#authoring = authoring;
    this.#command = command;
    this.#seq = authoring.seq;
  }

  make(change: Change): void {
    if (!isUuid(change.object)) {
      throw new SynclineError("USAGE", "a change names its object by a UUID in lower case");
    }
    const object = this.#draft.object(change.object);
    if (change.ifRevision !== undefined && object?.revision !== change.ifRevision) {
      throw new SynclineError("STALE_EDIT", `object ${change.object} changed since it was read`, {
        where: change.object,
        hint: "read it again and repeat the change on what is there now",
      });
    }
    if (change.kind === "put") this.#put(change, object);
    else if (object === undefined) throw this.#notHere(change.object);
    else if (change.kind === "purge") this.#purge(object, change.reason);
    else if (change.kind === "shun") this.#shun(object);
    else this.#edit(change, object);
  }

  #notHere(id: ObjectId): SynclineError {
    const isGone = this.#draft.isGone(id);
    const message = isGone ? `object ${id} was purged here` : `no object ${id}`;
    return new SynclineError(isGone ? "OBJECT_PURGED" : "OBJECT_NOT_FOUND", message, { where: id });
  }

  #purge({ id: object, frontier }: DraftObject, reason: string): void {
    const heads = frontier.map((head) => this.#draft.revision(head) as KnownRevision);
    const hlc = this.#stamp(object, heads);
    const id = this.#newId<RevisionId>(hlc);
    const { actor } = this.#authoring;
    const seq = ++this.#seq;
    const sealed = sealRecord({ v: RECORD_VERSION, id, object, actor, seq, hlc, reason });
    const bytes = Buffer.from(sealed.text);
    parseRecord(bytes);
    this.#draft.purge(sealed, bytes);
    this.#purges.push({ id, object });
  }

  #shun({ id }: DraftObject): void {
    const hlc = this.#stamp(id, []);
    this.#draft.shun(this.#newId<RevisionId>(hlc), id, this.#authoring.actor, hlc);
    this.#shunned.push(id);
  }

  #put(change: Extract<Change, { kind: "put" }>, object: DraftObject | undefined): void {
    if (object === undefined) {
      if (this.#draft.isGone(change.object)) throw this.#notHere(change.object);
      this.#write(
        change.object,
        change.type,
        replaceContent(change.type, undefined, change.content),
      );
      return;
    }
    if (change.mode === "create") {
      throw new SynclineError("OBJECT_EXISTS", `object ${change.object} exists already`, {
        where: change.object,
        hint: isDeleted(object.content) ? "it is deleted: undelete it" : "edit it instead",
      });
    }
    if (object.type !== change.type) {
      const message = `object ${change.object} is a ${object.type}, not a ${change.type}`;
      throw new SynclineError("TYPE_MISMATCH", message, { where: change.object });
    }
    // What changed behind a deletion stays hidden and is not worth a revision.
    const staysDeleted = isDeleted(object.content) && isDeleted(change.content);
    if (change.mode === "absent" || staysDeleted) this.#unchanged += 1;
    else {
      const content = withOwnName(object, change.content);
      this.#rewrite(object, replaceContent(object.type, object.content, content));
    }
  }

  #edit(change: Exclude<Change, { kind: NotAnEdit }>, object: DraftObject): void {
    if (change.kind === "resolve") {
      this.#resolve(object, change.resolutions);
      return;
    }
    const deleted = isDeleted(object.content);
    if (change.kind === "undelete") {
      if (!deleted) throw wrongState("OBJECT_NOT_DELETED", object, "is not deleted");
      const { [DELETED_KEY]: _, ...live } = object.content;
      this.#write(object.id, object.type, live, object);
      return;
    }
    if (deleted) throw wrongState("OBJECT_DELETED", object, "is deleted", "undelete it first");
    this.#rewrite(object, this.#edited(change, object));
  }

  #edited(
    change: Exclude<Change, { kind: NotAnEdit | "undelete" | "resolve" }>,
    { id, type, content }: DraftObject,
  ): Content {
    if (change.kind === "delete") return { ...content, [DELETED_KEY]: true };
    if (change.kind === "rename") return { ...content, name: change.name };
    if (change.kind === "set") {
      checkForm(change.value);
      const set = mergeCkan(type, id, content, change.value);
      for (const found of set.embedded) this.#createAbsent(found);
      return set.content;
    }
    const document = applyUserPatch(visibleDocument(content) ?? {}, change.patch, (path) =>
      this.#checkWritten(id, type, content, [{ op: "add", path, value: {} }]),
    );
    return patchContent(type, content, document);
  }

  /** Writes the decided values, those that stand there already too: that is what decides. */
  #resolve(object: DraftObject, resolutions: readonly Resolution[]): void {
    const conflicts = this.#draft.conflictsOf(object);
    const known = new Set(conflicts.map(({ id }) => id));
    for (const { conflict } of resolutions) {
      if (known.has(conflict)) continue;
      throw new SynclineError("CONFLICT_NOT_FOUND", `object ${object.id} has no such conflict`, {
        where: conflict,
        hint: "list them: syncline conflicts list",
      });
    }
    this.#write(object.id, object.type, resolvedContent(object.content, resolutions), object, {
      resolves: [...new Set(resolutions.map(({ conflict }) => conflict))].sort(compareCodeUnits),
      writes: resolvingWrites(object.content, resolutions),
      restated: restatedPaths(resolutions, conflicts),
    });
  }

  #createAbsent({ id, type, content }: StoredObject): void {
    if (this.#draft.isGone(id)) return;
    if (this.#draft.object(id) === undefined) this.#write(id, type, content);
  }

  #rewrite(object: DraftObject, to: Content): void {
    if (Object.keys(to).length === 0) {
      throw new SynclineError("INVALID_OBJECT", "nothing would be left of the object", {
        where: labelOf(object),
        hint: "delete the object, or leave it a field",
      });
    }
    this.#write(object.id, object.type, to, object);
  }

  /** Stores a new content as a revision, unless it is what the author saw. */
  #write(
    id: ObjectId,
    type: string,
    to: Content,
    object?: DraftObject,
    decided: Decided = NOTHING_DECIDED,
  ): void {
    const patch = withWrites(diffContent(object?.content, to), decided.writes);
    if (patch.length === 0 && decided.resolves.length === 0) {
      this.#unchanged += 1;
      return;
    }
    const isRestated = ({ path }: Write): boolean => decided.restated.has(path);
    this.#checkWritten(
      id,
      type,
      to,
      patch.filter((write) => !isRestated(write)),
    );
    const text = canonicalize(to);
    checkSize(text, DOCUMENT_BYTES_MAX, "document", labelOf({ id, type, content: to }));
    const parents = object === undefined ? [] : this.#parentsOf(object);
    const hlc = this.#stamp(id, parents);
    const revision = sealRecord({
      v: RECORD_VERSION,
      id: this.#newId<RevisionId>(hlc),
      object: id,
      type,
      parents: parents.map((parent) => parent.id),
      actor: this.#authoring.actor,
      seq: ++this.#seq,
      hlc,
      changeset: this.#openChangeset(hlc),
      schema: schemaVersion(type),
      algorithm: ALGORITHM_VERSION,
      patch,
      pins: object === undefined ? [] : this.#draft.pinsFor(object, patch),
      resolves: decided.resolves,
      bodyHash: bodyHashOf(to, text),
    });
    this.#append(revision, parents, object?.content, { content: to, text });
    const created = object === undefined;
    this.#revisions.push({ id: revision.record.id, object: id, type, created });
  }

  #parentsOf(object: DraftObject): KnownRevision[] {
    return object.frontier.map((id) => this.#draft.revision(id) as KnownRevision);
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

  /** Checks what a change writes, not what it finds: an object can always be mended, or deleted. */
  #checkWritten(id: ObjectId, type: string, content: Content, writes: readonly Write[]): void {
    const written = writtenContent(writes);
    if (written === undefined) return;
    try {
      validateWritten(type, written, this.#command.isImport === true ? "dump" : "person");
    } catch (error) {
      if (!(error instanceof SynclineError)) throw error;
      const { code, message, hint } = error;
      const where = `${labelOf({ id, type, content })}${error.where ?? ""}`;
      throw new SynclineError(code, message, { where, ...(hint === undefined ? {} : { hint }) });
    }
  }

  /** The changeset is made with its first revision, so that a no-change leaves no trace. */
  #openChangeset(hlc: number): ChangesetId {
    if (this.#changeset === null) {
      const id = this.#newId<ChangesetId>(hlc);
      const { author, message } = this.#command;
      const { actor } = this.#authoring;
      this.#draft.addChangeset(sealRecord({ v: RECORD_VERSION, id, actor, hlc, author, message }));
      this.#changeset = id;
    }
    return this.#changeset;
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

  plan(): AuthorPlan {
    this.#draft.settle();
    const writes: LogWrites = { ...this.#draft.writes(), refused: [], released: [] };
    const outcome = {
      changeset: this.#changeset,
      revisions: this.#revisions,
      ...(this.#purges.length === 0 ? {} : { purges: this.#purges }),
      ...(this.#shunned.length === 0 ? {} : { shunned: this.#shunned }),
      unchanged: this.#unchanged,
    };
    return { writes, outcome, seq: this.#seq, hlc: this.#authoring.clock.last };
  }
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

type Labelled = Pick<DraftObject, "id" | "type" | "content">;

/** How messages name an object. */
function labelOf({ id, type, content }: Labelled): string {
  return `${type}/${nameOf(type, content) ?? id}`;
}

/** An export names an object by the name it goes by: taken in again, that is not a new name. */
function withOwnName({ derivedName, content }: DraftObject, put: JsonObject): JsonObject {
  if (derivedName === null || put.name !== derivedName) return put;
  return { ...put, name: content.name as Json };
}

function wrongState(
  code: "OBJECT_DELETED" | "OBJECT_NOT_DELETED",
  object: DraftObject,
  what: string,
  hint?: string,
): SynclineError {
  const where = labelOf(object);
  return new SynclineError(code, `${where} ${what}`, { where, ...(hint ? { hint } : {}) });
}
