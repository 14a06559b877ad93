import { SynclineError } from "../../base/errors.ts";
import type { InstanceId } from "../../base/ids.ts";
import { POLICIES_CHARS_MAX } from "../../base/limits.ts";
import type { Policy } from "../../protocol/policy.ts";
import type { PolicyTaken } from "../../store/rows.ts";
import type { PolicyOffer } from "../../store/store.ts";
import type { Emit } from "./effects.ts";

/** Gathers a peer's policy records, which are judged as one, whatever messages they come in. */
export class ReceivedPolicies {
  readonly #emit: Emit;
  readonly #peer: InstanceId;
  readonly #records: string[] = [];
  #isWhole = false;
  #taking = 0;
  #taken: PolicyTaken | undefined;

  constructor(emit: Emit, peer: InstanceId) {
    this.#emit = emit;
    this.#peer = peer;
  }

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

  /** Hands them to the store, once they are whole and it is said what they may remove. */
  take(allowed: Pick<PolicyOffer, "removals"> | null): void {
    if (!this.#isWhole || allowed === null) return;
    this.#isWhole = false;
    this.#taking += 1;
    const offer = { peer: this.#peer, records: this.#records.splice(0), ...allowed };
    this.#emit({ kind: "takePolicies", offer });
  }

  /** The store took them, or did not, or failed. */
  onTaken(taken: PolicyTaken | null): void {
    this.#taking -= 1;
    if (taken === null) return;
    const { before, removed, restored } = this.#taken ?? { ...taken, removed: 0, restored: 0 };
    const sum = { removed: removed + taken.removed, restored: restored + taken.restored };
    this.#taken = { before, after: taken.after, ...sum };
  }

  /** What all of them together changed. */
  get said(): { readonly policy?: PolicyTaken } {
    return this.#taken === undefined ? {} : { policy: this.#taken };
  }
}
