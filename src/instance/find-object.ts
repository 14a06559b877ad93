import { SynclineError } from "../base/errors.ts";
import { KNOWN_TYPES } from "../catalog/index.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { ObjectRow } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { type ParsedRef, PREFIX_CHARS_MIN, parseRef } from "./parse-ref.ts";

type Reader = Pick<Store, "object" | "objects">;
/** What finds the names that may have been meant. */
type Suggesting = Pick<SearchIndex, "query">;

/** Objects that an error lists. */
const LISTED_MAX = 5;

/**
 * The object that a person's reference names. A name finds a live object first, of aliases the one
 * that stands for them, and a deleted one only when no live one has it. Throws `OBJECT_NOT_FOUND` with what may have been meant, and
 * `OBJECT_AMBIGUOUS` with the candidates.
 */
export async function findObject(
  reader: Reader,
  search: Suggesting,
  ref: string,
): Promise<ObjectRow> {
  const parsed = parseRef(ref);
  const found = await candidates(reader, parsed);
  const live = found.filter(({ deleted }) => !deleted);
  const named = parsed.kind === "name" && live.length > 0;
  const fitting = named ? await withoutAliases(reader, live) : found;
  if (fitting.length > 1) throw ambiguous(ref, fitting);
  const row = fitting[0];
  if (row === undefined) throw await notFound(reader, search, ref, parsed);
  return row;
}

/** Live objects of one name, each class of aliases as the object that stands for it. */
export async function withoutAliases(
  reader: Pick<Store, "object">,
  live: readonly ObjectRow[],
): Promise<readonly ObjectRow[]> {
  const classes = Map.groupBy(live, ({ canonical }) => canonical);
  return Promise.all(
    [...classes].map(async ([id, [first]]) => {
      return live.find((row) => row.id === id) ?? (await reader.object(id)) ?? (first as ObjectRow);
    }),
  );
}

async function candidates(reader: Reader, ref: ParsedRef): Promise<readonly ObjectRow[]> {
  const limit = LISTED_MAX + 1;
  switch (ref.kind) {
    case "id": {
      const row = await reader.object(ref.id);
      if (row !== undefined && (ref.type === undefined || ref.type === row.type)) return [row];
      if (ref.type === undefined) return [];
      // An object may have a name that reads like an id.
      return reader.objects({ type: ref.type, name: ref.id, includeDeleted: true, limit });
    }
    case "name":
      return reader.objects({ type: ref.type, name: ref.name, includeDeleted: true, limit });
    case "prefix":
      return reader.objects({ idPrefix: ref.prefix, includeDeleted: true, limit });
    case "word":
      return [];
  }
}

/** How an error names an object: so that it can be given back as a reference. */
export function refOf({ type, name, id, deleted }: ObjectRow): string {
  return `${type}/${name ?? id}${deleted ? " (deleted)" : ""}`;
}

function ambiguous(ref: string, rows: readonly ObjectRow[]): SynclineError {
  const listed = rows.slice(0, LISTED_MAX).map((row) => `${row.id} ${refOf(row)}`);
  const more = rows.length > LISTED_MAX ? " …" : "";
  return new SynclineError("OBJECT_AMBIGUOUS", `several objects fit "${ref}"`, {
    where: ref,
    hint: `give the whole id of one: ${listed.join(", ")}${more}`,
  });
}

async function notFound(
  reader: Reader,
  search: Suggesting,
  ref: string,
  parsed: ParsedRef,
): Promise<SynclineError> {
  const similar = await suggestions(reader, search, parsed).catch(() => []);
  const hint =
    similar.length > 0
      ? `did you mean ${similar.join(" or ")}?`
      : `name it type/name, or by its id or the first ${PREFIX_CHARS_MIN} characters of it`;
  const where = ref === "" ? {} : { where: ref };
  return new SynclineError("OBJECT_NOT_FOUND", `no object "${ref}"`, { ...where, hint });
}

/** The same name under another type, else what a search for the name finds first. */
async function suggestions(reader: Reader, search: Suggesting, ref: ParsedRef): Promise<string[]> {
  if (ref.kind !== "name" && ref.kind !== "word") return [];
  const name = ref.kind === "name" ? ref.name : ref.word;
  const found: string[] = [];
  for (const type of KNOWN_TYPES) {
    const rows = await reader.objects({ type, name, limit: 1 });
    found.push(...rows.map(refOf));
  }
  if (found.length > 0 || name.trim() === "") return found.slice(0, LISTED_MAX);
  const type = ref.kind === "name" && KNOWN_TYPES.includes(ref.type) ? { type: ref.type } : {};
  const { hits } = await search.query({ text: name, ...type, limit: 3 });
  return hits.map((hit) => `${hit.type}/${hit.name ?? hit.id}`);
}
