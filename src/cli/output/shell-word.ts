const PLAIN = /^[\w./~@%+=:,-]+$/;
const CONTROL = /\p{Cc}/u;

/** A word as a shell reads it again. */
export function shellWord(word: string): string {
  if (PLAIN.test(word) && !word.startsWith("~")) return word;
  if (!CONTROL.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word.replace(/[\\']/g, "\\$&").replace(/\p{Cc}/gu, (one) => {
    return `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `$'${escaped}'`;
}
