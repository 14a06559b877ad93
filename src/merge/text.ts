import { createRequire } from "node:module";
import type * as Automerge from "@automerge/automerge";
import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import type { Leaf } from "./leaf-writes.ts";
import { isAncestor, type Region } from "./region.ts";
import { type Candidate, newestOf, type PathPin, type PathWrite, type Said } from "./survivors.ts";

type Library = typeof Automerge;

/** Longer texts are merged as registers, in bytes of UTF-8. */
export const TEXT_BYTES_MAX: number = 64 * 1024;

/** What became of the texts among some candidates. */
export interface TextMerge {
  readonly value: string;
  /** Whose texts were merged; the winner alone when it has nothing in common with the others. */
  readonly sources: readonly Candidate[];
}

/** True for a value that can take part in a text merge. */
export function isMergeableText(value: Leaf): value is string {
  return typeof value === "string" && Buffer.byteLength(value) <= TEXT_BYTES_MAX;
}

/**
 * The merge of the winner's text with the other candidates' texts that go back to the same text.
 * The history of the path is replayed above the choke point, over `base`, the text there.
 * All names, orders and times come from the texts and the revisions, so every instance gets the
 * same characters.
 */
export function mergeTexts(
  region: Region,
  said: Said,
  base: Leaf,
  candidates: readonly Candidate[],
  winner: Candidate,
): TextMerge {
  const documents = replay(region, said, base);
  const documentOf = ({ by }: Candidate): TextDocument => documents.get(by) as TextDocument;
  const { origin } = documentOf(winner);
  const sources = candidates.filter(
    (candidate) => isMergeableText(candidate.value) && documentOf(candidate).origin === origin,
  );
  const { text } = join(sources.map(documentOf));
  const differ = sources.some(({ value }) => value !== winner.value);
  return { value: text, sources: differ ? sources : [winner] };
}

/**
 * A text with the history of its characters. `origin` names the text that it goes back to: only
 * documents with one origin have characters in common, so that merging them makes sense.
 */
interface TextDocument {
  readonly text: string;
  readonly origin: string;
  /** Equal for documents with the same history. */
  readonly key: string;
  readonly history: Automerge.Doc<{ text: string }>;
}

/** The document that each write and pin of a path leaves behind, by the revision's number. */
function replay(region: Region, { writes, pins }: Said, base: Leaf): Map<number, TextDocument> {
  const documents = new Map<number, TextDocument>();
  const start = startWith(textOf(base));
  const edits = new Edits();
  const statements: (PathWrite | PathPin)[] = [...writes, ...pins].sort((a, b) => a.by - b.by);
  for (const statement of statements) {
    const { by, value } = statement;
    const numbers = "of" in statement ? statement.of.map((id) => region.indexOf.get(id)) : seen(by);
    const before = numbers.map((number) => documents.get(number as number) ?? start);
    documents.set(by, edits.make(before.length === 0 ? start : join(before), textOf(value)));
  }
  return documents;

  function seen(by: number): number[] {
    const above = statements.filter((statement) => isAncestor(region, statement.by, by));
    return newestOf(region, above).map((statement) => statement.by);
  }
}

/** What is no text that can be merged counts as an empty one. */
function textOf(value: Leaf): string {
  return isMergeableText(value) ? value : "";
}

/** A text that appears where there was none: wherever that happens, it is the same document. */
function startWith(text: string): TextDocument {
  const key = sha256Hex(text);
  const empty = automerge().init<{ text: string }>({ actor: actorOf("start") });
  const history = automerge().change(empty, { time: 0 }, (draft) => {
    draft.text = text;
  });
  return { text, origin: key, key, history };
}

/** Documents as one: equal texts are one text, and texts without a common origin make none. */
function join(documents: readonly TextDocument[]): TextDocument {
  const byKey = new Map(documents.map((document) => [document.key, document]));
  const [first, ...others] = [...byKey.values()].sort((a, b) => compareCodeUnits(a.key, b.key)) as [
    TextDocument,
    ...TextDocument[],
  ];
  if (others.every(({ text }) => text === first.text)) return first;
  if (others.some(({ origin }) => origin !== first.origin)) return startWith("");
  const start = automerge().clone(first.history, { actor: actorOf("join") });
  const history = others.reduce((all, next) => automerge().merge(all, next.history), start);
  const key = sha256Hex([...byKey.keys()].sort().join());
  return { text: history.text, origin: first.origin, key, history };
}

/** The edits of a replay. The same change of the same text is one edit, whoever made it. */
class Edits {
  /** By actor: the key of the document that it edits. */
  readonly #edited = new Map<string, string>();

  make(before: TextDocument, text: string): TextDocument {
    if (text === before.text) return before;
    if (before.text === "") return startWith(text);
    const actor = this.#actorFor(before, text);
    const own = automerge().clone(before.history, { actor });
    const history = automerge().change(own, { time: 0 }, (draft) => {
      automerge().updateText(draft, ["text"], text);
    });
    return { text, origin: before.origin, key: actor, history };
  }

  /** Named after the change; where a change of another document has that name, after both. */
  #actorFor({ text: from, key }: TextDocument, to: string): string {
    const actor = actorOf(canonicalize([from, to]));
    const edited = this.#edited.get(actor) ?? key;
    this.#edited.set(actor, edited);
    return edited === key ? actor : actorOf(canonicalize([from, to, key]));
  }
}

function actorOf(name: string): string {
  return sha256Hex(name).slice(0, 32);
}

let library: Library | undefined;

/** Loaded at the first text conflict: loading costs a tenth of a second. */
function automerge(): Library {
  library ??= createRequire(import.meta.url)("@automerge/automerge") as Library;
  return library;
}
