import type { Lsn } from "../../base/ids.ts";
import { REMOVAL_REVISIONS_MAX, REMOVALS_IDS_MAX } from "../../base/limits.ts";
import type { WireRemoval } from "../../protocol/removals.ts";
import type { Removal, RemovalCounts, WithinScope } from "../../store/rows.ts";
import type { Emit } from "./effects.ts";

/**
 * How a source tells what it would remove, when RESUME asks: START counts it; if that is more than
 * the target allows, REMOVALS names it, page by page.
 */
export class Announcement {
  readonly #emit: Emit;
  #max = 0;
  #within: WithinScope | undefined;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Asks the store; `max` is what the target allows. Of what is outside the scope nothing is told. */
  begin(max: number, after: Lsn, { hash, round }: WithinScope): void {
    this.#max = max;
    this.#within = { hash, round };
    this.#emit({ kind: "countRemovals", after, within: this.#within });
  }

  /** True when they have to be named. */
  isTooMuch({ removals }: RemovalCounts): boolean {
    return removals > this.#max;
  }

  list(after: Lsn): void {
    this.#emit({ kind: "listRemovals", after, within: this.#within });
  }

  /** Sends a page of them; true when it was the last. */
  onListed(removals: readonly Removal[]): boolean {
    let objects: WireRemoval[] = [];
    let ids = 0;
    for (const removal of removals) {
      const next = wireRemoval(removal);
      const size = 1 + next[1].length + next[2].length;
      if (ids > 0 && ids + size > REMOVALS_IDS_MAX) {
        this.#emit({ kind: "send", message: { m: "removals", objects, more: true } });
        [objects, ids] = [[], 0];
      }
      objects.push(next);
      ids += size;
    }
    const last = removals.at(-1);
    const message = { m: "removals", objects } as const;
    if (last === undefined) {
      this.#emit({ kind: "send", message });
      return true;
    }
    this.#emit({ kind: "send", message: { ...message, more: true } });
    this.list(last.lsn);
    return false;
  }
}

/** One with too many revisions to name them all counts as if nothing could keep it. */
function wireRemoval({ object, heads, others }: Removal): WireRemoval {
  if (heads.length + others.length > REMOVAL_REVISIONS_MAX) return [object, [], []];
  return [object, heads, others];
}
