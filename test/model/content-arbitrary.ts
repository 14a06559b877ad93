import fc from "fast-check";
import type { RevisionId } from "../../src/base/ids.ts";
import type { Json } from "../../src/base/json.ts";
import type { Content } from "../../src/model/content.ts";
import { DELETED_KEY, type Revision, type Write } from "../../src/model/record.ts";
import { json, key, safeNumber, text } from "../base/json-arbitrary.ts";
import { CHANGE, uuid } from "../hostile/case.ts";

const leaf: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(null, true, false, 1, "x"),
  safeNumber,
  text,
  fc.array(json, { maxLength: 2 }),
);

/** Few keys, so that two contents meet at the same paths, as scalar here and as map there. */
const contentKey = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "b", "c", "a-", "10", "9") },
  key,
);

/** Contents of any shape: maps of maps of leaves with flags, without empty maps. */
export const content: fc.Arbitrary<Content> = fc
  .letrec<{ map: Content; member: Json }>((tie) => ({
    member: fc.oneof({ maxDepth: 4 }, leaf, tie("map")),
    map: fc
      .tuple(
        fc.dictionary(contentKey, tie("member"), { minKeys: 1, maxKeys: 5 }),
        fc.nat({ max: 5 }),
      )
      .map(([members, dice]) => withFlag(members, dice === 0)),
  }))
  .map.map((members) => withFlag(members, false));

function withFlag(members: { [key: string]: Json }, deleted: boolean): Content {
  const { [DELETED_KEY]: _, ...others } = members;
  const flagged = members[DELETED_KEY] === true || deleted;
  const rest = Object.keys(others).length === 0 && !flagged ? { a: 1 } : others;
  return flagged ? { ...rest, [DELETED_KEY]: true } : rest;
}

/** A revision around a patch; no parents for a creation. */
export function revisionOf(patch: readonly Write[], fields: Partial<Revision> = {}): Revision {
  return { ...(CHANGE as unknown as Revision), patch, ...fields };
}

export const PARENT: RevisionId = uuid(10) as RevisionId;
