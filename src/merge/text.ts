import { createRequire } from "node:module";
import type * as Automerge from "@automerge/automerge";
import { sha256Hex } from "../base/hash.ts";
import type { Leaf } from "./leaf-writes.ts";
import { isAncestor, type Region } from "./region.ts";
import type { Candidate, PathWrite } from "./survivors.ts";

type Library = typeof Automerge;
type TextDocument = Automerge.Doc<{ text: string }>;

/** Longer texts are merged as registers. */
export const TEXT_BYTES_MAX: number = 64 * 1024;

let library: Library | undefined;

/** Loaded at the first text conflict: loading costs a tenth of a second. */
function automerge(): Library {
  library ??= createRequire(import.meta.url)("@automerge/automerge") as Library;
  return library;
}

/** True for a value that can take part in a text merge. */
export function isMergeableText(value: Leaf): value is string {
  return typeof value === "string" && Buffer.byteLength(value) <= TEXT_BYTES_MAX;
}

/**
 * The merge of the candidates' texts: the history of the path is replayed above the choke point,
 * each revision as one actor, and the candidates' documents are merged. Every actor, order and time
 * is derived from the revisions, so every instance gets the same characters.
 */
export function mergeTexts(
  region: Region,
  base: Leaf,
  writes: readonly PathWrite[],
  candidates: readonly Candidate[],
): string {
  const replay = new Replay(region, base, writes);
  const documents = candidates.map((candidate) => replay.at(candidate));
  return replay.merged(documents).text;
}

class Replay {
  readonly #region: Region;
  readonly #base: TextDocument;
  readonly #writes: readonly PathWrite[];
  readonly #documents = new Map<number, TextDocument>();

  constructor(region: Region, base: Leaf, writes: readonly PathWrite[]) {
    this.#region = region;
    this.#writes = writes;
    const start = automerge().init<{ text: string }>({ actor: actorOf("base") });
    const text = isMergeableText(base) ? base : "";
    this.#base = automerge().change(start, { time: 0 }, (draft) => {
      draft.text = text;
    });
  }

  at({ by, value, merged }: Candidate): TextDocument {
    return merged ? this.#written(by, value) : this.#documentOf({ by, value });
  }

  #documentOf({ by, value }: PathWrite): TextDocument {
    const known = this.#documents.get(by);
    if (known !== undefined) return known;
    const document = this.#written(by, value);
    this.#documents.set(by, document);
    return document;
  }

  /** What the author of a revision had before him, changed into what he wrote. */
  #written(by: number, value: Leaf): TextDocument {
    const seen = this.#writes.filter((write) => isAncestor(this.#region, write.by, by));
    const newest = seen.filter(
      (write) => !seen.some((other) => isAncestor(this.#region, write.by, other.by)),
    );
    const before = this.merged(newest.map((write) => this.#documentOf(write)));
    const { id } = this.#region.revisions[by] as { id: string };
    const own = automerge().clone(before, { actor: actorOf(id) });
    const text = isMergeableText(value) ? value : "";
    return automerge().change(own, { time: 0 }, (draft) => {
      automerge().updateText(draft, ["text"], text);
    });
  }

  merged(documents: readonly TextDocument[]): TextDocument {
    const [first, ...others] = documents;
    if (first === undefined) return this.#base;
    const start = automerge().clone(first, { actor: actorOf("merge") });
    return others.reduce((merged, next) => automerge().merge(merged, next), start);
  }
}

function actorOf(name: string): string {
  return sha256Hex(name).slice(0, 32);
}
