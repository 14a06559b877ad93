import { canonicalize } from "../base/canonical.ts";
import { isSynclineError } from "../base/errors.ts";
import type { RevisionId } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import { nameOf, readForm, toCkan, visibleDocument } from "../catalog/index.ts";
import { objectsOf } from "../store/objects-of.ts";
import type { ObjectRow } from "../store/rows.ts";
import { findObject } from "./find-object.ts";
import { textAtRevision } from "./find-revision.ts";
import type { ObjectRef, ObjectView } from "./instance.ts";
import { splitRevision } from "./parse-ref.ts";
import type { InstanceParts } from "./parts.ts";
import { ReferenceContents, withName } from "./reference-contents.ts";

/** One object as it is, or as it was at the revision that `ref` ends in. */
export async function getObject(parts: InstanceParts, ref: ObjectRef): Promise<ObjectView> {
  const { store, search } = parts;
  const split = splitRevision(ref);
  if (split === undefined) return viewNow(parts, await findObject(store, search, ref));
  let row: ObjectRow;
  try {
    row = await findObject(store, search, split.ref);
  } catch (error) {
    if (!isSynclineError(error, "OBJECT_NOT_FOUND")) throw error;
    // The name itself may end like that.
    return viewNow(parts, await findObject(store, search, ref));
  }
  const { id: revision, text } = await textAtRevision(store, row, split.revision);
  const content = JSON.parse(text) as JsonObject;
  return view(
    parts,
    { ...row, effectiveName: nameOf(row.type, content) ?? null },
    revision,
    content,
  );
}

function viewNow(parts: InstanceParts, row: ObjectRow): Promise<ObjectView> {
  return view(parts, row, row.revision, JSON.parse(row.text) as JsonObject);
}

async function view(
  { store, edition: { types } }: InstanceParts,
  { id, type, heads, effectiveName, parked }: ObjectRow,
  revision: RevisionId,
  content: JsonObject,
): Promise<ObjectView> {
  const name = nameOf(type, content) ?? null;
  const references = new ReferenceContents(store);
  const shown = withName(content, effectiveName);
  const ckan = await references.run((lookup) => toCkan(type, id, shown, lookup, types));
  const document = visibleDocument(readForm(type, content, types)) ?? null;
  const waits = parked ? { parked } : {};
  const departures = await store.departures({ object: id });
  const left = [...new Set(departures.map(({ peer }) => peer))];
  const marks = { ...waits, ...(left.length === 0 ? {} : { left }) };
  return { id, type, name, effectiveName, heads, revision, ...marks, document, ckan };
}

/**
 * Live objects of a type in CKAN form, canonical JSON, in id order: the same lines on every
 * instance that holds the same state. Objects that change meanwhile come as they are when their
 * turn comes.
 */
export async function* exportObjects(parts: InstanceParts, type: string): AsyncGenerator<string> {
  const references = new ReferenceContents(parts.store);
  const { types } = parts.edition;
  const print = (row: ObjectRow, content: JsonObject): Promise<JsonObject> =>
    references.run((lookup) => toCkan(type, row.id, content, lookup, types));
  for await (const row of objectsOf(parts.store, type)) {
    const content = withName(JSON.parse(row.text) as JsonObject, row.effectiveName);
    yield canonicalize(await print(row, content));
  }
}
