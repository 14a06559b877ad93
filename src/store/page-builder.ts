import type { Lsn } from "../base/ids.ts";
import type { LogPage } from "./rows.ts";

const NEWLINE = Buffer.from("\n");

/** Gathers records for one page of the log, in log order. */
export class PageBuilder {
  readonly #after: Lsn;
  readonly #limits: { readonly revisions: number; readonly bytes: number };
  readonly #parts: Uint8Array[] = [];
  readonly #changesets = new Set<unknown>();
  #lastChangeset: unknown;
  #bytes = 0;
  #revisions = 0;
  #to: Lsn;
  #chain: Uint8Array = new Uint8Array(16);

  constructor(after: Lsn, limits: { readonly revisions: number; readonly bytes: number }) {
    this.#after = after;
    this.#to = after;
    this.#limits = limits;
  }

  /** True when a limit is reached and the next revision begins another changeset. */
  isFull(changeset: unknown): boolean {
    const full = this.#revisions >= this.#limits.revisions || this.#bytes >= this.#limits.bytes;
    return full && changeset !== this.#lastChangeset;
  }

  has(changeset: unknown): boolean {
    this.#lastChangeset = changeset;
    return this.#changesets.has(changeset);
  }

  addChangeset(changeset: unknown, record: Uint8Array): void {
    this.#changesets.add(changeset);
    this.#push(record);
  }

  add(lsn: Lsn, chain: Uint8Array, record: Uint8Array): void {
    this.#push(record);
    this.#revisions += 1;
    this.#to = lsn;
    this.#chain = chain;
  }

  #push(record: Uint8Array): void {
    this.#parts.push(record, NEWLINE);
    this.#bytes += record.length + 1;
  }

  /** The page, or undefined when nothing was added. */
  build(): LogPage | undefined {
    if (this.#revisions === 0) return undefined;
    return {
      after: this.#after,
      to: this.#to,
      chain: this.#chain,
      revisions: this.#revisions,
      changesets: this.#changesets.size,
      bytes: Buffer.concat(this.#parts, this.#bytes),
    };
  }
}
