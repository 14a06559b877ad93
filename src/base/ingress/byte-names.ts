const NAME_BYTES_MAX = 64;

interface Name {
  readonly bytes: Uint8Array;
  readonly place: number;
}

/** A fixed list of ASCII names, found in bytes without making text of them. */
export class ByteNames {
  readonly #byLength: (readonly Name[] | undefined)[] = [];

  constructor(names: Iterable<string>) {
    let place = 0;
    this.#byLength = new Array(NAME_BYTES_MAX + 1).fill(undefined);
    for (const name of names) {
      const one = { bytes: Buffer.from(name), place: place++ };
      this.#byLength[name.length] = [...(this.#byLength[name.length] ?? []), one];
    }
  }

  /** The place of the name that stands at `start` up to `end`; -1 if none does. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const candidates = this.#byLength[length];
    if (candidates === undefined) return -1;
    for (let index = 0; index < candidates.length; index++) {
      const name = candidates[index] as Name;
      let at = 0;
      while (at < length && name.bytes[at] === bytes[start + at]) at++;
      if (at === length) return name.place;
    }
    return -1;
  }
}
