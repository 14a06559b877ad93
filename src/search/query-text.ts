import { SynclineError } from "../base/errors.ts";
import { SEARCH_PHRASES_MAX, SEARCH_TEXT_CHARS_MAX } from "../base/limits.ts";
import { wordsOf } from "./words.ts";

/** Words that must follow each other; with `prefix`, the last one may go on. */
export interface Phrase {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/** One quoted phrase (the closing quote may be missing), or one word. */
const PART = /"([^"]*)"?|[^\s"]+/g;

/**
 * The phrases of a person's query text, all of which must occur: words, `"quoted phrases"`, and the
 * last word as a prefix unless it is quoted. A word with a hyphen in it is a phrase of two. Empty
 * when the text is blank; null when it holds no word at all and so finds nothing. No character has
 * a meaning beyond this. Throws `USAGE` for a text over the limits.
 */
export function parseQueryText(text: string): Phrase[] | null {
  if (text.length > SEARCH_TEXT_CHARS_MAX) {
    throw tooLong(`has at most ${SEARCH_TEXT_CHARS_MAX} characters`);
  }
  if (text.trim() === "") return [];
  const phrases: Phrase[] = [];
  for (const [part, quoted] of text.toWellFormed().matchAll(PART)) {
    const words = wordsOf(quoted ?? part);
    if (words.length > 0) phrases.push({ words, prefix: quoted === undefined });
  }
  if (phrases.length > SEARCH_PHRASES_MAX) throw tooLong(`has at most ${SEARCH_PHRASES_MAX} words`);
  if (phrases.length === 0) return null;
  return phrases.map((phrase, index) =>
    index === phrases.length - 1 ? phrase : { ...phrase, prefix: false },
  );
}

/**
 * The phrases in FTS5's query syntax. Words consist of letters, digits and accents alone, so that
 * quoting them leaves nothing that could be an operator.
 */
export function ftsExpression(phrases: readonly Phrase[]): string {
  return phrases
    .map(({ words, prefix }) => `"${words.join(" ")}"${prefix ? " *" : ""}`)
    .join(" AND ");
}

function tooLong(rule: string): SynclineError {
  return new SynclineError("USAGE", `a search text ${rule}`, { hint: "search for fewer words" });
}
