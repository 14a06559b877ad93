import { type Lsn, type RevisionId, uuidBytes } from "../../base/ids.ts";
import type { Head, ObjectState } from "../../log/reader.ts";
import type { ObjectWrite } from "../../log/writes.ts";
import { nameKey } from "../../names/claim.ts";
import type { ObjectTuple } from "./statements.ts";
import { storedBytes, storedUuid } from "./stored-values.ts";

/** What the statements `addObject` and `setObject` write of an object, in their order. */
export function objectValues(object: ObjectWrite): readonly unknown[] {
  const { type, heads, revision, parked, body, bodyHash, name, deleted } = object;
  const changed = heads.reduce((newest, { lsn }) => Math.max(newest, lsn), 0);
  const isHead = heads.length === 1 && heads[0]?.id === revision;
  const merge = isHead ? null : uuidBytes(revision);
  const normal = name === null ? null : nameKey(name);
  const space = object.space === type ? null : object.space;
  const key = normal === name ? null : normal;
  const writer = heads.find((head) => head.id === object.nameWriter)?.lsn ?? null;
  const hash = Buffer.from(bodyHash, "hex");
  const state = [heads.length, changed, body, hash, name, deleted ? 1 : 0, changed];
  return [...state, merge, parked ? 1 : 0, space, key, writer, object.withheld];
}

/** What the row of an object says, beside its heads; `record` is the served one, where that is needed. */
export function stateIn(
  [, type, , , body, bodyHash, merge, ...derived]: ObjectTuple,
  newest: Head,
  record: Buffer | undefined,
  idAt: (lsn: Lsn) => RevisionId,
): Omit<ObjectState, "id" | "heads"> {
  const [parked, contested, nameWriter, derivedName, deleted] = derived;
  return {
    type,
    revision: merge === null ? newest.id : storedUuid(merge),
    source: body ?? storedBytes(record),
    bodyHash: storedBytes(bodyHash).toString("hex"),
    deleted: deleted === 1,
    parked: parked === 1,
    contested: contested === 1,
    nameWriter: nameWriter === null ? null : idAt(nameWriter),
    derivedName,
  };
}
