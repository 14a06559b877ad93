import { createRequire } from "node:module";
import type * as Automerge from "@automerge/automerge";

type Library = typeof Automerge;

/** A text, its characters each with the change that wrote it, outside of JavaScript's heap. */
type History = ReturnType<Library["getBackend"]>;

/** What a history is made of, as long as it is not needed itself. */
export interface Made {
  readonly from: readonly Made[];
  /** What was changed then; left out where histories were joined. */
  readonly change?: Uint8Array;
}

/** Histories take some 30 kB each, or up to 40 times what their changes take. */
const HELD_MAX = 32;
const HELD_CHANGES_BYTES_MAX = 256 * 1024;

/**
 * Changes that are applied at once take a hundred times their size until they are in place; each
 * time costs what is there already.
 */
const APPLIED_BYTES_MAX = 128 * 1024;

const TEXT = "text";

/** The histories that were needed last. The others are made again of their changes. */
export class TextHistories {
  readonly #held = new Map<Made, { readonly history: History; readonly bytes: number }>();
  #heldBytes = 0;

  /** A text that appears where there was none. */
  start(text: string, actor: string): Made {
    const history = empty(actor);
    history.putObject("/", TEXT, text);
    return this.#changed([], history, 0);
  }

  edit(made: Made, text: string, actor: string): Made {
    const { history: before, bytes } = this.#of(made);
    const history = before.fork(actor);
    history.updateText(`/${TEXT}`, text);
    return this.#changed([made], history, bytes);
  }

  join(first: Made, others: readonly Made[], actor: string): { made: Made; text: string } {
    const { history: before, bytes } = this.#of(first);
    const history = before.fork(actor);
    const added = apply(history, changesOf(others, changesOf([first]).seen).all);
    const made = { from: [first, ...others] };
    this.#hold(made, history, bytes + added);
    return { made, text: history.text(`/${TEXT}`) };
  }

  #changed(from: readonly Made[], history: History, bytes: number): Made {
    history.commit(null, 0);
    const change = history.getLastLocalChange() as Uint8Array;
    const made = { from, change };
    this.#hold(made, history, bytes + change.length);
    return made;
  }

  #of(made: Made): { readonly history: History; readonly bytes: number } {
    const held = this.#held.get(made);
    if (held === undefined) {
      const history = empty("00");
      const bytes = apply(history, changesOf([made]).all);
      this.#hold(made, history, bytes);
      return { history, bytes };
    }
    this.#held.delete(made);
    this.#held.set(made, held);
    return held;
  }

  #hold(made: Made, history: History, bytes: number): void {
    this.#held.set(made, { history, bytes });
    this.#heldBytes += bytes;
    for (const [oldest, held] of this.#held) {
      const isMuch = this.#held.size > HELD_MAX || this.#heldBytes > HELD_CHANGES_BYTES_MAX;
      if (!isMuch || oldest === made) return;
      this.#held.delete(oldest);
      this.#heldBytes -= held.bytes;
      held.history.free();
    }
  }

  /** Not left to the collector, which has no turn while a batch is applied. */
  free(): void {
    for (const { history } of this.#held.values()) history.free();
    this.#held.clear();
    this.#heldBytes = 0;
  }
}

function empty(actor: string): History {
  return automerge().getBackend(automerge().init({ actor }));
}

/** Applies changes, each after what it builds on; returns their bytes. */
function apply(history: History, changes: readonly Uint8Array[]): number {
  let part: Uint8Array[] = [];
  let [size, all] = [0, 0];
  const applyPart = (): void => {
    history.applyChanges(part);
    // It notes what became of the text for somebody who shows it; nobody does.
    history.resetDiffCursor();
    [part, size] = [[], 0];
  };
  for (const change of changes) {
    if (part.length > 0 && size + change.length > APPLIED_BYTES_MAX) applyPart();
    part.push(change);
    size += change.length;
    all += change.length;
  }
  applyPart();
  return all;
}

/** The changes that some are made of, without those that are seen, each after what it builds on. */
function changesOf(
  some: readonly Made[],
  seen: Set<Made> = new Set(),
): { readonly all: Uint8Array[]; readonly seen: Set<Made> } {
  const all: Uint8Array[] = [];
  const open: { readonly made: Made; readonly isEnd: boolean }[] = [];
  const ask = (made: Made): void => {
    if (seen.has(made)) return;
    seen.add(made);
    open.push({ made, isEnd: true });
    for (const one of made.from) open.push({ made: one, isEnd: false });
  };
  for (const made of some) {
    ask(made);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (!next.isEnd) ask(next.made);
      else if (next.made.change !== undefined) all.push(next.made.change);
    }
  }
  return { all, seen };
}

let library: Library | undefined;

/** Loaded at the first text conflict: loading costs a tenth of a second. */
function automerge(): Library {
  library ??= createRequire(import.meta.url)("@automerge/automerge") as Library;
  return library;
}
