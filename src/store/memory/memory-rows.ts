import type { InstanceId, Lsn, ObjectId } from "../../base/ids.ts";
import { isBelow } from "../../base/pointer.ts";
import { parseStoredRevision, textOf, textOfCreation } from "../../log/stored-json.ts";
import type { Gone, LogEntry, ObjectWrite, Refused } from "../../log/writes.ts";
import type { Revision } from "../../model/record.ts";
import { nameKey } from "../../names/claim.ts";
import type { ConflictFilter, ConflictRow, ObjectFilter } from "../rows.ts";

/** A log entry with where it came from. */
export interface MemoryEntry extends LogEntry {
  readonly source: InstanceId | null;
}

export function recordOf({ bytes, lsn }: MemoryEntry): Revision {
  return parseStoredRevision(textOf(bytes), `rev lsn=${lsn}`);
}

const created = new WeakMap<Uint8Array, string>();

/** The canonical content of the creation in an entry, read out of its record once. */
export function createdText({ bytes }: MemoryEntry, id: ObjectId): string {
  const known = created.get(bytes);
  if (known !== undefined) return known;
  const text = textOfCreation(bytes, `obj ${id}`);
  created.set(bytes, text);
  return text;
}

/** An object with its newest change. */
export interface MemoryObject extends ObjectWrite {
  readonly changed: Lsn;
  /** It stays home, or did once. */
  readonly everWithheld: boolean;
  /** As in {@link NamingWrite}. */
  readonly effectiveName: string | null;
  readonly canonical: ObjectId | null;
}

/** An object that is removed; it stays home, or did once. */
export interface MemoryGone extends Gone {
  readonly everWithheld: boolean;
}

/** Where the cursor of a peer and scope is kept. */
export function cursorKey(peer: InstanceId, scope: string): string {
  return `${peer}#${scope}`;
}

/** Tells the revisions of an object from all other entries, stubs of it among them. */
export function isRevisionOf(id: ObjectId): (entry: MemoryEntry) => boolean {
  return ({ kind, envelope }) => kind === "revision" && envelope.object === id;
}

/** A quarantined record with where and when it came. */
export interface MemoryRefused extends Refused {
  readonly source: InstanceId | null;
  readonly receivedMs: number;
}

/** The name that an object goes by; null when it is deleted. */
export function shownName({ deleted, effectiveName, name }: MemoryObject): string | null {
  return deleted ? null : (effectiveName ?? name);
}

function goesBy({ effectiveName, name }: MemoryObject, wanted: string): boolean {
  if (effectiveName !== null) return effectiveName === wanted;
  return name !== null && nameKey(name) === nameKey(wanted);
}

/** True for an object that a filter asks for. */
export function matches(object: MemoryObject, filter: ObjectFilter): boolean {
  return (
    (filter.type === undefined || object.type === filter.type) &&
    (filter.name === undefined || goesBy(object, filter.name)) &&
    (filter.idPrefix === undefined || object.id.startsWith(filter.idPrefix)) &&
    (filter.includeDeleted === true || !object.deleted) &&
    (filter.after === undefined || object.id > filter.after)
  );
}

/** True for a conflict that a filter asks for. */
export function isAskedFor(row: ConflictRow, filter: ConflictFilter): boolean {
  const { status, type, object, path, after = "" } = filter;
  return (
    (status === undefined || row.status === status) &&
    (type === undefined || row.type === type) &&
    (object === undefined || row.object === object) &&
    (path === undefined || row.path === path || isBelow(row.path, path)) &&
    row.id > after
  );
}

/** The tables in memory that are plain maps. */
export const MAPS: readonly [
  ...["lsnOf", "changesets", "objects", "gone", "epochs", "conflicts", "refused"],
  ...["cursors", "links"],
] = [
  ...(["lsnOf", "changesets", "objects", "gone", "epochs", "conflicts", "refused"] as const),
  ...(["cursors", "links"] as const),
];
