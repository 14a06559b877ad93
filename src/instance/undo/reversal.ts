import { sameJson } from "../../base/canonical.ts";
import type { Lsn, RevisionId } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";
import type { Change, LeafValue } from "../../log/author.ts";
import { type Content, leavesOf } from "../../model/content.ts";
import { DELETED_KEY, type Revision } from "../../model/record.ts";
import type { ObjectRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { entriesOf } from "../find-revision.ts";

/** What an undo does to one object, and what it leaves as it is. */
export interface Reversal {
  /** Null when nothing is left to do. */
  readonly change: Change | null;
  readonly how: "deleted" | "undeleted" | "restored";
  /** Paths that were edited after the run. */
  readonly kept: readonly string[];
}

interface Known {
  readonly id: RevisionId;
  readonly lsn: Lsn;
  readonly parents: readonly RevisionId[];
}

type Reader = Pick<Store, "entries" | "contentTextAt" | "mergedTextAt">;
const FLAG = `/${DELETED_KEY}`;

/**
 * The reverse of what some revisions did to an object: each path that they changed gets back what
 * stood there before them, unless it was edited since.
 */
export async function reversalOf(
  store: Reader,
  object: ObjectRow,
  of: ReadonlySet<RevisionId>,
  after: Lsn,
): Promise<Reversal> {
  const history: Known[] = [];
  for await (const { id, lsn, text } of entriesOf(store, object)) {
    history.push({ id, lsn, parents: (JSON.parse(text) as Revision).parents });
  }
  const early = new Set(history.filter(({ lsn }) => lsn <= after).map(({ id }) => id));
  const before = await contentAt(store, history, early);
  const then = await contentAt(store, history, withAncestors(history, new Set([...early, ...of])));
  const now = JSON.parse(object.text) as Content;
  const { id, revision: ifRevision } = object;
  if (before === undefined) return uncreated({ object: id, ifRevision }, then, now);
  const { leaves, kept } = reverted(before, then ?? before, now);
  const change: Change | null =
    leaves.length === 0 ? null : { kind: "revert", object: id, ifRevision, leaves };
  const flag = leaves.find(({ path }) => path === FLAG);
  const how = flag === undefined ? "restored" : flag.value === undefined ? "undeleted" : "deleted";
  return { change, how, kept };
}

/** An object that the run brought is deleted, unless somebody has worked on it since. */
function uncreated(
  which: Pick<Change, "object" | "ifRevision">,
  then: Content | undefined,
  now: Content,
): Reversal {
  const how = "deleted";
  if (now[DELETED_KEY] === true) return { change: null, how, kept: [] };
  const kept = differing(leavesOf(then ?? {}), leavesOf(now));
  return { change: kept.length > 0 ? null : { kind: "delete", ...which }, how, kept };
}

function reverted(
  before: Content,
  then: Content,
  now: Content,
): { readonly leaves: readonly LeafValue[]; readonly kept: readonly string[] } {
  const [old, made, current] = [leavesOf(before), leavesOf(then), leavesOf(now)];
  const leaves: LeafValue[] = [];
  const kept: string[] = [];
  for (const path of differing(old, made)) {
    const [value, standing] = [old.get(path), current.get(path)];
    if (same(standing, value)) continue;
    if (!same(standing, made.get(path))) kept.push(path);
    else leaves.push(value === undefined ? { path } : { path, value });
  }
  return { leaves, kept };
}

/** The paths at which two contents have not the same. */
function differing(a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): string[] {
  const paths = new Set([...a.keys(), ...b.keys()]);
  return [...paths].filter((path) => !same(a.get(path), b.get(path))).sort();
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameJson(a, b);
}

function withAncestors(history: readonly Known[], ids: Set<RevisionId>): ReadonlySet<RevisionId> {
  // The newest first, so that each is met before its parents.
  for (const { id, parents } of history) {
    if (ids.has(id)) for (const parent of parents) ids.add(parent);
  }
  return ids;
}

/** What some revisions of an object amount to, with all that they build on among them. */
async function contentAt(
  store: Reader,
  history: readonly Known[],
  ids: ReadonlySet<RevisionId>,
): Promise<Content | undefined> {
  const parents = new Set(
    history.filter(({ id }) => ids.has(id)).flatMap((revision) => revision.parents),
  );
  const heads = [...ids].filter((id) => !parents.has(id));
  const [only] = heads;
  if (only === undefined) return undefined;
  const text =
    heads.length === 1 ? await store.contentTextAt(only) : await store.mergedTextAt(heads);
  return JSON.parse(text) as Content;
}
