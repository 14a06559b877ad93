import { compareCodeUnits } from "../base/canonical.ts";
import type { ObjectId, RevisionId } from "../base/ids.ts";
import { nameOf, nameSpaceOf, type ReadContent } from "../catalog/index.ts";
import type { Content } from "../model/content.ts";
import { DELETED_KEY } from "../model/record.ts";
import { type Withheld, withheldAs } from "../scope/selection.ts";
import type { Head, ObjectState } from "./reader.ts";
import { parseStored, textOfCreation } from "./stored-json.ts";
import type { ObjectWrite } from "./writes.ts";

/** What an object says at a revision. */
export interface ServedContent {
  readonly content: Content;
  /** Canonical text of `content`. */
  readonly text: string;
  readonly bodyHash: string;
  /** What was read of content that need not be parsed. */
  readonly read?: ReadContent;
}

/**
 * The content that was last in hand. A plan keeps texts and bytes only: hundreds of parsed
 * documents, alive until the commit, would be copied by every collection of garbage meanwhile.
 */
export class RecentContent {
  #at: RevisionId | undefined;
  #content: Content | undefined;

  remember(at: RevisionId, content: Content): void {
    this.#at = at;
    this.#content = content;
  }

  at(id: RevisionId): Content | undefined {
    return this.#at === id ? this.#content : undefined;
  }
}

/** An object while a transaction is planned: its stored state plus what the plan adds. */
export class DraftObject {
  readonly id: ObjectId;
  readonly type: string;
  readonly isNew: boolean;
  /** As stored. */
  readonly wasLive: boolean;
  heads: readonly Head[];
  /**
   * The revision whose content this holds: the only head; with several, the merge revision that
   * stands for them, or what was there before until the plan is settled.
   */
  revision: RevisionId;
  readonly contested: boolean;
  parked: boolean;
  /** The edit that wrote the name which stands at the revision; null without one. */
  nameWriter: RevisionId | null;
  /** The name it goes by, as stored, where that is not its own. */
  readonly derivedName: string | null;
  #bodyHash: string;
  /** Canonical content at the revision, or the bytes of the creation that holds it. */
  #source: string | Uint8Array;
  /** Undefined while the revision is the stored one. */
  #shown: Shown | undefined;
  readonly #recent: RecentContent;

  private constructor(state: ObjectState, isNew: boolean, recent: RecentContent) {
    this.id = state.id;
    this.type = state.type;
    this.isNew = isNew;
    this.wasLive = !isNew && !state.deleted;
    this.heads = state.heads;
    this.revision = state.revision;
    this.contested = state.contested;
    this.parked = state.parked;
    this.nameWriter = state.nameWriter;
    this.derivedName = state.derivedName;
    this.#bodyHash = state.bodyHash;
    this.#source = state.source;
    this.#recent = recent;
  }

  /** An object as it is stored. */
  static stored(state: ObjectState, recent: RecentContent): DraftObject {
    return new DraftObject(state, false, recent);
  }

  /** A new object; `creation` is the record's bytes when that is a creation. */
  static created(
    { id, type }: { readonly id: ObjectId; readonly type: string },
    head: Head,
    result: ServedContent,
    creation: Uint8Array | null,
    recent: RecentContent,
  ): DraftObject {
    const state = {
      id,
      type,
      heads: [head],
      revision: head.id,
      contested: false,
      parked: false,
      nameWriter: head.id,
      derivedName: null,
      bodyHash: result.bodyHash,
      deleted: false,
      source: creation ?? result.text,
    };
    const object = new DraftObject(state, true, recent);
    object.show(head.id, result, creation);
    return object;
  }

  /** The ids of the heads, sorted. */
  get frontier(): RevisionId[] {
    return this.heads.map(({ id }) => id).sort(compareCodeUnits);
  }

  /** Moves to another revision; `creation` as in {@link DraftObject.created}. */
  show(revision: RevisionId, served: ServedContent, creation: Uint8Array | null): void {
    this.revision = revision;
    this.#bodyHash = served.bodyHash;
    this.#source = creation ?? served.text;
    if (served.read !== undefined) {
      const { name, publicity } = served.read;
      const withheld = withheldAs(this.type, publicity);
      this.#shown = { name, space: served.read.spaceOf(this.type), deleted: false, withheld };
      return;
    }
    this.#shown = shownOf(this.type, served.content);
    this.#recent.remember(revision, served.content);
  }

  /** The content at the revision; parsed again unless it was the last in hand. */
  get content(): Content {
    const recent = this.#recent.at(this.revision);
    if (recent !== undefined) return recent;
    const where = `obj ${this.id}`;
    const source = this.#source;
    const text = typeof source === "string" ? source : textOfCreation(source, where);
    const content = parseStored<Content>(text, where);
    this.#recent.remember(this.revision, content);
    return content;
  }

  get shown(): Shown {
    this.#shown ??= shownOf(this.type, this.content);
    return this.#shown;
  }

  /** The state that is stored once the plan is carried out. */
  write(): ObjectWrite {
    const { id, type, isNew, heads, revision, parked } = this;
    const shown = this.shown;
    const body = typeof this.#source === "string" ? this.#source : null;
    const bodyHash = this.#bodyHash;
    const nameWriter = shown.name === null ? null : this.nameWriter;
    const state = { id, type, isNew, heads, revision, parked, body, bodyHash };
    return { ...state, nameWriter, ...shown };
  }
}

/** What the state says of an object beside its content. */
interface Shown {
  readonly name: string | null;
  readonly space: string;
  readonly deleted: boolean;
  readonly withheld: Withheld;
}

function shownOf(type: string, content: Content): Shown {
  const name = nameOf(type, content) ?? null;
  const withheld = withheldAs(type, content);
  const deleted = content[DELETED_KEY] === true;
  return { name, space: nameSpaceOf(type, content), deleted, withheld };
}
