import type { Lsn } from "../base/ids.ts";
import { CHANGESET_BYTES_MAX, CHANGESET_REVISIONS_MAX } from "../base/limits.ts";
import { freeMemory, ownMemory } from "../base/own-memory.ts";
import type { PageLimits } from "./page-limits.ts";
import type { EntryRow, LogPage } from "./rows.ts";

const NEWLINE = 0x0a;

/** So many entries that are left out in a row are passed over; fewer travel as stubs. */
const GAP_ENTRIES_MIN = 64;

/** Some records in a row that are read together once the page is complete. */
export interface LaterRecords {
  /** They are as many bytes as was said, with a newline between two. */
  read(): Uint8Array;
}

/** Gathers records for one page of the log, in log order. */
export class PageBuilder {
  readonly #asked: Lsn;
  #after: Lsn;
  readonly #limits: PageLimits;
  readonly #chainAt: (lsn: Lsn) => Uint8Array;
  readonly #parts: (Uint8Array | LaterRecords)[] = [];
  readonly #changesets = new Set<unknown>();
  #lastChangeset: unknown;
  /** What the page holds of the last changeset. */
  #part = { revisions: 0, bytes: 0 };
  #bytes = 0;
  #entries = 0;
  #revisions = 0;
  #to: Lsn;
  /** Stubs of what is left out just now; they travel if something follows in this page. */
  readonly #pending: (() => Uint8Array)[] = [];

  /** `chainAt` is asked once the page is complete. */
  constructor(after: Lsn, limits: PageLimits, chainAt: (lsn: Lsn) => Uint8Array) {
    this.#chainAt = chainAt;
    this.#asked = after;
    this.#after = after;
    this.#to = after;
    this.#limits = limits;
  }

  /**
   * True when the next revision, of `bytes`, must wait for the next page: a limit is reached and
   * another changeset begins, or a changeset is larger than any that is authored. (Somebody can send
   * such a one in pieces; it must not become a page that nobody can take.)
   */
  isFull(changeset: unknown, bytes: number): boolean {
    if (this.#entries === 0) return false;
    if (changeset !== this.#lastChangeset) {
      return this.#entries >= this.#limits.revisions || this.#bytes >= this.#limits.bytes;
    }
    const { revisions, bytes: before } = this.#part;
    return revisions >= CHANGESET_REVISIONS_MAX || before + bytes > CHANGESET_BYTES_MAX;
  }

  has(changeset: unknown): boolean {
    if (changeset !== this.#lastChangeset) this.#part = { revisions: 0, bytes: 0 };
    this.#lastChangeset = changeset;
    return this.#changesets.has(changeset);
  }

  /**
   * Leaves an entry out, or says that the page has to end before it: what follows a wide gap begins
   * a page of its own.
   */
  skip(lsn: Lsn, stub: () => Uint8Array): "skipped" | "ends" {
    if (this.#entries > 0) {
      this.#pending.push(stub);
      return this.#pending.length < GAP_ENTRIES_MIN ? "skipped" : "ends";
    }
    this.#after = lsn;
    this.#to = lsn;
    return "skipped";
  }

  addChangeset(changeset: unknown, record: Uint8Array): void {
    this.#fillGap();
    this.#changesets.add(changeset);
    this.#push(record);
  }

  add(lsn: Lsn, record: Uint8Array, kind: EntryRow["kind"] = "revision"): void {
    this.#fillGap();
    this.#push(record);
    this.#count(lsn, record.length, kind);
  }

  /** Adds a revision of so many bytes, which is the next of some that are read later. */
  addLater(lsn: Lsn, bytes: number, records: LaterRecords): void {
    this.#fillGap();
    if (this.#parts.at(-1) !== records) this.#parts.push(records);
    this.#bytes += bytes + 1;
    this.#count(lsn, bytes, "revision");
  }

  #count(lsn: Lsn, bytes: number, kind: EntryRow["kind"]): void {
    this.#entries += 1;
    if (kind === "revision") this.#revisions += 1;
    this.#part.revisions += 1;
    this.#part.bytes += bytes;
    this.#to = lsn;
  }

  #fillGap(): void {
    for (const stub of this.#pending.splice(0)) {
      this.#push(stub());
      this.#entries += 1;
    }
  }

  #push(record: Uint8Array): void {
    this.#parts.push(record);
    this.#bytes += record.length + 1;
  }

  /** The page, or undefined when there is no entry; without bytes when all were left out. */
  build(): LogPage | undefined {
    if (this.#to === this.#asked) return undefined;
    const passesOver = this.#after > this.#asked;
    return {
      after: this.#after,
      ...(passesOver ? { afterChain: this.#chainAt(this.#after) } : {}),
      to: this.#to,
      chain: this.#chainAt(this.#to),
      revisions: this.#revisions,
      changesets: this.#changesets.size,
      bytes: this.#lines(),
    };
  }

  #lines(): Uint8Array {
    const lines = ownMemory(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      const bytes = "read" in part ? part.read() : part;
      lines.set(bytes, at);
      at += bytes.length;
      lines[at++] = NEWLINE;
      if ("read" in part) freeMemory(bytes);
    }
    return lines;
  }
}
