/** A small seeded generator (splitmix32), so that a seed spells the same history everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to 2^32 − 1. */
  bits(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** A whole number from 0 up to but not including the limit. */
  below(limit: number): number {
    return Math.floor((this.bits() / 0x1_0000_0000) * limit);
  }

  /** True in one of so many cases. */
  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** A UUID of version 7 that says nothing about time, so that ids are in any order. */
  uuid(): string {
    const hex = () => this.bits().toString(16).padStart(8, "0");
    const text = hex() + hex() + hex() + hex();
    return [
      text.slice(0, 8),
      text.slice(8, 12),
      `7${text.slice(13, 16)}`,
      `8${text.slice(17, 20)}`,
      text.slice(20),
    ].join("-");
  }
}
