import type { Phrase } from "./query-text.ts";
import { foldedWord, isCjkCharacter, placedWords } from "./words.ts";

const SNIPPET_CHARS = 160;
/** What stands before the match, so that it is read in context. */
const LEAD_CHARS = 40;
/** Only the beginning of a long text is looked through. */
const SCAN_CHARS_MAX = 20_000;

/**
 * One line of a text around the first place where one of the phrases begins, else its beginning;
 * "…" stands where it was cut.
 */
export function snippetOf(text: string, phrases: readonly Phrase[]): string {
  const scanned = text.slice(0, SCAN_CHARS_MAX);
  const match = firstMatch(scanned, phrases);
  const start = match <= LEAD_CHARS ? 0 : wordStart(scanned, match - LEAD_CHARS);
  const end = start + SNIPPET_CHARS;
  const cut = scanned.slice(start, end).toWellFormed().replaceAll("\uFFFD", "");
  const line = cut.replace(/\s+/g, " ").trim();
  return `${start > 0 ? "…" : ""}${line}${end < text.length ? "…" : ""}`;
}

function firstMatch(text: string, phrases: readonly Phrase[]): number {
  const needles = phrases.map(needleOf);
  if (needles.length === 0) return 0;
  for (const { folded, at } of placedWords(text)) {
    for (const { needle, anywhere } of needles) {
      const inside = anywhere ? folded.indexOf(needle) : folded.startsWith(needle) ? 0 : -1;
      if (inside >= 0) return at + inside;
    }
  }
  return 0;
}

/** What to look for: a phrase's first word, or its leading run of CJK characters as one. */
function needleOf({ words }: Phrase): { needle: string; anywhere: boolean } {
  const first = words.findIndex((word) => !isCjkCharacter(word));
  const run = words.slice(0, first < 0 ? words.length : first);
  if (run.length === 0) return { needle: foldedWord(words[0] ?? ""), anywhere: false };
  return { needle: foldedWord(run.join("")), anywhere: true };
}

/** The end of the white space nearest after a place, or the place where none is near. */
function wordStart(text: string, from: number): number {
  const space = text.slice(from, from + LEAD_CHARS).search(/\s/);
  return space < 0 ? from : from + space + 1;
}
