/** How many tries a reduction may make, and until when. */
export class Budget {
  readonly #endMs: number;
  #left: number;

  constructor(tries: number, ms: number) {
    this.#left = tries;
    this.#endMs = performance.now() + ms;
  }

  /** Takes one try; false when there is none left. */
  take(): boolean {
    this.#left -= 1;
    return this.#left >= 0 && performance.now() < this.#endMs;
  }
}

/**
 * Leaves out as many items as it can while `fails` holds for the rest: halves first, then smaller
 * pieces, down to single ones (delta debugging, Zeller 1999).
 */
export async function reduce<Item>(
  items: readonly Item[],
  budget: Budget,
  fails: (rest: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let kept = items;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1 && kept.length > 0) {
    let isSmaller = false;
    for (let at = 0; at < kept.length; ) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (!budget.take()) return kept;
      if (await fails(rest)) {
        kept = rest;
        isSmaller = true;
      } else at += size;
    }
    if (size === 1 && !isSmaller) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return kept;
}
