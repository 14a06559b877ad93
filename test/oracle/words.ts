import type { TextLibrary } from "../../src/oracle/types.ts";

/**
 * A merge of texts that is easy to predict: the words of all texts, each once, sorted. Like a text
 * merge worth its name it is commutative, associative and idempotent, so it tests every rule about
 * texts but the choice of Automerge, at a hundredth of the time.
 */
export const WORDS: TextLibrary = {
  start: (text) => ({ text }),
  edit: (_history, _actor, text) => ({ text }),
  merge: (histories) => {
    const words = histories.flatMap(({ text }) => text.split(" "));
    return { text: [...new Set(words)].sort().join(" ") };
  },
};
