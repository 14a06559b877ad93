/**
 * How text becomes words, the same for what is indexed and what is asked. The FTS5 tokenizer
 * (`unicode61`) takes runs of letters and digits as words, so that a Japanese sentence would be
 * one word; here each Han, Kana and Hangul character is set apart, and a run of them in a query is
 * a phrase of single characters.
 */

const CJK =
  /[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;
const CJK_CHARACTER = new RegExp(`^${CJK.source}$`, "u");
const BEYOND_LATIN_1 = /[^\0-\xff]/;
/** Letters and digits with the marks on them; marks alone are no word. */
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{M}\p{N}\p{Co}]*/gu;
const ACCENTED = /[\u00c0-\u1eff]+/g;
const ACCENT = /[\u0300-\u036f]/g;

/** Text ready for the tokenizer: compatibility forms unified (ＡＢＣ is ABC), CJK set apart. */
export function spacedText(text: string): string {
  if (!BEYOND_LATIN_1.test(text)) return text;
  return text.normalize("NFKC").replace(CJK, " $& ");
}

/** The words of a text, in order, as they are written. */
export function wordsOf(text: string): string[] {
  return spacedText(text).match(WORD) ?? [];
}

/** True for a word that is one CJK character, as {@link wordsOf} gives them. */
export function isCjkCharacter(word: string): boolean {
  return CJK_CHARACTER.test(word);
}

/** A word without case and accents: how words are compared. */
export function foldedWord(word: string): string {
  const plain = word.replace(ACCENTED, (run) => run.normalize("NFD").replace(ACCENT, ""));
  return plain.toLowerCase();
}

/** The words of a text with their places in it; a run of CJK characters is given as one. */
export function* placedWords(text: string): Generator<{ folded: string; at: number }> {
  for (const match of text.matchAll(WORD)) {
    yield { folded: foldedWord(match[0].normalize("NFKC")), at: match.index };
  }
}
