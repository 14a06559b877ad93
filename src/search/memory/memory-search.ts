import { compareCodeUnits } from "../../base/canonical.ts";
import type { Lsn, ObjectId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import { searchParts } from "../../catalog/index.ts";
import type { ObjectRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import {
  FACETS,
  type IndexedObject,
  indexedObject,
  shownContent,
  shownText,
} from "../indexed-object.ts";
import { type Phrase, parseQueryText } from "../query-text.ts";
import type {
  SearchFinding,
  SearchHit,
  SearchIndex,
  SearchQuery,
  SearchResult,
} from "../search-index.ts";
import { snippetOf } from "../snippet.ts";
import { foldedWord, wordsOf } from "../words.ts";

type Source = Pick<Store, "head" | "objects">;

interface Scanned extends IndexedObject {
  readonly row: ObjectRow;
  readonly content: JsonObject;
}

/**
 * Search by reading everything: for memory instances, for tests, and where there is no index file.
 * It needs no upkeep, so it always covers the whole log. Holds the catalog in memory.
 */
export class MemorySearch implements SearchIndex {
  readonly #store: Source;
  #scan: { readonly lsn: Lsn; readonly objects: readonly Scanned[] } | undefined;

  constructor(store: Source) {
    this.#store = store;
  }

  advance(): void {}

  async refresh(): Promise<void> {
    this.#scan = undefined;
  }

  async covers(): Promise<void> {}

  async query(query: SearchQuery): Promise<SearchResult> {
    const phrases = parseQueryText(query.text);
    if (phrases === null) return { total: 0, hits: [] };
    const objects = await this.#objects();
    const found: { readonly object: Scanned; readonly score: number }[] = [];
    for (const object of objects) {
      if (!passes(object, query, objects)) continue;
      const score = scoreOf(object, phrases);
      if (score > 0) found.push({ object, score });
    }
    found.sort((a, b) => b.score - a.score || byName(a.object, b.object));
    const offset = query.offset ?? 0;
    const page = found.slice(offset, offset + Math.min(query.limit, PAGE_ITEMS_MAX));
    return { total: found.length, hits: page.map(({ object }) => hitOf(object, phrases)) };
  }

  verify(): readonly SearchFinding[] {
    return [];
  }

  async close(): Promise<void> {}

  async #objects(): Promise<readonly Scanned[]> {
    const { lsn } = await this.#store.head();
    if (this.#scan?.lsn !== lsn) this.#scan = { lsn, objects: scanned(await this.#rows()) };
    return this.#scan.objects;
  }

  async #rows(): Promise<ObjectRow[]> {
    const rows: ObjectRow[] = [];
    for (;;) {
      const after = rows.at(-1)?.id;
      const page = await this.#store.objects({
        includeDeleted: true,
        limit: PAGE_ITEMS_MAX,
        ...(after === undefined ? {} : { after }),
      });
      if (page.length === 0) return rows;
      rows.push(...page);
    }
  }
}

function scanned(rows: readonly ObjectRow[]): Scanned[] {
  const contents = new Map<string, JsonObject>();
  for (const row of rows) contents.set(row.id, shownContent(row));
  const lookup = { content: (id: string) => contents.get(id) };
  return rows.map((row) => {
    const content = contents.get(row.id) as JsonObject;
    return {
      row,
      content,
      ...indexedObject({ type: row.type, parts: searchParts(content) }, lookup),
    };
  });
}

function passes(object: Scanned, query: SearchQuery, objects: readonly Scanned[]): boolean {
  const state = query.state ?? "active";
  if (state !== "any" && object.fields.state !== state) return false;
  if (query.type !== undefined && object.row.type !== query.type) return false;
  return FACETS.every((facet) => {
    const wanted = query[facet];
    if (wanted === undefined) return true;
    const ids = object.facets.filter((entry) => entry.facet === facet).map(({ id }) => id);
    if (ids.includes(wanted.toLowerCase())) return true;
    return objects.some(
      ({ row, fields }) => row.type === facet && fields.name === wanted && ids.includes(row.id),
    );
  });
}

/** 0 when a phrase is missing; matches in name and title count more than those in the text. */
function scoreOf({ fields }: Scanned, phrases: readonly Phrase[]): number {
  const columns = [fields.name, fields.title, fields.text].map((text) =>
    wordsOf(text).map(foldedWord),
  );
  let score = 1;
  for (const phrase of phrases) {
    const counts = columns.map((words) => occurrences(words, phrase));
    if (counts.every((count) => count === 0)) return 0;
    score += 10 * (counts[0] ?? 0) + 8 * (counts[1] ?? 0) + Math.min(counts[2] ?? 0, 5);
  }
  return score;
}

function occurrences(words: readonly string[], { words: phrase, prefix }: Phrase): number {
  const folded = phrase.map(foldedWord);
  const last = folded.length - 1;
  return words.filter((_, start) =>
    folded.every((wanted, offset) => {
      const word = words[start + offset];
      return word === wanted || (prefix && offset === last && word?.startsWith(wanted) === true);
    }),
  ).length;
}

function byName(a: Scanned, b: Scanned): number {
  return compareCodeUnits(a.fields.name, b.fields.name) || compareCodeUnits(a.row.id, b.row.id);
}

function hitOf({ row, fields, content }: Scanned, phrases: readonly Phrase[]): SearchHit {
  return {
    id: row.id as ObjectId,
    type: row.type,
    name: fields.name || null,
    title: fields.title || null,
    snippet: snippetOf(shownText(content), phrases),
  };
}
