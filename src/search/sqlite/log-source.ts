import type { Lsn, ObjectId } from "../../base/ids.ts";
import type { LogHead } from "../../log/reader.ts";
import type { LogChange, ObjectFilter, ObjectRow } from "../../store/rows.ts";

export interface DerivedName {
  readonly id: ObjectId;
  readonly name: string;
}

/** The part of a store that an index follows: the reading methods of a synchronous one. */
export interface LogSource {
  head(): LogHead;
  chainAt(lsn: Lsn): Uint8Array | undefined;
  /** The entries after a position, in log order: no more of them than an index needs. */
  changes(after: Lsn, limit: number): readonly LogChange[];
  /** The policy in force and what the program knows, hashed, and the objects that depend on it. */
  policyHash(): string;
  merged(): readonly ObjectId[];
  /** What objects go by that do not go by their own name. */
  derivedNames(): readonly DerivedName[];
  object(id: ObjectId): ObjectRow | undefined;
  objects(filter: ObjectFilter): readonly ObjectRow[];
}
