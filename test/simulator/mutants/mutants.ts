/** A known bug of this kind of program: a text in a source file, and what stands there with the bug. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Bugs that all instances have alike, in the code that merges, stores and sends. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "the base of a merge is taken too high",
    file: "src/merge/region.ts",
    find: "if (isAlone && !sawCreation) {",
    replace: "if ((isAlone || above.length > 1) && !sawCreation) {",
  },
  {
    name: "pins are ordinary writes",
    file: "src/merge/said.ts",
    find: "at(path).pins.push({ by, value, of, merged });",
    replace: "at(path).writes.push({ by, value: value });",
  },
  {
    name: "no touches",
    file: "src/merge/leaf-writes.ts",
    find: "if (flags.size === 0) return touched;",
    replace: "if (flags.size >= 0) return touched;",
  },
  {
    name: "the oldest edit wins",
    file: "src/merge/choose.ts",
    find: "a.hlc - b.hlc",
    replace: "b.hlc - a.hlc",
  },
  {
    name: "deletions win over edits, whatever the policy says",
    file: "src/merge/choose.ts",
    find: 'deletes === "edit-wins"',
    replace: "deletes === undefined",
  },
  {
    name: "conflicts of values are not recorded",
    file: "src/merge/decide.ts",
    find: 'if (strategy !== "text" || !isMergeableText(value)) return { ...chosen, conflict };',
    replace: 'if (strategy !== "text" || !isMergeableText(value)) return chosen;',
  },
  {
    name: "a conflict says that another value was chosen, by another rule",
    file: "src/merge/evaluate.ts",
    find: "conflictOf(placed(path), kind, candidates, { revision, value }, rule)",
    replace: 'conflictOf(placed(path), kind, candidates, { revision: null, value: "" }, "oldest")',
  },
  {
    name: "what nobody disputes is recorded as a conflict",
    file: "src/merge/decide.ts",
    find: "if (candidates.every((candidate) => sameLeaf(candidate.value, value))) return chosen;",
    replace: `if (candidates.every((candidate) => sameLeaf(candidate.value, value))) {
      return { ...chosen, conflict: { kind: "value", rule: "newest" } };
    }`,
  },
  {
    name: "every newer format is taken for known",
    file: "src/log/edition.ts",
    find: "return schema <= schemaVersion(type, types) && algorithm <= newestAlgorithm(algorithms);",
    replace: "return true;",
  },
  {
    name: "a clock that follows the wall",
    file: "src/base/hlc.ts",
    find: "Math.max(wall, this.#last + 1)",
    replace: "wall",
  },
];
