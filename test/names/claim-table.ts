/** The claims of a catalog as a store would keep them, which counts how often it is asked. */
import type { ObjectId } from "../../src/base/ids.ts";
import { type Claim, nameKey } from "../../src/names/claim.ts";
import type { ClaimChange, ClaimReader } from "../../src/names/space-claims.ts";

export class ClaimTable implements ClaimReader {
  readonly #claims = new Map<ObjectId, Claim>();
  lookUps = 0;

  claims(space: string, key: string): Claim[] {
    this.lookUps += 1;
    return this.all().filter((claim) => claim.space === space && nameKey(claim.name) === key);
  }

  claimsBeginning(space: string, prefix: string): Claim[] {
    this.lookUps += 1;
    // A store may have an index of prefixes of this length alone.
    if ([...prefix].length !== 48) throw new Error(`not 48 code points: ${prefix}`);
    return this.all().filter(
      (claim) => claim.space === space && nameKey(claim.name).startsWith(prefix),
    );
  }

  all(): Claim[] {
    return [...this.#claims.values()];
  }

  /** What setting the claim of an object would change. */
  change(object: ObjectId, after: Claim | undefined): ClaimChange {
    return { before: this.#claims.get(object), after };
  }

  apply(changes: readonly ClaimChange[]): void {
    for (const { before, after } of changes) {
      if (before !== undefined) this.#claims.delete(before.object);
      if (after !== undefined) this.#claims.set(after.object, after);
    }
  }
}
