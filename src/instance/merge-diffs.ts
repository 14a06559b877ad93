import { SynclineError } from "../base/errors.ts";
import { checkJson } from "../base/ingress/check-json.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import { patchContent, readForm, visibleDocument } from "../catalog/index.ts";
import type { Conflict, ConflictKind } from "../merge/conflict.ts";
import type { Leaf } from "../merge/leaf-writes.ts";
import { FIRST, mergeContents, SECOND } from "../merge/merge-contents.ts";
import { checkWrites } from "../model/check-patch.ts";
import { applyWrites } from "../model/patch.ts";
import type { Write } from "../model/record.ts";
import { applyUserPatch } from "../model/user-patch.ts";
import { checkType } from "./editable.ts";
import { findObject } from "./find-object.ts";
import { textAtRevision } from "./find-revision.ts";
import type { ObjectRef } from "./instance.ts";
import { splitRevision } from "./parse-ref.ts";
import type { InstanceParts } from "./parts.ts";

/** Two diffs, and what they are based on. */
export interface DiffsToMerge {
  /** A document in the stored form, or an object here: `type/name@revision`, or as it is now. */
  readonly base: JsonObject | ObjectRef;
  /** Of a base that is a document; `package` where left out. */
  readonly type?: string;
  /** Each a JSON patch (RFC 6902), or what `diff` gives. The second counts as the newer one. */
  readonly diffs: readonly [Json, Json];
}

/** What two diffs make of a document, as `diff merge --json` prints it. */
export interface MergedDiffs {
  readonly conflicts: readonly DiffConflict[];
  /** The stored form; null when it is deleted. */
  readonly document: JsonObject | null;
}

/** Where the diffs disagree. A `value` (or `base`) that is left out is nothing; `null` is a value. */
export interface DiffConflict {
  readonly base?: Json;
  readonly candidates: readonly { readonly diff: 1 | 2; readonly value?: Json }[];
  /** What stands; `diff` is null where it is of neither alone. */
  readonly chosen: { readonly diff: 1 | 2 | null; readonly value?: Json };
  readonly kind: ConflictKind;
  readonly path: string;
  /** As in a conflict that is listed. */
  readonly rule: string;
}

/**
 * Merges two diffs onto their base, by the rules and the policy that merge revisions; stores nothing.
 * Throws `INVALID_PATCH` and what else a patch may be refused for, with `where` naming the diff.
 */
export async function mergeDiffs(parts: InstanceParts, asked: DiffsToMerge): Promise<MergedDiffs> {
  checkJson(asked as unknown as Json);
  const { types } = parts.edition;
  const { type, base } = await baseOf(parts, asked);
  checkType(type, types);
  const after = (diff: Json, name: string): JsonObject => {
    try {
      if (isJsonObject(diff) && Array.isArray(diff.patch)) {
        checkWrites(diff.patch);
        return applyWrites(base, diff.patch as unknown as Write[]);
      }
      return patchContent(type, base, applyUserPatch(visibleDocument(base) ?? {}, diff), types);
    } catch (error) {
      throw named(error, name);
    }
  };
  const [one, other] = asked.diffs;
  const sides = [after(one, "the first diff"), after(other, "the second diff")] as const;
  const { policy } = (await parts.store.policies()).inForce;
  const { content, conflicts } = mergeContents({ type, base, sides }, policy);
  const document = visibleDocument(readForm(type, content, types)) ?? null;
  return { conflicts: conflicts.map(conflictOfDiffs), document };
}

async function baseOf(
  { store, search }: InstanceParts,
  { base, type = "package" }: DiffsToMerge,
): Promise<{ type: string; base: JsonObject }> {
  if (typeof base !== "string") return { type, base };
  const { ref, revision } = splitRevision(base) ?? { ref: base, revision: undefined };
  const row = await findObject(store, search, ref);
  const text =
    revision === undefined ? row.text : (await textAtRevision(store, row, revision)).text;
  return { type: row.type, base: JSON.parse(text) as JsonObject };
}

function named(error: unknown, name: string): unknown {
  if (!(error instanceof SynclineError)) return error;
  const { code, message, where, hint } = error;
  const place = where === undefined ? name : `${name}, ${where}`;
  return new SynclineError(code, message, { where: place, ...(hint && { hint }), cause: error });
}

function conflictOfDiffs({ base, candidates, chosen, kind, path, rule }: Conflict): DiffConflict {
  const numbered = { [FIRST]: 1, [SECOND]: 2 } as const;
  const diffOf = (revision: string): 1 | 2 => numbered[revision as keyof typeof numbered] as 1 | 2;
  const { revision, value } = chosen;
  return {
    ...stated("base", base),
    candidates: candidates.map((one) => ({
      diff: diffOf(one.revision),
      ...stated("value", one.value),
    })),
    chosen: { diff: revision === null ? null : diffOf(revision), ...stated("value", value) },
    ...{ kind, path, rule },
  };
}

function stated<Name extends string>(name: Name, leaf: Leaf): { readonly [name in Name]?: Json } {
  return (leaf === undefined ? {} : { [name]: leaf }) as { readonly [name in Name]?: Json };
}
