import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import type { Leaf } from "./leaf-writes.ts";
import { isAncestor, type Region } from "./region.ts";
import { type Candidate, newestOf, type PathPin, type PathWrite, type Said } from "./survivors.ts";
import { type Made, TextHistories } from "./text-histories.ts";

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
  const replay = new Replay(region, said, base);
  const { origin } = replay.at(winner);
  const sources = candidates.filter(
    (candidate) => isMergeableText(candidate.value) && replay.at(candidate).origin === origin,
  );
  const { text } = replay.join(sources.map((source) => replay.at(source)));
  replay.free();
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
  readonly made: Made;
}

/** The documents that the writes and pins of a path leave behind, as long as they are needed. */
class Replay {
  /** By the number of the revision. */
  readonly #documents = new Map<number, TextDocument>();
  /** By the actor of an edit: the key of the document that it edits. */
  readonly #edited = new Map<string, string>();
  readonly #histories = new TextHistories();

  constructor(region: Region, { writes, pins }: Said, base: Leaf) {
    const start = this.#startWith(textOf(base));
    const statements: (PathWrite | PathPin)[] = [...writes, ...pins].sort((a, b) => a.by - b.by);
    for (const statement of statements) {
      const { by, value } = statement;
      // Most of thousands of heads know of nothing in the region.
      const isFirst = region.ancestors[by] === 0n;
      const above = isFirst ? [] : statements.filter((one) => isAncestor(region, one.by, by));
      const from =
        "of" in statement
          ? statement.of.map((id) => region.indexOf.get(id) as number)
          : newestOf(region, above).map((other) => other.by);
      const seen = from.map((number) => this.#documents.get(number) ?? start);
      const before = seen.length === 0 ? start : this.join(seen);
      this.#documents.set(by, this.#edit(before, textOf(value)));
    }
  }

  at({ by }: Candidate): TextDocument {
    return this.#documents.get(by) as TextDocument;
  }

  /**
   * Documents as one. Equal texts stay that text, whatever ways led to it; different ones without a
   * common origin make no text at all.
   */
  join(documents: readonly TextDocument[]): TextDocument {
    const byKey = new Map(documents.map((document) => [document.key, document]));
    const keys = [...byKey.keys()].sort(compareCodeUnits);
    const [first, ...others] = keys.map((key) => byKey.get(key)) as [
      TextDocument,
      ...TextDocument[],
    ];
    if (others.length === 0) return first;
    const areEqual = others.every(({ text }) => text === first.text);
    if (others.some(({ origin }) => origin !== first.origin)) {
      return areEqual ? first : this.#startWith("");
    }
    const madeOfOthers = others.map(({ made }) => made);
    const { made, text } = this.#histories.join(first.made, madeOfOthers, actorOf("join"));
    const joined = { text, origin: first.origin, key: sha256Hex(keys.join()), made };
    return areEqual ? this.#edit(joined, first.text) : joined;
  }

  /** A text that appears where there was none: wherever that happens, it is the same document. */
  #startWith(text: string): TextDocument {
    const key = sha256Hex(text);
    return { text, origin: key, key, made: this.#histories.start(text, actorOf("start")) };
  }

  /** The same change of the same text is one edit, whoever made it. */
  #edit(before: TextDocument, text: string): TextDocument {
    if (text === before.text) return before;
    if (before.text === "") return this.#startWith(text);
    const actor = this.#actorFor(before, text);
    const made = this.#histories.edit(before.made, text, actor);
    return { text, origin: before.origin, key: actor, made };
  }

  /** Named after the change; where a change of another document has that name, after both. */
  #actorFor({ text: from, key }: TextDocument, to: string): string {
    const actor = actorOf(canonicalize([from, to]));
    const edited = this.#edited.get(actor) ?? key;
    this.#edited.set(actor, edited);
    return edited === key ? actor : actorOf(canonicalize([from, to, key]));
  }

  free(): void {
    this.#histories.free();
  }
}

/** What is no text that can be merged counts as an empty one. */
function textOf(value: Leaf): string {
  return isMergeableText(value) ? value : "";
}

function actorOf(name: string): string {
  return sha256Hex(name).slice(0, 32);
}
