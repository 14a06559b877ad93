import { instanceOf, type ObjectId } from "../base/ids.ts";
import type { Claim } from "../names/claim.ts";
import { type Naming, unnamed } from "../names/naming.ts";
import { nameAll, planNames } from "../names/plan-names.ts";
import type { ClaimChange } from "../names/space-claims.ts";
import type { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";
import type { LogReader, StoredNaming } from "./reader.ts";
import { withNames } from "./settle.ts";
import type { ConflictsWrite, NamingWrite } from "./writes.ts";

/** What becomes of names and name clashes. */
export interface SettledNames {
  readonly namings: readonly NamingWrite[];
  readonly conflicts: readonly ConflictsWrite[];
}

/** Derives the names of all objects whose naming changes with some objects and without others. */
export function settleNames(
  draft: LogDraft,
  reader: LogReader,
  changed: readonly DraftObject[],
  gone: readonly ObjectId[],
): SettledNames {
  const changes: ClaimChange[] = [];
  const plain = new Set<ObjectId>();
  for (const object of changed) {
    const before = object.isNew ? undefined : reader.claimOf(object.id);
    const after = claimOf(draft, object);
    if (object.isNew) plain.add(object.id);
    if (!sameClaim(before, after)) changes.push({ before, after });
  }
  for (const id of gone) changes.push({ before: reader.claimOf(id), after: undefined });
  const removed = new Set(gone);
  const settled: Settling = { namings: [], conflicts: [] };
  for (const naming of planNames(reader, draft.policy.policy, changes)) {
    const { object } = naming;
    if (removed.has(object)) continue;
    settleName(draft, naming, plain.has(object) ? undefined : reader.namingOf(object), settled);
  }
  return settled;
}

/**
 * Derives the names of all objects anew, and says where they are other ones. `changed`: the objects
 * that say something else now, and so may claim another name than is stored, or one more, or none.
 */
export function renameAll(
  draft: LogDraft,
  reader: LogReader,
  changed: readonly DraftObject[],
): SettledNames {
  const known = new Map<ObjectId, StoredNaming>();
  const claims = new Map<ObjectId, Claim>();
  for (const { claim, naming } of reader.allClaims()) {
    claims.set(claim.object, claim);
    known.set(claim.object, naming);
  }
  const lost: Naming[] = [];
  for (const object of changed) {
    const claim = claimOf(draft, object);
    if (claim !== undefined) claims.set(object.id, claim);
    else if (claims.delete(object.id)) lost.push(unnamed(object.id));
  }
  const namings = [...nameAll(draft.policy.policy, claims.values()), ...lost];
  const settled: Settling = { namings: [], conflicts: [] };
  for (const naming of namings) {
    settleName(draft, naming, known.get(naming.object), settled);
  }
  return settled;
}

function claimOf(draft: LogDraft, { id, type, shown, nameWriter }: DraftObject): Claim | undefined {
  const { name, space, deleted } = shown;
  if (deleted || name === null || nameWriter === null) return undefined;
  const { hlc, actor } = draft.authorshipOf(nameWriter);
  const instance = instanceOf(actor);
  return { object: id, type, space, name, instance, hlc, revision: nameWriter };
}

function sameClaim(a: Claim | undefined, b: Claim | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.name === b.name && a.space === b.space && a.revision === b.revision;
}

interface Settling {
  readonly namings: NamingWrite[];
  readonly conflicts: ConflictsWrite[];
}

/**
 * Adds what is not stored so. `stored` is undefined for a new object, which goes by its plain name.
 * Of rivals that the plan does not change nothing but what they go by is read.
 */
function settleName(
  draft: LogDraft,
  { object: id, effectiveName, canonical, conflict }: Naming,
  stored: StoredNaming | undefined,
  settled: Settling,
): void {
  const drafted = draft.isChanged(id) ? draft.object(id) : undefined;
  const name = drafted === undefined ? stored?.name : drafted.shown.name;
  const naming = {
    object: id,
    effectiveName: effectiveName === name ? null : effectiveName,
    canonical: canonical === id ? null : canonical,
  };
  const isNamedSo =
    naming.effectiveName === (stored?.effectiveName ?? null) &&
    naming.canonical === (stored?.canonical ?? null);
  if (!isNamedSo) settled.namings.push(naming);
  const known = stored?.conflict ?? null;
  // The same conflict over another name has another value.
  if (conflict === null ? known === null : isNamedSo && conflict.id === known) return;
  const object = drafted ?? { id, isNew: false, contested: true };
  const others = draft.conflictsOf(object).filter(({ kind }) => kind !== "name");
  const names = conflict === null ? [] : [conflict];
  const records = withNames(others, names, draft.revisionsOf(object));
  settled.conflicts.push({ object: id, records });
}
