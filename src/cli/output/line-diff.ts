/** One line of a difference: taken away, added, or the same on both sides. */
export interface DiffLine {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

/** Beyond this many pairs of lines the middle is shown as replaced as a whole. */
const PAIRS_MAX = 250_000;

/** What leads from one text to another, line by line. */
export function diffLines(from: string, to: string): DiffLine[] {
  const [before, after] = [from.split("\n"), to.split("\n")];
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({ sign: " ", text }));
  return [
    ...same(before.slice(0, start)),
    ...changed(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** By the longest common subsequence. */
function changed(before: readonly string[], after: readonly string[]): DiffLine[] {
  const lengths = before.length * after.length > PAIRS_MAX ? [] : commonLengths(before, after);
  const common = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, next] = [before[i], after[j]];
    if (lengths.length > 0 && old !== undefined && old === next) {
      lines.push({ sign: " ", text: old });
      i++;
      j++;
    } else if (old !== undefined && (next === undefined || common(i + 1, j) >= common(i, j + 1))) {
      lines.push({ sign: "-", text: old });
      i++;
    } else {
      lines.push({ sign: "+", text: next as string });
      j++;
    }
  }
  return lines;
}

/** For each pair of positions, how many lines the rests have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    const [row, below] = [lengths[i] as number[], lengths[i + 1] as number[]];
    for (let j = after.length - 1; j >= 0; j--) {
      const isSame = before[i] === after[j];
      row[j] = isSame
        ? (below[j + 1] as number) + 1
        : Math.max(below[j] as number, row[j + 1] as number);
    }
  }
  return lengths;
}
