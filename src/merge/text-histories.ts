import { createRequire } from "node:module";
import type * as Automerge from "@automerge/automerge";

type Library = typeof Automerge;

/** A text, its characters each with the change that wrote it. */
export type History = Automerge.Doc<{ text: string }>;

/** What a history is made of, as long as it is not needed itself. */
export interface Made {
  readonly from: readonly Made[];
  /** What was changed then; left out where histories were joined. */
  readonly change?: Uint8Array;
}

/** Histories take some 30 kB each, outside of JavaScript's heap; a change takes some hundred bytes. */
const HELD_MAX = 32;

/** The histories that were needed last. The others are made again of their changes. */
export class TextHistories {
  readonly #held = new Map<Made, History>();

  /** A text that appears where there was none. */
  start(text: string, actor: string): Made {
    return this.#changed([], automerge().init({ actor }), (draft) => {
      draft.text = text;
    });
  }

  edit(made: Made, text: string, actor: string): Made {
    return this.#changed([made], automerge().clone(this.#of(made), { actor }), (draft) => {
      automerge().updateText(draft, ["text"], text);
    });
  }

  join(first: Made, others: readonly Made[], actor: string): { made: Made; text: string } {
    const history = automerge().clone(this.#of(first), { actor });
    const [joined] = automerge().applyChanges(
      history,
      changesOf(others, changesOf([first]).seen).all,
    );
    const made = { from: [first, ...others] };
    this.#hold(made, joined);
    return { made, text: joined.text };
  }

  #changed(from: readonly Made[], own: History, write: (draft: { text: string }) => void): Made {
    const history = automerge().change(own, { time: 0 }, write);
    const change = automerge().getLastLocalChange(history) as Uint8Array;
    const made = { from, change };
    this.#hold(made, history);
    return made;
  }

  #of(made: Made): History {
    const held = this.#held.get(made);
    if (held === undefined) {
      const [history] = automerge().applyChanges(empty(), changesOf([made]).all);
      this.#hold(made, history);
      return history;
    }
    this.#held.delete(made);
    this.#held.set(made, held);
    return held;
  }

  #hold(made: Made, history: History): void {
    this.#held.set(made, history);
    if (this.#held.size <= HELD_MAX) return;
    const [oldest, itsHistory] = this.#held.entries().next().value as [Made, History];
    this.#held.delete(oldest);
    automerge().free(itsHistory);
  }

  /** Not left to the collector, which has no turn while a batch is applied. */
  free(): void {
    for (const history of this.#held.values()) automerge().free(history);
    this.#held.clear();
  }
}

function empty(): History {
  return automerge().init({ actor: "00" });
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
