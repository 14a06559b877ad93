import { isSynclineError } from "../base/errors.ts";
import { isUuid, type ObjectId } from "../base/ids.ts";
import { checkJson } from "../base/ingress/check-json.ts";
import type { JsonObject } from "../base/json.ts";
import { CHANGESET_REVISIONS_MAX } from "../base/limits.ts";
import { randomId } from "../base/new-ids.ts";
import { checkForm, fromCkan, type StoredObject } from "../catalog/index.ts";
import type { AuthorOutcome, Change } from "../log/author.ts";
import type { ObjectRow } from "../store/rows.ts";
import { authorInParts } from "./author-in-parts.ts";
import { checkEditable, checkType } from "./editable.ts";
import { findObject } from "./find-object.ts";
import type { Attribution, EditAttribution, ObjectRef } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";
import { resolveNames } from "./resolve-names.ts";

/** What an edit does to an object that is there. */
export type Edit = Change extends infer One
  ? One extends { readonly kind: "put" }
    ? never
    : Omit<One, "object" | "ifRevision">
  : never;

/** What changes are planned with: they name objects by id. */
type Planning = Pick<InstanceParts, "store" | "random" | "edition"> & {
  readonly search: Pick<InstanceParts["search"], "query">;
};

/** What creates an object from CKAN's form: what is embedded in it first, itself last. */
export async function planCreation(
  { store, random, edition: { types } }: Omit<Planning, "search">,
  type: string,
  value: JsonObject,
): Promise<readonly Change[]> {
  checkType(type, types);
  checkJson(value);
  checkForm(value);
  const form = await resolveNames(store, type, value, types);
  const isDerived = types.get(type)?.derivesId === true;
  const identified = isDerived ? form : withId(form, () => randomId(random));
  const { object, embedded } = fromCkan(type, identified, types);
  return [...embedded.map((found) => put(found, "absent")), put(object, "create")];
}

/**
 * Creates an object from CKAN's form, with what is embedded in it: in one changeset, unless that is
 * more than one can hold; then what is embedded comes first. Throws `OBJECT_EXISTS` …
 */
export async function createObject(
  parts: InstanceParts,
  type: string,
  value: JsonObject,
  by: Attribution,
): Promise<AuthorOutcome> {
  const changes = await planCreation(parts, type, value);
  const message = by.message ?? `create ${type} ${String(value.name ?? changes.at(-1)?.object)}`;
  const command = { author: by.author, message, changes };
  let sum: AuthorOutcome = { changeset: null, revisions: [], unchanged: 0 };
  for await (const part of authorInParts(parts.store, command, CHANGESET_REVISIONS_MAX)) {
    sum = {
      changeset: part.changeset,
      revisions: [...sum.revisions, ...part.revisions],
      unchanged: sum.unchanged + part.unchanged,
    };
  }
  return sum;
}

/**
 * A new object is itself: two sites that create one of the same name have two, which clash by
 * name. Only what says everything by its id, as a tag or rating does, is the same made anywhere.
 */
function withId(value: JsonObject, newId: () => string): JsonObject {
  const given = value.id !== undefined && value.id !== null && value.id !== "";
  return given ? value : { ...value, id: newId() };
}

function put({ id, type, content }: StoredObject, mode: "absent" | "create"): Change {
  return { kind: "put", object: id, type, content, mode };
}

/** Makes one edit to the object that `ref` names. */
export async function editObject(
  parts: InstanceParts,
  ref: ObjectRef,
  edit: Edit,
  by: EditAttribution,
): Promise<AuthorOutcome> {
  const { change, subject } = await planEdit(parts, ref, edit, by);
  const { id, type, name } = subject;
  const message = by.message ?? `${edit.kind === "set" ? "edit" : edit.kind} ${type} ${name ?? id}`;
  return parts.store.author({ author: by.author, message, changes: [change] });
}

/** What an edit to the object that `ref` names comes to, and which object that is. */
export async function planEdit(
  parts: Planning,
  ref: ObjectRef,
  edit: Edit,
  { ifRevision }: Pick<EditAttribution, "ifRevision"> = {},
): Promise<{ readonly change: Change; readonly subject: Subject }> {
  const { store, edition } = parts;
  checkJson(edit);
  const subject = await subjectOf(parts, ref, edit);
  if (edit.kind !== "purge" && edit.kind !== "shun") checkEditable(subject, edition);
  const condition = ifRevision === undefined ? {} : { ifRevision };
  const resolved =
    edit.kind === "set"
      ? { ...edit, value: await resolveNames(store, subject.type, edit.value, edition.types) }
      : edit;
  return { change: { object: subject.id, ...condition, ...resolved } as Change, subject };
}

type Subject = Pick<ObjectRow, "id" | "type" | "name">;

/** What an edit is about: an object; or, for a purge, the id of one that may be shunned here. */
async function subjectOf(
  { store, search }: Planning,
  ref: ObjectRef,
  { kind }: Edit,
): Promise<Subject> {
  try {
    return await findObject(store, search, ref);
  } catch (error) {
    const id = ref.toLowerCase();
    const isNotHere = isSynclineError(error, "OBJECT_NOT_FOUND");
    if (kind !== "purge" || !isNotHere || !isUuid(id)) throw error;
    return { id: id as ObjectId, type: "object", name: null };
  }
}
