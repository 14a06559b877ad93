import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import { instanceOf, type Lsn, type ObjectId, type RevisionId } from "../base/ids.ts";
import { nameSpaceOf } from "../catalog/index.ts";
import { type Edition, knows } from "../log/edition.ts";
import { evaluate } from "../log/evaluate.ts";
import { nameWriterOf } from "../log/name-writer.ts";
import { parkedLog, servedAt } from "../log/parked.ts";
import type { PolicyInForce } from "../log/reader.ts";
import { needsNewer } from "../log/replay.ts";
import { UNPROVEN } from "../log/writes.ts";
import { algorithmAt } from "../merge/algorithm.ts";
import { mergeId } from "../merge/conflict.ts";
import { type ConflictRecord, conflictLog } from "../merge/conflict-log.ts";
import { contentOf } from "../merge/content-of.ts";
import { stateAt } from "../merge/evaluate.ts";
import type { Graph } from "../merge/graph.ts";
import type { Content } from "../model/content.ts";
import {
  DELETED_KEY,
  type ParsedRecord,
  type ParsedRevision,
  type Revision,
} from "../model/record.ts";
import type { Claim } from "../names/claim.ts";

/** One object as stored. */
export interface StoredState {
  readonly id: ObjectId;
  readonly type: string;
  readonly name: string | null;
  readonly deleted: boolean;
  readonly heads: readonly RevisionId[];
  /** The only head, or the merge revision that stands for several; of a parked object neither. */
  readonly revision: RevisionId;
  readonly parked: boolean;
  /** Canonical content at that revision. */
  readonly text: string;
  readonly bodyHash: string;
  /** Position of its newest change. */
  readonly lsn: Lsn;
  /** Its conflict log, sorted by id. */
  readonly conflicts: readonly ConflictRecord[];
  readonly effectiveName: string | null;
  readonly canonical: ObjectId;
  /** The edit that wrote its name. */
  readonly nameWriter: RevisionId | null;
}

/** One record of an object as stored, with what is derived from its history. */
export interface LoggedRecord {
  readonly lsn: Lsn;
  readonly bytes: Uint8Array;
  readonly generation: number;
  /** The whole content, where it is kept. */
  readonly snapshot: string | null;
}

/** Reads the bytes of a record; throws for what is none. */
export type ReadRecord = (record: Pick<LoggedRecord, "lsn" | "bytes">) => ParsedRecord;

interface Replayed {
  /** Undefined where it cannot be computed, at and after a damaged record. */
  readonly content: Content | undefined;
  readonly record: Revision;
  readonly generation: number;
  readonly lsn: Lsn;
}

/**
 * Recomputes one object from its records and compares; `found` hears of each difference. Returns
 * the name that it claims, if it is live and could be recomputed.
 */
export function verifyObject(
  object: StoredState,
  records: Iterable<LoggedRecord>,
  { policy, edition, read }: Law,
  found: (message: string) => void,
): Claim | undefined {
  const history = new History(object.type, edition, found);
  for (const record of records) {
    const revision = revisionIn(record, read);
    // The check of the log has said already what is wrong with one that cannot be read.
    if (revision !== undefined) history.add(record, revision);
  }
  const { heads } = history;
  if (object.heads.length !== heads.size || object.heads.some((id) => !heads.has(id))) {
    found("its heads are not those of the log");
  }
  if (sha256Hex(object.text) !== object.bodyHash) {
    found("its content does not have its body hash");
  }
  const newest = Math.max(...[...heads.values()].map(({ lsn }) => lsn));
  if (object.lsn !== newest) found(`its newest change is not the one at lsn=${newest}`);
  if (history.isBroken) return undefined;
  return compareState(object, history, policy, found);
}

/** What the state follows from, beside the records. */
export interface Law {
  readonly policy: PolicyInForce;
  readonly edition: Edition;
  readonly read: ReadRecord;
}

/** Compares what readers see with what the log says. */
function compareState(
  object: StoredState,
  history: History,
  policy: PolicyInForce,
  found: (message: string) => void,
): Claim | undefined {
  if (object.parked !== history.isParked) {
    found(history.isParked ? "it is not parked" : "it is parked, and waits for nothing");
  }
  const { revision, content } = history.state(object.id, policy);
  if (revision !== object.revision) found("its revision is not that of its heads");
  if (sha256Hex(canonicalize(content)) !== object.bodyHash) {
    found("its body hash is not that of its served revision");
  }
  const { name = null } = content;
  if (object.name !== (typeof name === "string" ? name : null)) {
    found("its name is not that of its content");
  }
  if (object.deleted !== (content[DELETED_KEY] === true)) {
    found("its deletion is not that of its content");
  }
  const recorded = object.conflicts.filter(({ kind }) => kind !== "name");
  if (JSON.stringify(history.conflicts(policy)) !== JSON.stringify(recorded)) {
    found("its conflict log is not that of its history");
  }
  const writer = object.name === null ? undefined : history.nameWriter(revision, object.name);
  if (object.nameWriter !== (writer?.id ?? null)) {
    found("the edit that wrote its name is another one");
  }
  if (writer === undefined || object.deleted || object.name === null) return undefined;
  const space = nameSpaceOf(object.type, content);
  const { id: revision_, hlc, actor } = writer;
  const instance = instanceOf(actor);
  const { id, type } = object;
  return { object: id, type, space, name: object.name, instance, hlc, revision: revision_ };
}

class History {
  readonly heads = new Map<RevisionId, Replayed>();
  readonly #all = new Map<RevisionId, Replayed>();
  readonly #type: string;
  readonly #found: (message: string) => void;
  readonly #edition: Edition;
  #isBroken = false;
  #isOfOtherType = false;

  constructor(type: string, edition: Edition, found: (message: string) => void) {
    this.#type = type;
    this.#edition = edition;
    this.#found = found;
  }

  add({ lsn, generation, snapshot }: LoggedRecord, revision: ParsedRevision): void {
    const { id, parents, bodyHash, type } = revision.record;
    const isUnproven = snapshot === UNPROVEN;
    const bases = parents.map((parent) => this.#all.get(parent));
    const missing = parents.find((_, at) => bases[at] === undefined);
    if (missing !== undefined) this.#breaks(id, `its parent ${missing} is missing`);
    if (type !== this.#type && !this.#isOfOtherType) {
      this.#isOfOtherType = true;
      this.#found(`revision ${id}: it is of another type`);
    }
    if (missing === undefined) {
      const expected = 1 + Math.max(0, ...bases.map((base) => base?.generation ?? 0));
      if (generation !== expected) this.#found(`revision ${id}: its generation is not ${expected}`);
    }
    if (snapshot !== null && !isUnproven && sha256Hex(snapshot) !== bodyHash) {
      this.#found(`revision ${id}: its kept content has another hash than it states`);
    }
    if (isUnproven && (parents.length === 0 || knows(this.#edition, revision.record))) {
      this.#found(`revision ${id}: what it says is not known, and nothing newer explains that`);
    }
    const canReplay = !isUnproven && bases.every((base) => base?.content !== undefined);
    const content = canReplay ? this.#contentOf(revision, bases[0]?.content) : undefined;
    const replayed = { content, record: revision.record, generation, lsn };
    for (const parent of parents) this.heads.delete(parent);
    this.#all.set(id, replayed);
    this.heads.set(id, replayed);
  }

  /** What stands for the heads, all of which could be replayed. */
  state(
    object: ObjectId,
    { policy, hash }: PolicyInForce,
  ): { readonly revision: RevisionId; readonly content: Content } {
    const frontier = this.#frontier();
    if (this.isParked) return servedAt(this.#graph, frontier);
    const [only] = frontier;
    if (frontier.length === 1 && only !== undefined) {
      return { revision: only, content: this.#graph.content(only) };
    }
    const { leaves } = stateAt(this.#graph, frontier, policy);
    const revision = mergeId(algorithmAt(this.#graph, frontier), hash, object, frontier);
    return { revision, content: contentOf(leaves) };
  }

  conflicts({ policy }: PolicyInForce): readonly ConflictRecord[] {
    const records = [...this.#all.values()].map(({ record }) => record);
    if (this.isParked) return parkedLog(this.#graph, this.#edition, records, policy);
    if (this.heads.size < 2 && records.every(({ parents }) => parents.length < 2)) return [];
    return conflictLog(this.#graph, records, this.#frontier(), policy);
  }

  /** The earliest edit behind the name that stands at a revision. */
  nameWriter(revision: RevisionId, name: string): Revision | undefined {
    const named = { frontier: this.#frontier(), revision, parked: this.isParked, name };
    const writer = nameWriterOf(this.#graph, this.#edition, named);
    return writer === null ? undefined : this.#all.get(writer)?.record;
  }

  /** True when what a head says, or how heads are merged, is for a newer program to say. */
  get isParked(): boolean {
    return [...this.heads.values()].some(
      ({ record, content }) => content === undefined || !knows(this.#edition, record),
    );
  }

  /** True when something keeps a head from being computed that no newer program could mend. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  #frontier(): RevisionId[] {
    return [...this.heads.keys()].sort(compareCodeUnits);
  }

  get #graph(): Graph {
    const at = (id: RevisionId): Replayed => this.#all.get(id) as Replayed;
    return {
      revision: (id) => at(id).record,
      generation: (id) => at(id).generation,
      content: (id) => {
        const { content } = at(id);
        if (content === undefined) throw needsNewer(id);
        return content;
      },
      algorithms: this.#edition.algorithms,
    };
  }

  /** Says where a history breaks off; what comes after it on the same line is not said again. */
  #breaks(id: RevisionId, why: string): void {
    if (!this.#isBroken) this.#found(`revision ${id}: ${why}`);
    this.#isBroken = true;
  }

  #contentOf(revision: ParsedRevision, base: Content | undefined): Content | undefined {
    const { id, bodyHash } = revision.record;
    try {
      const result = evaluate(revision, base, () => this.#graph);
      if (result.bodyHash === bodyHash) return result.content;
      this.#breaks(id, "the content after its patch has another hash than it states");
    } catch (error) {
      this.#breaks(id, (error as Error).message);
    }
    return undefined;
  }
}

function revisionIn(record: LoggedRecord, read: ReadRecord): ParsedRevision | undefined {
  try {
    const parsed = read(record);
    return parsed.kind === "revision" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
