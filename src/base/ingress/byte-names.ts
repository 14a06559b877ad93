/** A fixed list of ASCII names, found in bytes without making text of them. */
export class ByteNames {
  /** By length: the names, each with its place in the list. */
  readonly #byLength: (readonly { readonly bytes: Uint8Array; readonly place: number }[])[] = [];

  constructor(names: Iterable<string>) {
    let place = 0;
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
    for (const { bytes: name, place } of candidates) {
      let at = 0;
      while (at < length && name[at] === bytes[start + at]) at++;
      if (at === length) return place;
    }
    return -1;
  }
}
