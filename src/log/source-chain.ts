import { SynclineError } from "../base/errors.ts";
import { nextChain, sha256 } from "../base/hash.ts";
import { isUuid, type Lsn, uuidBytes } from "../base/ids.ts";
import type { ParsedRecord } from "../model/record.ts";

/** A position in a source's log, and the source's chain there: 32 hexadecimal digits. */
export interface LogPoint {
  readonly lsn: Lsn;
  readonly chain: string;
}

/** Which stretch of its log a source says that a batch is. */
export interface LogClaim {
  /** Where it begins: the target was there already. */
  readonly after: LogPoint;
  readonly to: LogPoint;
}

/**
 * Computes a source's chain over the records of a batch, so that a batch which is not the claimed
 * stretch of the source's log is noticed before anything of it is stored.
 */
export class SourceChain {
  readonly #claim: LogClaim;
  #lsn: Lsn;
  #chain: Uint8Array;
  /** False once a line came that can be in no log. */
  #isLog = true;

  constructor(claim: LogClaim) {
    this.#claim = claim;
    this.#lsn = claim.after.lsn;
    this.#chain = Buffer.from(claim.after.chain, "hex");
  }

  /**
   * Follows a record; `parsed` is undefined for one that cannot be read here. `before` and `after`:
   * the own log's chain, which is the source's in a plain copy, and need not be computed twice then.
   */
  follow(
    line: Uint8Array,
    parsed: ParsedRecord | undefined,
    before: Uint8Array,
    after: Uint8Array,
  ): void {
    if (parsed === undefined) this.#followUnread(line);
    else if (parsed.kind === "changeset") return;
    else if (before === after || Buffer.compare(this.#chain, before) !== 0) {
      this.step(parsed.record.id, parsed.hash);
    } else {
      this.#lsn += 1;
      this.#chain = after;
    }
  }

  /** A source with other rules may well have it in its log, but not without an id. */
  #followUnread(line: Uint8Array): void {
    const { id, isChangeset } = unreadRecord(line);
    if (id === undefined) this.#isLog = false;
    else if (!isChangeset) this.step(id, sha256(line));
  }

  /** Follows an entry of which only id and hash are known. */
  step(id: string, hash: Uint8Array): void {
    this.#lsn += 1;
    this.#chain = nextChain(this.#chain, uuidBytes(id), hash);
  }

  /** Throws `PROTOCOL_ERROR` unless the records lead to where the source says they do. */
  check(): void {
    const { after, to } = this.#claim;
    const chain = Buffer.from(this.#chain).toString("hex");
    if (this.#isLog && this.#lsn === to.lsn && chain === to.chain) return;
    const what = `the records after position ${after.lsn} do not lead to its log's chain at ${to.lsn}`;
    throw new SynclineError(
      "PROTOCOL_ERROR",
      `the source sent other records than it has: ${what}`,
      {
        retriable: true,
        hint: "sync again: nothing of them was stored; if it goes on, run syncline verify at the source",
      },
    );
  }
}

/** As much of a record of unknown form as the chain needs; no id when it is none. */
function unreadRecord(line: Uint8Array): { id: string | undefined; isChangeset: boolean } {
  try {
    const { id, author } = JSON.parse(Buffer.from(line).toString()) ?? {};
    return { id: isUuid(id) ? id : undefined, isChangeset: author !== undefined };
  } catch {
    return { id: undefined, isChangeset: false };
  }
}
