import { SynclineError } from "../../base/errors.ts";
import { POLICIES_CHARS_MAX } from "../../base/limits.ts";
import type { Policy } from "../../protocol/policy.ts";

/** Gathers a peer's policy records, which are judged as one, whatever messages they come in. */
export class ReceivedPolicies {
  readonly #records: string[] = [];
  #isWhole = false;
  #taking = 0;

  /** How many times the store is asked at the moment. */
  get taking(): number {
    return this.#taking;
  }

  /** Throws `FRAME_TOO_LARGE`. */
  add({ revisions, more }: Policy): void {
    this.#records.push(...revisions);
    const chars = this.#records.reduce((sum, record) => sum + record.length, 0);
    if (chars > POLICIES_CHARS_MAX) {
      throw new SynclineError("FRAME_TOO_LARGE", `policies over ${POLICIES_CHARS_MAX} characters`);
    }
    if (more !== true) this.#isWhole = true;
  }

  /** The records for the store, once they are whole; undefined while there is nothing to take. */
  take(): readonly string[] | undefined {
    if (!this.#isWhole) return undefined;
    this.#isWhole = false;
    this.#taking += 1;
    return this.#records.splice(0);
  }

  /** The store took them, or failed. */
  taken(): void {
    this.#taking -= 1;
  }
}
