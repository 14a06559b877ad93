import { compareCodeUnits } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { isUuid, type ObjectId } from "../base/ids.ts";
import type { Json, JsonObject } from "../base/json.ts";
import {
  checkForm,
  isDeleted,
  mergeCkan,
  patchContent,
  readForm,
  replaceContent,
  type StoredObject,
  storedForm,
  type Types,
  validateWritten,
  visibleDocument,
} from "../catalog/index.ts";
import type { Content } from "../model/content.ts";
import { diffContent } from "../model/patch.ts";
import { DELETED_KEY, type Write } from "../model/record.ts";
import { applyUserPatch } from "../model/user-patch.ts";
import { writtenContent } from "../model/written-content.ts";
import type { AuthorCommand, AuthorOutcome, Change, LeafValue, Resolution } from "./author.ts";
import { AuthoredChangeset, type Authoring, labelOf } from "./authored-changeset.ts";
import { checkAttribution } from "./check-attribution.ts";
import { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";
import type { LogReader } from "./reader.ts";
import { UPDATE } from "./replay.ts";
import {
  type Decided,
  NOTHING_DECIDED,
  resolvedContent,
  resolvingWrites,
  restatedPaths,
  withLeaves,
  withWrites,
} from "./resolve.ts";
import type { LogWrites } from "./writes.ts";

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
  const planner = new AuthorPlanner(reader, authoring, command);
  for (const change of command.changes) planner.make(change);
  return planner.plan();
}

type NotAnEdit = "put" | "purge" | "shun";

class AuthorPlanner {
  readonly #draft: LogDraft;
  readonly #changeset: AuthoredChangeset;
  readonly #isImport: boolean;
  #unchanged = 0;

  constructor(reader: LogReader, authoring: Authoring, command: AuthorCommand) {
    this.#draft = new LogDraft(reader);
    this.#changeset = new AuthoredChangeset(this.#draft, authoring, command);
    this.#isImport = command.isImport === true;
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
    else if (change.kind === "purge" && this.#draft.goneHow(change.object) === "shunned") {
      this.#changeset.purge(change.object, [], change.reason);
    } else if (object === undefined) throw this.#notHere(change.object);
    else if (change.kind === "purge") {
      this.#changeset.purge(object.id, object.frontier, change.reason);
    } else if (change.kind === "shun") this.#changeset.shun(object);
    else this.#edit(change, object);
  }

  #notHere(id: ObjectId): SynclineError {
    const how = this.#draft.goneHow(id);
    const message = how === undefined ? `no object ${id}` : `object ${id} was ${how} here`;
    if (how !== undefined) return new SynclineError("OBJECT_PURGED", message, { where: id });
    const hint = "look for it: syncline search";
    return new SynclineError("OBJECT_NOT_FOUND", message, { where: id, hint });
  }

  #put(change: Extract<Change, { kind: "put" }>, object: DraftObject | undefined): void {
    if (object === undefined) {
      if (this.#draft.isGone(change.object)) throw this.#notHere(change.object);
      this.#write(
        change.object,
        change.type,
        replaceContent(change.type, undefined, change.content, this.#types),
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
      checkNotParked(object);
      const content = withOwnName(object, change.content);
      this.#rewrite(object, replaceContent(object.type, this.#read(object), content, this.#types));
    }
  }

  #edit(change: Exclude<Change, { kind: NotAnEdit }>, object: DraftObject): void {
    checkNotParked(object);
    if (change.kind === "resolve") {
      this.#resolve(object, change.resolutions);
      return;
    }
    if (change.kind === "revert") {
      this.#revert(object, change.leaves);
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
    change: Exclude<Change, { kind: NotAnEdit | "undelete" | "revert" | "resolve" }>,
    object: DraftObject,
  ): Content {
    const { id, type } = object;
    const content = this.#read(object);
    if (change.kind === "delete") return { ...content, [DELETED_KEY]: true };
    if (change.kind === "rename") return { ...content, name: change.name };
    if (change.kind === "set") {
      checkForm(change.value);
      const set = mergeCkan(type, id, content, change.value, this.#types);
      for (const found of set.embedded) this.#createAbsent(found);
      return set.content;
    }
    const document = applyUserPatch(visibleDocument(content) ?? {}, change.patch, (path) =>
      this.#checkWritten(id, type, content, [{ op: "add", path, value: {} }]),
    );
    return patchContent(type, content, document, this.#types);
  }

  /** What stood there before need not look as what a person may write. */
  #revert(object: DraftObject, leaves: readonly LeafValue[]): void {
    const to = withLeaves(object.content, leaves);
    const restated = new Set(diffContent(object.content, to).map(({ path }) => path));
    this.#write(object.id, object.type, to, object, { ...NOTHING_DECIDED, restated });
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
    const stored = storedForm(object.type, object.content, to, this.#types);
    this.#write(object.id, object.type, stored, object);
  }

  /** The content of an object as the present schema names its fields. */
  #read({ type, content }: DraftObject): Content {
    return readForm(type, content, this.#types);
  }

  get #types(): Types {
    return this.#draft.edition.types;
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
    if (object !== undefined && decided === NOTHING_DECIDED)
      checkUnchanging(object, patch, this.#types);
    const isNew = ({ path }: Write): boolean => !decided.restated.has(path);
    this.#checkWritten(id, type, to, patch.filter(isNew));
    const { resolves } = decided;
    this.#changeset.revise({ id, type, content: to, patch, resolves }, object);
  }

  /** Checks what a change writes, not what it finds: an object can always be mended, or deleted. */
  #checkWritten(id: ObjectId, type: string, content: Content, writes: readonly Write[]): void {
    const written = writtenContent(writes);
    if (written === undefined) return;
    try {
      validateWritten(type, written, this.#isImport ? "dump" : "person", this.#types);
    } catch (error) {
      if (!(error instanceof SynclineError)) throw error;
      const { code, message, hint } = error;
      const where = `${labelOf({ id, type, content })}${error.where ?? ""}`;
      throw new SynclineError(code, message, { where, ...(hint === undefined ? {} : { hint }) });
    }
  }

  plan(): AuthorPlan {
    this.#draft.settle();
    const writes: LogWrites = { ...this.#draft.writes(), refused: [], released: [] };
    const { made, seq, hlc } = this.#changeset.end();
    return { writes, outcome: { ...made, unchanged: this.#unchanged }, seq, hlc };
  }
}

/** An export names an object by the name it goes by: taken in again, that is not a new name. */
function withOwnName({ derivedName, content }: DraftObject, put: JsonObject): JsonObject {
  if (derivedName === null || put.name !== derivedName) return put;
  return { ...put, name: content.name as Json };
}

/** What says which object this is stays; else two objects could come to say the same. */
function checkUnchanging(object: DraftObject, patch: readonly Write[], types: Types): void {
  const { unchanging = [] } = types.get(object.type) ?? {};
  const field = unchanging.find((one) => patch.some(({ path }) => path === `/${one}`));
  if (field === undefined) return;
  throw new SynclineError("INVALID_OBJECT", `the ${field} of a ${object.type} never changes`, {
    where: `${labelOf(object)}/${field}`,
    hint: "delete this one, and create another",
  });
}

/** Nothing is authored over what this program may misread. */
function checkNotParked(object: DraftObject): void {
  if (!object.parked) return;
  throw wrongState("OBJECT_PARKED", object, "was changed by a newer version of Syncline", UPDATE);
}

function wrongState(
  code: "OBJECT_DELETED" | "OBJECT_NOT_DELETED" | "OBJECT_PARKED",
  object: DraftObject,
  what: string,
  hint?: string,
): SynclineError {
  const where = labelOf(object);
  return new SynclineError(code, `${where} ${what}`, { where, ...(hint ? { hint } : {}) });
}
