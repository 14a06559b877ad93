import { sha256Hex } from "../base/hash.ts";
import type { Lsn, ObjectId, RevisionId } from "../base/ids.ts";
import { evaluate } from "../log/draft.ts";
import type { Content } from "../model/content.ts";
import { parseRecord } from "../model/parse-record.ts";
import { DELETED_KEY, type ParsedRevision } from "../model/record.ts";

/** One object as stored. */
export interface StoredState {
  readonly id: ObjectId;
  readonly type: string;
  readonly name: string | null;
  readonly deleted: boolean;
  readonly heads: readonly RevisionId[];
  readonly served: RevisionId;
  /** Canonical content at the served head. */
  readonly text: string;
  readonly bodyHash: string;
  /** Position of its newest change. */
  readonly lsn: Lsn;
}

/** One record of an object as stored, with what is derived from its history. */
export interface LoggedRecord {
  readonly lsn: Lsn;
  readonly bytes: Uint8Array;
  readonly generation: number;
  /** The whole content, where it is kept. */
  readonly snapshot: string | null;
}

interface Replayed {
  /** Undefined where it cannot be computed, at and after a damaged record. */
  readonly content: Content | undefined;
  readonly bodyHash: string;
  readonly generation: number;
  readonly lsn: Lsn;
}

/** Recomputes one object from its records and compares; `found` hears of each difference. */
export function verifyObject(
  object: StoredState,
  records: Iterable<LoggedRecord>,
  found: (message: string) => void,
): void {
  const history = new History(object.type, found);
  for (const record of records) history.add(record);
  const { heads } = history;
  if (object.heads.length !== heads.size || object.heads.some((id) => !heads.has(id))) {
    found("its heads are not those of the log");
  }
  const served = heads.get(object.served);
  if (served?.bodyHash !== object.bodyHash) {
    found("its body hash is not that of its served revision");
  }
  if (sha256Hex(object.text) !== object.bodyHash) {
    found("its content does not have its body hash");
  }
  if (served?.content === undefined) return;
  const { name = null } = served.content;
  if (object.name !== (typeof name === "string" ? name : null)) {
    found("its name is not that of its content");
  }
  if (object.deleted !== (served.content[DELETED_KEY] === true)) {
    found("its deletion is not that of its content");
  }
  const newest = Math.max(...[...heads.values()].map(({ lsn }) => lsn));
  if (object.lsn !== newest) found(`its newest change is not the one at lsn=${newest}`);
}

class History {
  readonly heads = new Map<RevisionId, Replayed>();
  readonly #all = new Map<RevisionId, Replayed>();
  readonly #type: string;
  readonly #found: (message: string) => void;
  #isBroken = false;
  #isOfOtherType = false;

  constructor(type: string, found: (message: string) => void) {
    this.#type = type;
    this.#found = found;
  }

  add({ lsn, bytes, generation, snapshot }: LoggedRecord): void {
    const revision = parsedRevision(bytes);
    // The check of the log has said already what is wrong with it.
    if (revision === undefined) return;
    const { id, parents, bodyHash, type } = revision.record;
    const parent = parents[0];
    const base = parent === undefined ? undefined : this.#all.get(parent);
    if (parent !== undefined && base === undefined)
      this.#breaks(id, `its parent ${parent} is missing`);
    if (type !== this.#type && !this.#isOfOtherType) {
      this.#isOfOtherType = true;
      this.#found(`revision ${id}: it is of another type`);
    }
    if (base !== undefined || parent === undefined) {
      const expected = (base?.generation ?? 0) + 1;
      if (generation !== expected) this.#found(`revision ${id}: its generation is not ${expected}`);
    }
    if (snapshot !== null && sha256Hex(snapshot) !== bodyHash) {
      this.#found(`revision ${id}: its kept content has another hash than it states`);
    }
    const canReplay = parent === undefined || base?.content !== undefined;
    const content = canReplay ? this.#contentOf(revision, base?.content) : undefined;
    const replayed = { content, bodyHash, generation, lsn };
    if (parent !== undefined) this.heads.delete(parent);
    this.#all.set(id, replayed);
    this.heads.set(id, replayed);
  }

  /** Says where a history breaks off; what comes after it on the same line is not said again. */
  #breaks(id: RevisionId, why: string): void {
    if (!this.#isBroken) this.#found(`revision ${id}: ${why}`);
    this.#isBroken = true;
  }

  #contentOf(revision: ParsedRevision, base: Content | undefined): Content | undefined {
    const { id, bodyHash } = revision.record;
    try {
      const result = evaluate(revision, base);
      if (result.bodyHash === bodyHash) return result.content;
      this.#breaks(id, "the content after its patch has another hash than it states");
    } catch (error) {
      this.#breaks(id, (error as Error).message);
    }
    return undefined;
  }
}

function parsedRevision(bytes: Uint8Array): ParsedRevision | undefined {
  try {
    const parsed = parseRecord(bytes);
    return parsed.kind === "revision" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
