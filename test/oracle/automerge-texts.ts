/**
 * The text strategy by Automerge, as the page defines it: a base document, each revision that
 * writes the path replayed over the merge of its parents' documents, and the merge of the heads.
 */
import { createRequire } from "node:module";
import { sha256Hex } from "../../src/base/hash.ts";
import type { MergeTexts, TextMerge } from "./types.ts";

interface Doc {
  readonly text: string;
}

/** The few functions of Automerge that are used, stated here so that this file always compiles. */
interface Automerge {
  init(options: { actor: string }): Doc;
  clone(doc: Doc, options: { actor: string }): Doc;
  merge(doc: Doc, other: Doc): Doc;
  change(doc: Doc, options: { time: number }, act: (doc: { text: string }) => void): Doc;
  updateText(doc: { text: string }, path: ["text"], text: string): void;
}

/** The text merge by Automerge, or undefined where it is not installed. */
export function loadAutomergeTexts(): MergeTexts | undefined {
  try {
    const automerge = createRequire(import.meta.url)("@automerge/automerge") as Automerge;
    return (input) => mergeTexts(automerge, input);
  } catch {
    return undefined;
  }
}

function mergeTexts(automerge: Automerge, input: TextMerge): string {
  const at = { time: 0 };
  const empty = automerge.init({ actor: sha256Hex("base") });
  const base = automerge.change(empty, at, (doc) => {
    doc.text = input.base;
  });
  const docs = new Map<string, Doc>();
  const merged = (ids: readonly string[], actor: string): Doc => {
    const [first, ...others] = ids.map((id) => docs.get(id) as Doc);
    const start = automerge.clone(first ?? base, { actor });
    return others.reduce((doc, other) => automerge.merge(doc, other), start);
  };
  for (const { id, parents, text } of input.steps) {
    const doc = merged(parents, sha256Hex(id));
    const written =
      text === undefined
        ? doc
        : automerge.change(doc, at, (draft) => automerge.updateText(draft, ["text"], text));
    docs.set(id, written);
  }
  return merged(
    input.heads.map(({ id }) => id),
    sha256Hex("result"),
  ).text;
}
