/**
 * The text strategy: what texts have in common, and their merge. A text that appears where there
 * was none is an origin; documents merge only if they go back to the same one.
 */
import { sha256Hex } from "../base/hash.ts";
import type { History } from "./history.ts";
import type { Leaves, TextHistory, TextLibrary, Value } from "./types.ts";

/** Over this many UTF-8 bytes a text is a register. */
const TEXT_BYTES_MAX = 64 * 1024;

/** Where the replay of texts starts: the revisions above the choke point, and its content. */
export interface Replay {
  readonly region: ReadonlySet<string>;
  readonly base: Leaves;
}

export interface Document {
  readonly text: string;
  /** The text that it goes back to. */
  readonly origin: string;
  /** The same for documents that came about in the same way. */
  readonly name: string;
  readonly history: TextHistory;
}

export function isText(value: Value): value is string {
  return typeof value === "string" && Buffer.byteLength(value) <= TEXT_BYTES_MAX;
}

/** The documents of one path, by the revisions that write or pin it. */
export class Documents {
  readonly #library: TextLibrary;
  readonly #known = new Map<string, Document>();
  /** The changes so far: the actor of each, and the document that it changed. */
  readonly #changed = new Map<string, string>();

  constructor(history: History, { region, base }: Replay, path: string, library: TextLibrary) {
    this.#library = library;
    const start = this.#start(textOf(base.get(path)));
    const saying = [...region].filter((id) => {
      return history.writesAt(id, path) || history.pins(id).has(path);
    });
    for (const id of history.byGeneration(saying)) {
      const pin = history.pins(id).get(path);
      const seen = history.heads(saying.filter((other) => history.ancestors(id).has(other)));
      const from = (pin?.of ?? seen).map((other) => this.#known.get(other) ?? start);
      const before = from.length === 0 ? start : this.merged(from);
      const value = pin === undefined ? history.valueAt(id, path) : pin.value;
      this.#known.set(id, this.#changedTo(before, textOf(value)));
    }
  }

  of(id: string): Document {
    return this.#known.get(id) as Document;
  }

  merged(documents: readonly Document[]): Document {
    const names = [...new Set(documents.map(({ name }) => name))].sort();
    const [first, ...others] = names.map(
      (name) => documents.find((document) => document.name === name) as Document,
    );
    if (first === undefined) throw new Error("nothing to merge");
    if (others.length === 0) return first;
    const isOneText = others.every(({ text }) => text === first.text);
    const { origin } = first;
    if (others.some((other) => other.origin !== origin)) {
      return isOneText ? first : this.#start("");
    }
    const history = this.#library.merge([first, ...others].map((one) => one.history));
    const all = { text: history.text, origin, name: sha256Hex(names.join(",")), history };
    return isOneText ? this.#changedTo(all, first.text) : all;
  }

  #start(text: string): Document {
    const name = sha256Hex(text);
    return { text, origin: name, name, history: this.#library.start(text) };
  }

  #changedTo(before: Document, text: string): Document {
    if (before.text === text) return before;
    if (before.text === "") return this.#start(text);
    const plain = nameOf([before.text, text]);
    const isTaken = (this.#changed.get(plain) ?? before.name) !== before.name;
    if (!isTaken) this.#changed.set(plain, before.name);
    const name = isTaken ? nameOf([before.text, text, before.name]) : plain;
    const history = this.#library.edit(before.history, name, text);
    return { text, origin: before.origin, name, history };
  }
}

function nameOf(parts: readonly string[]): string {
  return sha256Hex(JSON.stringify(parts)).slice(0, 32);
}

/** A text that is not there, or is no text, counts as empty in a replay. */
function textOf(value: Value): string {
  return isText(value) ? value : "";
}
