import { SynclineError } from "../../base/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../base/json.ts";
import { isBelow } from "../../base/pointer.ts";
import type { Resolution } from "../../log/author.ts";
import type { ConflictCandidate } from "../../merge/conflict.ts";
import { isFlag } from "../../merge/leaf-writes.ts";
import { type Content, eachLeaf, leavesOf } from "../../model/content.ts";
import type { ConflictRow } from "../../store/rows.ts";

/**
 * What a person wants to stand where a conflict is: what stands there now, what one of its revisions
 * wanted (`pick`, its id or an unambiguous beginning), another value, or nothing.
 */
export type ConflictChoice =
  | { readonly keep: true }
  | { readonly pick: string }
  | { readonly value: Json }
  | { readonly absent: true };

/** What decisions ask about the object of a conflict. */
export interface Decided {
  /** The content that stands now. */
  readonly content: Content;
  /** The content at a candidate. */
  contentAt(revision: ConflictCandidate["revision"]): Promise<Content>;
}

/** A choice as what has to be written. Throws `USAGE`. */
export async function resolutionsOf(
  row: ConflictRow,
  choice: ConflictChoice,
  object: Decided,
): Promise<Resolution[]> {
  if ("keep" in choice) return kept(row, object.content);
  if ("pick" in choice) return picked(row, candidateOf(row, choice.pick), object);
  if ("value" in choice) return valued(row, choice.value, object.content);
  if (row.kind === "name") throw usage(row, "an object keeps a name", "give it another one");
  return cleared(row, object.content);
}

/** The value is written again: only a write closes the matter for those who edit elsewhere. */
function kept({ id: conflict, kind, path }: ConflictRow, content: Content): Resolution[] {
  if (kind === "name") return [{ conflict }];
  const value = leavesOf(content).get(path);
  return [value === undefined ? { conflict, path } : { conflict, path, value }];
}

/** The candidate that an id or its beginning names. Throws `USAGE`. */
function candidateOf(row: ConflictRow, given: string): ConflictCandidate {
  const fitting = row.candidates.filter(({ revision }) => revision.startsWith(given.toLowerCase()));
  const [candidate, second] = given === "" ? [] : fitting;
  if (candidate !== undefined && second === undefined) return candidate;
  const what = second === undefined ? "is no candidate of" : "begins several candidates of";
  const ids = row.candidates.map(({ revision }) => revision).join(", ");
  throw usage(row, `"${given}" ${what} conflict ${row.id}`, `the candidates are ${ids}`);
}

/** The beginning of a candidate's revision, of 8 characters or more, that no other one shares. */
export function shortPick(
  revision: string,
  { candidates }: { readonly candidates: readonly Pick<ConflictCandidate, "revision">[] },
): string {
  const others = candidates.filter((other) => other.revision !== revision);
  let length = 8;
  while (others.some((other) => other.revision.startsWith(revision.slice(0, length)))) length += 1;
  // Whole groups of digits, which a person takes in more easily.
  const end = revision.indexOf("-", length);
  return end < 0 ? revision : revision.slice(0, end);
}

async function picked(
  row: ConflictRow,
  { revision, value }: ConflictCandidate,
  object: Decided,
): Promise<Resolution[]> {
  const { id: conflict, kind, path } = row;
  if (kind === "name") return acceptedName(row, revision);
  if (value !== undefined) return [{ conflict, path, value }];
  if (kind !== "structure") return [{ conflict, path }];
  // What others wrote below the path since then is no part of this conflict: it stays.
  const present = new Set(leavesBelow(object.content, path).map(([at]) => at));
  const all = leavesBelow(await object.contentAt(revision), path);
  const leaves = all.filter(([at]) => !present.has(at));
  return [{ conflict, path }, ...leaves.map(([at, leaf]) => ({ conflict, path: at, value: leaf }))];
}

/** Names are not chosen but given: what can be picked is that they stay as they are. */
function acceptedName(row: ConflictRow, revision: string): Resolution[] {
  if (revision === row.chosen.revision) return [{ conflict: row.id }];
  const hint = "rename the other object, or give this one another name with --value";
  throw usage(row, "the plain name is another object's", hint);
}

function valued(row: ConflictRow, value: Json, content: Content): Resolution[] {
  const { id: conflict, kind, path } = row;
  if (isFlag(path) && value !== true) {
    const hint = "deleted is the value true; to keep it, pick the revision without a value";
    throw usage(row, `${path} is deleted or is not`, hint);
  }
  if (kind === "name" && typeof value !== "string") {
    throw usage(row, "a name is a text", "write it in quotes, as JSON");
  }
  if (!isJsonObject(value)) return [{ conflict, path, value }];
  const leaves = leavesIn(conflict, path, value);
  if (leaves.length > 0) return [...cleared(row, content, value), ...leaves];
  throw usage(row, "an empty map is never stored", "to have nothing there, choose absent");
}

function leavesIn(conflict: string, path: string, value: JsonObject): Resolution[] {
  const leaves: Resolution[] = [];
  eachLeaf(value, path, (at, leaf) => leaves.push({ conflict, path: at, value: leaf }));
  return leaves;
}

/** Nothing at the path, nor below it but what the given value writes there itself. */
function cleared(row: ConflictRow, content: Content, value: JsonObject = {}): Resolution[] {
  const { id: conflict, path } = row;
  const written = new Set(leavesIn(conflict, path, value).map((one) => one.path));
  const gone = leavesBelow(content, path).filter(([at]) => !written.has(at));
  return [{ conflict, path }, ...gone.map(([at]) => ({ conflict, path: at }))];
}

function leavesBelow(content: Content, path: string): [path: string, value: Json][] {
  return [...leavesOf(content)].filter(([at]) => isBelow(at, path));
}

function usage(row: ConflictRow, message: string, hint: string): SynclineError {
  return new SynclineError("USAGE", message, { where: row.id, hint });
}
