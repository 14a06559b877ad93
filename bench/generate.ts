import { createHash } from "node:crypto";

/**
 * A made-up catalog for measuring: package `i` depends on the seed and `i` alone, so that any
 * process can make any package. About 2.2 kB of JSON each, in the shape of CKAN packages, with
 * text that compresses about like prose.
 */
export const SEED = 5021;

export interface Package {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly [field: string]: unknown;
}

/** A sequence of numbers in [0, 1) from a seed (xorshift32 after a mixing step). */
function numbers(seed: number): () => number {
  let state = Math.imul(seed ^ 0x5bd1e995, 0x2c1b3c6d) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const SYLLABLES = "ka ro mi ten sur val del pon tri ma li ber ost ran fel co win du ar net";

function vocabulary(size: number): string[] {
  const next = numbers(SEED);
  const syllables = SYLLABLES.split(" ");
  const pick = (): string => syllables[Math.floor(next() * syllables.length)] as string;
  const words = new Set<string>();
  while (words.size < size) {
    words.add(Array.from({ length: 1 + Math.floor(next() * 4) }, pick).join(""));
  }
  return [...words].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

const WORDS = vocabulary(3000);
const FORMATS = ["CSV", "GeoJSON", "PDF", "XLSX", "JSON", "SHP", "HTML", "API"];
const LICENSES = ["cc-by", "cc-zero", "odc-odbl", "other-open"];
const GROUPS = ["transport", "environment", "housing", "health", "culture", "economy"];
const EXTRAS = ["spatial", "temporal", "frequency", "publisher", "language", "theme", "contact"];

/** Draws one package's parts. */
class Maker {
  readonly #next: () => number;

  constructor(index: number) {
    this.#next = numbers(SEED + Math.imul(index + 1, 0x9e3779b1));
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)] as T;
  }

  /** Frequent words are drawn more often, as in prose. */
  words(count: number): string {
    const word = (): string => WORDS[Math.floor(WORDS.length ** this.#next()) - 1] ?? "ka";
    return Array.from({ length: count }, word).join(" ");
  }

  sentences(characters: number): string {
    let text = "";
    while (text.length < characters) {
      const words = this.words(this.between(6, 16));
      text += `${text === "" ? "" : " "}${words[0]?.toUpperCase()}${words.slice(1)}.`;
    }
    return text;
  }

  uuid(): string {
    const digits = Array.from({ length: 32 }, () => this.between(0, 15).toString(16)).join("");
    const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16)];
    return [...parts, digits.slice(16, 20), digits.slice(20)].join("-");
  }

  list<T>(low: number, high: number, make: () => T): T[] {
    return Array.from({ length: this.between(low, high) }, make);
  }
}

/** Package `i` of the catalog, as plain JSON. */
export function doc(i: number): Package {
  const make = new Maker(i);
  const name = `${make.of(WORDS)}-${make.of(WORDS)}-${String(i).padStart(6, "0")}`;
  const owner = make.of(WORDS);
  return {
    id: make.uuid(),
    name,
    title: `${make.words(make.between(4, 8))} ${make.between(2005, 2026)}`,
    notes: make.sentences(make.between(300, 650)),
    author: make.words(2),
    maintainer: make.words(2),
    license_id: make.of(LICENSES),
    owner_org: owner,
    version: `${make.between(0, 9)}.${make.between(0, 30)}`,
    state: "active",
    private: false,
    tags: make.list(3, 8, () => ({ name: make.of(WORDS) })),
    groups: make.list(1, 2, () => ({ name: make.of(GROUPS) })),
    resources: make.list(2, 5, () => {
      const format = make.of(FORMATS);
      const url = `https://data.${owner}.example/${name}/${make.of(WORDS)}.${format.toLowerCase()}`;
      const [id, label, description] = [make.uuid(), make.words(4), make.words(10)];
      return { id, name: label, url, format, description };
    }),
    extras: make.list(3, 6, () => ({ key: make.of(EXTRAS), value: make.words(3) })),
  };
}

/** The title of package `i` after the edit `tag`. */
export function editedTitle(i: number, tag: string): string {
  return `${doc(i).title} [${tag}]`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)}}`;
}

/** A hash of a whole catalog that does not depend on the order of its packages. */
export function digest(docs: Iterable<Package>): { readonly count: number; readonly sha: string } {
  const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
  const lines = [...docs].map((one) => `${one.name} ${sha(canonical(one))}`).sort();
  return { count: lines.length, sha: sha(lines.join("\n")).slice(0, 16) };
}

/** Which packages each phase edits: disjoint sets, spread over the catalog. */
export function plan(n: number): Plan {
  const every = (start: number, stride: number, count: number): number[] =>
    Array.from({ length: count }, (_, k) => (start + k * stride) % n);
  const [hundredth, thousandth] = [100, 1000].map((part) => Math.max(1, Math.floor(n / part))) as [
    number,
    number,
  ];
  return {
    incremental: every(0, 100, hundredth),
    onlyA: every(1, 100, hundredth),
    onlyB: every(2, 100, hundredth),
    both: every(3, 1000, thousandth),
    history: every(7, 10, Math.min(1000, Math.max(1, Math.floor(n / 10)))),
  };
}

/** Which packages each phase edits, by number. */
export interface Plan {
  readonly incremental: readonly number[];
  /** Of the two-way phase: edited on one side, on the other, and on both. */
  readonly onlyA: readonly number[];
  readonly onlyB: readonly number[];
  readonly both: readonly number[];
  readonly history: readonly number[];
}
