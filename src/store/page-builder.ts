import type { Lsn } from "../base/ids.ts";
import { CHANGESET_BYTES_MAX, CHANGESET_REVISIONS_MAX } from "../base/limits.ts";
import type { EntryRow, LogPage, PageLimits } from "./rows.ts";

const NEWLINE = Buffer.from("\n");

/** So many entries that are left out in a row are passed over; fewer travel as stubs. */
const GAP_ENTRIES_MIN = 64;

/** Gathers records for one page of the log, in log order. */
export class PageBuilder {
  readonly #asked: Lsn;
  #after: Lsn;
  #afterChain: Uint8Array | undefined;
  readonly #limits: PageLimits;
  readonly #parts: Uint8Array[] = [];
  readonly #changesets = new Set<unknown>();
  #lastChangeset: unknown;
  /** What the page holds of the last changeset. */
  #part = { revisions: 0, bytes: 0 };
  #bytes = 0;
  #entries = 0;
  #revisions = 0;
  #to: Lsn;
  #chain: Uint8Array = new Uint8Array(16);
  /** Stubs of what is left out just now; they travel if something follows in this page. */
  readonly #pending: (() => Uint8Array)[] = [];

  constructor(after: Lsn, limits: PageLimits) {
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
  skip(lsn: Lsn, chain: Uint8Array, stub: () => Uint8Array): "skipped" | "ends" {
    if (this.#entries > 0) {
      this.#pending.push(stub);
      return this.#pending.length < GAP_ENTRIES_MIN ? "skipped" : "ends";
    }
    this.#after = lsn;
    this.#to = lsn;
    this.#afterChain = chain;
    this.#chain = chain;
    return "skipped";
  }

  addChangeset(changeset: unknown, record: Uint8Array): void {
    this.#fillGap();
    this.#changesets.add(changeset);
    this.#push(record);
  }

  add(lsn: Lsn, chain: Uint8Array, record: Uint8Array, kind: EntryRow["kind"] = "revision"): void {
    this.#fillGap();
    this.#push(record);
    this.#entries += 1;
    if (kind === "revision") this.#revisions += 1;
    this.#part.revisions += 1;
    this.#part.bytes += record.length;
    this.#to = lsn;
    this.#chain = chain;
  }

  #fillGap(): void {
    for (const stub of this.#pending.splice(0)) {
      this.#push(stub());
      this.#entries += 1;
    }
  }

  #push(record: Uint8Array): void {
    this.#parts.push(record, NEWLINE);
    this.#bytes += record.length + 1;
  }

  /** The page, or undefined when there is no entry; without bytes when all were left out. */
  build(): LogPage | undefined {
    if (this.#to === this.#asked) return undefined;
    return {
      after: this.#after,
      ...(this.#afterChain === undefined ? {} : { afterChain: this.#afterChain }),
      to: this.#to,
      chain: this.#chain,
      revisions: this.#revisions,
      changesets: this.#changesets.size,
      bytes: Buffer.concat(this.#parts, this.#bytes),
    };
  }
}
