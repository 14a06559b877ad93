import type { ObjectId, RevisionId } from "../base/ids.ts";
import type { Content } from "../model/content.ts";
import { DELETED_KEY } from "../model/record.ts";
import type { Head, ObjectState } from "./reader.ts";
import { parseStored, textOfCreation } from "./stored-json.ts";
import type { ObjectWrite } from "./writes.ts";

/** What an object's served revision says. */
export interface ServedContent {
  readonly content: Content;
  /** Canonical text of `content`. */
  readonly text: string;
  readonly bodyHash: string;
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
  heads: readonly Head[];
  served: Head;
  #bodyHash: string;
  /** Canonical content at the served head, or the bytes of the creation that holds it. */
  #source: string | Uint8Array;
  /** Undefined while the served head is the stored one. */
  #shown: { readonly name: string | null; readonly deleted: boolean } | undefined;
  readonly #recent: RecentContent;

  private constructor(
    { id, type, heads, served, bodyHash }: Omit<ObjectState, "text">,
    source: string | Uint8Array,
    isNew: boolean,
    recent: RecentContent,
  ) {
    this.id = id;
    this.type = type;
    this.isNew = isNew;
    this.heads = heads;
    this.served = served;
    this.#bodyHash = bodyHash;
    this.#source = source;
    this.#recent = recent;
  }

  /** An object as it is stored. */
  static stored(state: ObjectState, recent: RecentContent): DraftObject {
    return new DraftObject(state, state.text, false, recent);
  }

  /** A new object; `creation` is the record's bytes when that is a creation. */
  static created(
    { id, type }: { readonly id: ObjectId; readonly type: string },
    head: Head,
    result: ServedContent,
    creation: Uint8Array | null,
    recent: RecentContent,
  ): DraftObject {
    const state = { id, type, heads: [head], served: head, bodyHash: result.bodyHash };
    const object = new DraftObject(state, creation ?? result.text, true, recent);
    object.serve(head, result, creation);
    return object;
  }

  /** Moves the served head; `creation` as in {@link DraftObject.created}. */
  serve(head: Head, { content, text, bodyHash }: ServedContent, creation: Uint8Array | null): void {
    this.served = head;
    this.#bodyHash = bodyHash;
    this.#source = creation ?? text;
    this.#shown = shownOf(content);
    this.#recent.remember(head.id, content);
  }

  /** The content at the served head; parsed again unless it was the last in hand. */
  get content(): Content {
    const { id } = this.served;
    const recent = this.#recent.at(id);
    if (recent !== undefined) return recent;
    const where = `obj ${this.id}`;
    const source = this.#source;
    const text = typeof source === "string" ? source : textOfCreation(source, where);
    const content = parseStored<Content>(text, where);
    this.#recent.remember(id, content);
    return content;
  }

  /** The state that is stored once the plan is carried out. */
  write(): ObjectWrite {
    const { id, type, isNew, heads, served } = this;
    const { name, deleted } = this.#shown ?? shownOf(this.content);
    const body = typeof this.#source === "string" ? this.#source : null;
    return { id, type, isNew, heads, served, body, bodyHash: this.#bodyHash, name, deleted };
  }
}

function shownOf(content: Content): { name: string | null; deleted: boolean } {
  const name = typeof content.name === "string" ? content.name : null;
  return { name, deleted: content[DELETED_KEY] === true };
}
