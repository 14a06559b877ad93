import { CHAIN_START, nextChain, sha256, sha256Hex } from "../base/hash.ts";
import { type Lsn, type ObjectId, type RevisionId, uuidBytes } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { VERIFY_PARSED_BYTES_MAX } from "../base/limits.ts";
import type { Edition } from "../log/edition.ts";
import type { PolicyInForce } from "../log/reader.ts";
import { parseRecord } from "../model/parse-record.ts";
import type { ParsedRecord } from "../model/record.ts";
import type { Claim } from "../names/claim.ts";
import { nameAll } from "../names/plan-names.ts";
import type { ScopeRows } from "../scope/scope-copy.ts";
import type { ScopeTables } from "../scope/scope-tables.ts";
import type { Finding, VerifyReport } from "./rows.ts";
import {
  type LoggedRecord,
  type ReadRecord,
  type StoredState,
  verifyObject,
} from "./verify-object.ts";
import { verifyScope } from "./verify-scope.ts";

/** One log row as stored. */
export interface LoggedRow {
  readonly lsn: Lsn;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly chain: Uint8Array;
  /** The id as stored beside the record; null for what is none. */
  readonly id: RevisionId | null;
  /** True when its object was purged or shunned. */
  readonly isGone: boolean;
  /** Fields of the record that are stored beside it, to be found by; null where a row is missing. */
  readonly fields: Readonly<Record<string, Json>>;
}

/** One changeset as stored. */
export interface StoredChangeset {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** The stored tables as `verify` reads them. A row that cannot be read is given as an error. */
export interface VerifySource {
  readonly changesets: () => Iterable<StoredChangeset>;
  /** The whole log in order. */
  readonly log: () => Iterable<LoggedRow>;
  readonly objects: () => Iterable<{ readonly where: string; readonly read: () => StoredState }>;
  /** An object's records in log order. */
  readonly recordsOf: (object: ObjectId) => Iterable<LoggedRecord>;
  readonly policy: () => PolicyInForce;
  readonly edition: Edition;
  readonly quarantine: () => Iterable<{ readonly key: string; readonly bytes: Uint8Array }>;
  /** What the log says to scopes, and what is stored of each. */
  readonly scopeTables: ScopeTables;
  readonly scopes: () => Iterable<ScopeRows>;
}

/** Findings in one report; a damaged table would otherwise fill the memory. */
const FINDINGS_MAX = 1000;

/**
 * Checks a whole log and the state derived from it: each record's form and hash, the chain, that
 * parents and changesets are there, each content's hash, heads and served content of each object.
 * Never throws for what is stored: damage is a finding, and the rest is checked all the same.
 * Memory stays bounded by the largest object's history and the names of all objects.
 */
export function verifyLog(source: VerifySource): VerifyReport {
  const check = new LogCheck(source.edition);
  check.each("changeset", source.changesets, (row) => check.changeset(row));
  check.each("rev", source.log, (row) => check.logged(row));
  check.each("obj", source.objects, ({ where, read }) => {
    check.attempt(where, () => check.object(read(), source));
  });
  check.attempt("names", () => check.names(source.policy()));
  check.each("scope", source.scopes, (rows) => {
    check.attempt(`scope ${rows.scope.hash}`, () =>
      verifyScope(source.scopeTables, rows, (where, message) => check.found(where, message)),
    );
  });
  check.each("quarantine", source.quarantine, (row) => check.quarantined(row));
  return check.report();
}

/** What an object goes by, as stored. */
interface Named {
  readonly effectiveName: string | null;
  readonly canonical: ObjectId;
  /** The id of its name conflict. */
  readonly conflict: string | null;
}

class LogCheck {
  readonly #edition: Edition;
  readonly #findings: Finding[] = [];
  #unsaid = 0;
  #chain: Uint8Array = CHAIN_START;
  #lsn: Lsn = 0;
  #revisions = 0;
  #objects = 0;
  readonly #claims: Claim[] = [];
  /** The first records of the log, which the check of the objects reads again. */
  readonly #parsed = new Map<Lsn, { readonly bytes: Uint8Array; readonly parsed: ParsedRecord }>();
  #parsedBytes = 0;
  readonly #named = new Map<ObjectId, Named>();

  constructor(edition: Edition) {
    this.#edition = edition;
  }

  /** Checks row by row, up to the point where the table can be read no further. */
  each<Row>(table: string, rows: () => Iterable<Row>, check: (row: Row) => void): void {
    this.attempt(table, () => {
      for (const row of rows()) check(row);
    });
  }

  /** Runs a check; what it throws is a finding. */
  attempt(where: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.found(where, `cannot be read: ${why}`);
    }
  }

  found(where: string, message: string): void {
    if (this.#findings.length >= FINDINGS_MAX) this.#unsaid += 1;
    else this.#findings.push({ code: "STORE_CORRUPT", where, message });
  }

  changeset({ id, bytes, hash }: StoredChangeset): void {
    const where = `changeset ${id}`;
    this.attempt(where, () => {
      const parsed = this.#parse(where, bytes, hash);
      if (parsed?.kind !== "changeset" || parsed.record.id !== id) {
        this.found(where, "the record is not this changeset");
      }
    });
  }

  logged(row: LoggedRow): void {
    const where = `rev lsn=${row.lsn}`;
    const next = this.#lsn + 1;
    if (row.lsn !== next) this.found(where, `entries ${next} to ${row.lsn - 1} are missing`);
    this.#lsn = row.lsn;
    this.#revisions += 1;
    this.attempt(where, () => this.#logged(where, row));
    this.#chain = row.chain;
  }

  #logged(where: string, { lsn, bytes, hash, chain, id, isGone, fields }: LoggedRow): void {
    if (id === null) {
      this.found(where, "its id is none");
      return;
    }
    if (!nextChain(this.#chain, uuidBytes(id), hash).equals(chain)) {
      this.found(where, "the hash chain does not continue here");
    }
    if (bytes.length === 0) {
      if (!isGone) this.found(where, "the record is empty, and its object was not purged");
      return;
    }
    const parsed = this.#parse(where, bytes, hash);
    if (parsed === undefined) return;
    this.#parsedBytes += bytes.length;
    if (this.#parsedBytes < VERIFY_PARSED_BYTES_MAX) this.#parsed.set(lsn, { bytes, parsed });
    if (parsed.kind === "changeset") {
      this.found(where, "a changeset stands where a revision belongs");
      return;
    }
    const { record, kind } = parsed;
    if (isGone !== (kind === "purge")) {
      this.found(
        where,
        isGone ? "its object was purged, the record is still there" : "its object is still there",
      );
    }
    if (record.id !== id) this.found(where, "its id is not that of the record");
    for (const [field, value] of Object.entries(fields)) {
      if (kind === "purge" && field === "changeset") continue;
      const stated = record[field as keyof typeof record] as Json;
      if (value === null) this.found(where, `its ${field} ${stated} is missing`);
      else if (value !== stated) this.found(where, `its ${field} is not that of the record`);
    }
  }

  #parse(where: string, bytes: Uint8Array, hash: Uint8Array): ParsedRecord | undefined {
    if (!sha256(bytes).equals(hash)) {
      this.found(where, "the record does not have its stored hash");
    }
    try {
      return parseRecord(bytes, this.#edition.records);
    } catch (error) {
      this.found(where, `the record is not readable: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** What is there twice is parsed once, as long as it is the same. */
  readonly #read: ReadRecord = ({ lsn, bytes }) => {
    const known = this.#parsed.get(lsn);
    if (known !== undefined && Buffer.compare(known.bytes, bytes) === 0) return known.parsed;
    return parseRecord(bytes, this.#edition.records);
  };

  object(state: StoredState, source: VerifySource): void {
    this.#objects += 1;
    const law = { policy: source.policy(), edition: source.edition, read: this.#read };
    const claim = verifyObject(state, source.recordsOf(state.id), law, (message) =>
      this.found(`obj ${state.id}`, message),
    );
    const { effectiveName, canonical, conflicts } = state;
    const conflict = conflicts.find(({ kind }) => kind === "name")?.id ?? null;
    this.#named.set(state.id, { effectiveName, canonical, conflict });
    if (claim !== undefined) this.#claims.push(claim);
    // Only an object's state can tell that the log once went on.
    if (state.lsn > this.#lsn) {
      this.found(`rev lsn=${state.lsn}`, `entries ${this.#lsn + 1} to ${state.lsn} are missing`);
    }
  }

  /** Derives all names anew. */
  names({ policy }: PolicyInForce): void {
    const derived = new Map(nameAll(policy, this.#claims).map((naming) => [naming.object, naming]));
    for (const [id, stored] of this.#named) {
      const { effectiveName = null, canonical = id, conflict } = derived.get(id) ?? {};
      if (stored.effectiveName !== effectiveName || stored.canonical !== canonical) {
        this.found(`obj ${id}`, "its effective name is not that of its claim");
      }
      if (stored.conflict !== (conflict?.id ?? null)) {
        this.found(`obj ${id}`, "its name conflict is not that of its claim");
      }
    }
  }

  quarantined({ key, bytes }: { readonly key: string; readonly bytes: Uint8Array }): void {
    // Of what was not kept only the key is there.
    if (bytes.length === 0 || sha256Hex(bytes) === key) return;
    this.found(`quarantine ${key}`, "the kept bytes do not have their hash");
  }

  report(): VerifyReport {
    const unsaid: Finding[] =
      this.#unsaid === 0
        ? []
        : [{ code: "STORE_CORRUPT", where: "…", message: `and ${this.#unsaid} more findings` }];
    const findings = [...this.#findings, ...unsaid];
    return { revisions: this.#revisions, objects: this.#objects, findings };
  }
}
