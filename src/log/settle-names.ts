import { instanceOf, type ObjectId } from "../base/ids.ts";
import type { Claim } from "../names/claim.ts";
import { type Naming, unnamed } from "../names/naming.ts";
import { nameAll, planNames } from "../names/plan-names.ts";
import type { ClaimChange } from "../names/space-claims.ts";
import type { LogDraft } from "./draft.ts";
import type { DraftObject } from "./draft-object.ts";
import type { LogReader } from "./reader.ts";
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
  const settled = { namings: [] as NamingWrite[], conflicts: [] as ConflictsWrite[] };
  for (const naming of planNames(reader, draft.policy.policy, changes)) {
    if (removed.has(naming.object)) continue;
    const write = namingWrite(draft, naming, plain);
    if (write !== undefined) settled.namings.push(write);
    const conflicts = conflictsWrite(draft, naming, plain);
    if (conflicts !== undefined) settled.conflicts.push(conflicts);
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
  const known = new Map<ObjectId, NamingWrite>();
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
  const nothingNew: ReadonlySet<ObjectId> = new Set();
  const settled = { namings: [] as NamingWrite[], conflicts: [] as ConflictsWrite[] };
  for (const naming of namings) {
    const write = namingWrite(draft, naming, nothingNew);
    if (write !== undefined && !sameNaming(write, known.get(write.object))) {
      settled.namings.push(write);
    }
    const conflicts = conflictsWrite(draft, naming, nothingNew);
    if (conflicts !== undefined) settled.conflicts.push(conflicts);
  }
  return settled;
}

function sameNaming(a: NamingWrite, b: NamingWrite | undefined): boolean {
  return a.effectiveName === b?.effectiveName && a.canonical === b.canonical;
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

/** Undefined for an object that is new and goes by its plain name: it is stored so anyway. */
function namingWrite(
  draft: LogDraft,
  { object, effectiveName, canonical }: Naming,
  plain: ReadonlySet<ObjectId>,
): NamingWrite | undefined {
  const isPlain = effectiveName === null || effectiveName === draft.object(object)?.shown.name;
  if (isPlain && canonical === object && plain.has(object)) return undefined;
  return {
    object,
    effectiveName: isPlain ? null : effectiveName,
    canonical: canonical === object ? null : canonical,
  };
}

function conflictsWrite(
  draft: LogDraft,
  { object: id, conflict }: Naming,
  plain: ReadonlySet<ObjectId>,
): ConflictsWrite | undefined {
  if (conflict === null && plain.has(id)) return undefined;
  const object = draft.object(id);
  if (object === undefined) return undefined;
  const known = draft.conflictsOf(object);
  if (conflict === null && !known.some(({ kind }) => kind === "name")) return undefined;
  const others = known.filter(({ kind }) => kind !== "name");
  const names = conflict === null ? [] : [conflict];
  return { object: id, records: withNames(others, names, draft.revisionsOf(object)) };
}
