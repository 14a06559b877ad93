import type { ObjectId } from "../base/ids.ts";
import { type Claim, nameKey } from "./claim.ts";
import { familyOf, isLongFamily } from "./derived-name.ts";

/**
 * The claims that are stored, in any order: those of live objects with a name. The key of a claim
 * is {@link nameKey} of its name.
 */
export interface ClaimReader {
  /** The claims of a space with a key. */
  claims(space: string, key: string): readonly Claim[];
  /** The claims of a space whose key begins with a prefix, which has exactly 48 code points. */
  claimsBeginning(space: string, prefix: string): readonly Claim[];
}

/** What an object claims before and after; undefined for nothing. */
export interface ClaimChange {
  readonly before: Claim | undefined;
  readonly after: Claim | undefined;
}

interface ChangedKey {
  left: number;
  readonly arrived: Claim[];
}

/**
 * The claims of one name space after some changes. What the reader says of changed objects is left
 * aside, so it does not matter whether it shows the changes yet.
 */
export class SpaceClaims {
  readonly #reader: ClaimReader;
  readonly #space: string;
  readonly #changed = new Set<ObjectId>();
  readonly #keys = new Map<string, ChangedKey>();
  readonly #arrivedLong = new Map<string, Claim[]>();

  constructor(reader: ClaimReader, space: string) {
    this.#reader = reader;
    this.#space = space;
  }

  /** Takes note of a claim that is no longer made. */
  remove(claim: Claim): void {
    this.#changed.add(claim.object);
    this.#changedKey(nameKey(claim.name)).left += 1;
  }

  /** Takes note of a claim that is now made. */
  add(claim: Claim): void {
    const key = nameKey(claim.name);
    this.#changed.add(claim.object);
    this.#changedKey(key).arrived.push(claim);
    const family = familyOf(key);
    if (!isLongFamily(family)) return;
    const arrived = this.#arrivedLong.get(family);
    if (arrived === undefined) this.#arrivedLong.set(family, [claim]);
    else arrived.push(claim);
  }

  /** The keys of all claims that came or went, with how many claims each had before. */
  *changedKeys(): Generator<{
    readonly key: string;
    readonly before: number;
    readonly now: readonly Claim[];
    readonly left: number;
    readonly arrived: readonly Claim[];
  }> {
    for (const [key, { left, arrived }] of this.#keys) {
      const now = this.at(key);
      yield { key, before: now.length - arrived.length + left, now, left, arrived };
    }
  }

  /** The claims with a key. */
  at(key: string): readonly Claim[] {
    const kept = this.#unchanged(this.#reader.claims(this.#space, key));
    const arrived = this.#keys.get(key)?.arrived;
    return arrived === undefined ? kept : [...kept, ...arrived];
  }

  /** The claims with a key of the family. */
  inFamily(family: string): readonly Claim[] {
    if (!isLongFamily(family)) return this.at(family);
    const kept = this.#unchanged(this.#reader.claimsBeginning(this.#space, family));
    return [...kept, ...(this.#arrivedLong.get(family) ?? [])];
  }

  #unchanged(claims: readonly Claim[]): readonly Claim[] {
    return claims.filter(({ object }) => !this.#changed.has(object));
  }

  #changedKey(key: string): ChangedKey {
    const known = this.#keys.get(key) ?? { left: 0, arrived: [] };
    this.#keys.set(key, known);
    return known;
  }
}
