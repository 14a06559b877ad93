import { canonicalize } from "../base/canonical.ts";
import { isJsonObject } from "../base/json.ts";
import { parsePointer } from "../base/pointer.ts";
import { ReadContent } from "../catalog/index.ts";
import { type Algorithm, newestAlgorithm } from "../merge/algorithm.ts";
import { ALGORITHMS } from "../merge/algorithms.ts";
import type { Graph } from "../merge/graph.ts";
import { bodyHashOf, type Content } from "../model/content.ts";
import { contentTextOfCreation } from "../model/creation.ts";
import { applyWrites } from "../model/patch.ts";
import { PlainCreation } from "../model/plain-creation.ts";
import { DELETED_KEY, type ParsedRevision, type Revision } from "../model/record.ts";
import { SNAPSHOT_GENERATIONS } from "./writes.ts";

/** What an object says at a revision. */
export interface Evaluated {
  readonly content: Content;
  /** Canonical text of `content`. */
  readonly text: string;
  readonly bodyHash: string;
  /** True when the patch alone leads here from the content of the one parent, or from nothing. */
  readonly isPlain: boolean;
  /** Of a creation that was not parsed; good until the next record is read. */
  readonly read?: ReadContent;
}

/**
 * The content after a revision. Almost every record is plain: its patch over its parent's content
 * (`base`; undefined for a creation). The others, made over a merge or below a deleted unit, are
 * evaluated by the merge rules over the object's history.
 */
export function evaluate(
  revision: ParsedRevision,
  base: Content | undefined,
  graph: () => Graph,
): Evaluated {
  if (revision instanceof PlainCreation) return new EvaluatedCreation(revision);
  const { record, text } = revision;
  if (!isPlain(record, base)) {
    const history = graph();
    const { algorithms = ALGORITHMS } = history;
    const version = Math.min(record.algorithm, newestAlgorithm(algorithms));
    const { contentAfter } = algorithms.get(version) as Algorithm;
    const content = contentAfter(history, record);
    const own = canonicalize(content);
    return { content, text: own, bodyHash: bodyHashOf(content, own), isPlain: false };
  }
  const content = applyWrites(base, record.patch);
  const own = base === undefined ? contentTextOfCreation(record, text) : undefined;
  const contentText = own ?? canonicalize(content);
  return { content, text: contentText, bodyHash: bodyHashOf(content, contentText), isPlain: true };
}

/** Content and text are made when they are asked for. */
class EvaluatedCreation implements Evaluated {
  readonly bodyHash: string;
  readonly isPlain = true;
  readonly read: ReadContent;
  readonly #creation: PlainCreation;

  constructor(creation: PlainCreation) {
    this.bodyHash = creation.contentHash;
    this.read = new ReadContent(creation.tape, creation.value);
    this.#creation = creation;
  }

  get content(): Content {
    return this.#creation.content;
  }

  get text(): string {
    return this.#creation.contentText;
  }
}

/** True when a record means its patch over its parent's content, and nothing else. */
export function isPlain(record: Revision, base: Content | undefined): boolean {
  const { parents, pins, resolves, patch } = record;
  if (parents.length > 1 || pins !== undefined || resolves !== undefined) return false;
  return base === undefined || !patch.some(({ path }) => isBelowDeletedUnit(base, path));
}

function isBelowDeletedUnit(content: Content, path: string): boolean {
  let map = content;
  for (const key of parsePointer(path)) {
    if (key !== DELETED_KEY && map[DELETED_KEY] === true) return true;
    const next = Object.hasOwn(map, key) ? map[key] : undefined;
    if (!isJsonObject(next)) return false;
    map = next;
  }
  return false;
}

/** The content that is kept whole at a revision; null where its patch is enough. */
export function snapshotOf(result: Evaluated, generation: number): string | null {
  // The text of a creation is made only when it is asked for.
  const isKept = !result.isPlain || generation % SNAPSHOT_GENERATIONS === 0;
  return isKept ? result.text : null;
}
