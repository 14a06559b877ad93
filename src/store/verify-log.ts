import { isSynclineError } from "../base/errors.ts";
import { CHAIN_START, nextChain, sha256, sha256Hex } from "../base/hash.ts";
import { type Lsn, type ObjectId, type RevisionId, uuidBytes } from "../base/ids.ts";
import { evaluate } from "../log/draft.ts";
import type { Content } from "../model/content.ts";
import { parseRecord } from "../model/parse-record.ts";
import type { ParsedRevision } from "../model/record.ts";
import type { Finding, VerifyReport } from "./rows.ts";

/** One log row as stored. */
export interface LoggedRow {
  readonly lsn: Lsn;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly chain: Uint8Array;
}

/** One object as stored. */
export interface StoredState {
  readonly id: ObjectId;
  readonly heads: readonly RevisionId[];
  readonly served: RevisionId;
  /** Canonical content at the served head. */
  readonly text: string;
  readonly bodyHash: string;
}

/** The stored tables as `verify` reads them. */
export interface VerifySource {
  /** The whole log in order. */
  log(): Iterable<LoggedRow>;
  objects(): Iterable<StoredState>;
  /** An object's records in log order. */
  recordsOf(object: ObjectId): Iterable<Uint8Array>;
  hasChangeset(id: string): boolean;
  hasObject(id: ObjectId): boolean;
}

/**
 * Checks a whole log and the state derived from it: each record's form and hash, the chain, that
 * parents and changesets are there, each content's hash, heads and served content of each object.
 * Memory stays bounded by the largest object's history.
 */
export function verifyLog(source: VerifySource): VerifyReport {
  const findings: Finding[] = [];
  const found = (where: string, message: string): void => {
    findings.push({ code: "STORE_CORRUPT", where, message });
  };
  const chain = new ChainCheck(source, found);
  for (const row of source.log()) chain.check(row);
  let objects = 0;
  for (const object of source.objects()) {
    objects += 1;
    checkObject(object, source.recordsOf(object.id), (message) =>
      found(`obj ${object.id}`, message),
    );
  }
  return { revisions: chain.length, objects, findings };
}

class ChainCheck {
  readonly #source: VerifySource;
  readonly #found: (where: string, message: string) => void;
  #chain: Uint8Array = CHAIN_START;
  length: Lsn = 0;

  constructor(source: VerifySource, found: (where: string, message: string) => void) {
    this.#source = source;
    this.#found = found;
  }

  check(row: LoggedRow): void {
    const where = `rev lsn=${row.lsn}`;
    if (row.lsn !== this.length + 1) {
      this.#found(where, `entries ${this.length + 1} to ${row.lsn - 1} are missing`);
    }
    this.length = row.lsn;
    if (!sha256(row.bytes).equals(row.hash)) {
      this.#found(where, "the record does not have its stored hash");
    }
    const revision = parseRevision(row.bytes, (message) => this.#found(where, message));
    if (revision !== undefined) this.#revision(where, row, revision);
    this.#chain = row.chain;
  }

  #revision(where: string, row: LoggedRow, { record }: ParsedRevision): void {
    const chain = nextChain(this.#chain, uuidBytes(record.id), row.hash);
    if (!chain.equals(row.chain)) this.#found(where, "the hash chain does not continue here");
    if (!this.#source.hasChangeset(record.changeset)) {
      this.#found(where, `its changeset ${record.changeset} is missing`);
    }
    if (!this.#source.hasObject(record.object)) {
      this.#found(where, `the state of its object ${record.object} is missing`);
    }
  }
}

function parseRevision(
  bytes: Uint8Array,
  found: (message: string) => void,
): ParsedRevision | undefined {
  try {
    const parsed = parseRecord(bytes);
    if (parsed.kind === "revision") return parsed;
    found(`a ${parsed.kind} stands where a revision belongs`);
  } catch (error) {
    if (!isSynclineError(error)) throw error;
    found(`the record is not readable: ${error.message}`);
  }
  return undefined;
}

/** Recomputes one object from its records and compares. */
function checkObject(
  object: StoredState,
  records: Iterable<Uint8Array>,
  found: (message: string) => void,
): void {
  const contents = new Map<RevisionId, Content>();
  const heads = new Map<RevisionId, string>();
  for (const bytes of records) {
    const revision = parseRevision(bytes, () => {});
    if (revision !== undefined) replay(revision, contents, heads, found);
  }
  if (object.heads.length !== heads.size || object.heads.some((id) => !heads.has(id))) {
    found("its heads are not those of the log");
  }
  if (heads.get(object.served) !== object.bodyHash) {
    found("its body hash is not that of its served revision");
  }
  if (sha256Hex(object.text) !== object.bodyHash) {
    found("its content does not have its body hash");
  }
}

function replay(
  revision: ParsedRevision,
  contents: Map<RevisionId, Content>,
  heads: Map<RevisionId, string>,
  found: (message: string) => void,
): void {
  const { id, parents, bodyHash } = revision.record;
  const parent = parents[0];
  const base = parent === undefined ? undefined : contents.get(parent);
  if (parent !== undefined && base === undefined) {
    found(`revision ${id}: its parent ${parent} is missing`);
    return;
  }
  try {
    const result = evaluate(revision, base);
    if (result.bodyHash !== bodyHash) {
      found(`revision ${id}: the content after its patch has another hash than it states`);
    }
    contents.set(id, result.content);
  } catch (error) {
    if (!isSynclineError(error)) throw error;
    found(`revision ${id}: ${error.message}`);
  }
  if (parent !== undefined) heads.delete(parent);
  heads.set(id, bodyHash);
}
