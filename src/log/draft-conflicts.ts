import type { ObjectId } from "../base/ids.ts";
import type { ConflictRecord } from "../merge/conflict-log.ts";
import type { DraftObject } from "./draft-object.ts";
import type { LogReader } from "./reader.ts";

/** Whose conflicts, and whether any are stored. */
type Contested = Pick<DraftObject, "id" | "contested">;

/** The conflict logs that a plan writes, over those that are stored. */
export class DraftConflicts {
  readonly #reader: LogReader;
  readonly #logs = new Map<ObjectId, readonly ConflictRecord[]>();
  #fresh = 0;

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  /** How many open conflicts were recorded that were not known before. */
  get fresh(): number {
    return this.#fresh;
  }

  /** The log of an object; of one path where that is given. */
  of({ id, contested }: Contested, path?: string): readonly ConflictRecord[] {
    const drafted = this.#logs.get(id);
    if (drafted === undefined) return contested ? this.#reader.conflictsOf(id, path) : [];
    return path === undefined ? drafted : drafted.filter((record) => record.path === path);
  }

  record(object: Contested, records: readonly ConflictRecord[]): void {
    const known = this.#idsOf(object);
    const isFresh = ({ id, status }: ConflictRecord) => status === "open" && !known.has(id);
    this.#fresh += records.filter(isFresh).length;
    this.replace(object.id, records);
  }

  /** The same where nothing counts as new. */
  replace(object: ObjectId, records: readonly ConflictRecord[]): void {
    this.#logs.set(object, records);
  }

  /** A record holds what each of its candidates says; its id alone costs nothing. */
  #idsOf({ id, contested }: Contested): ReadonlySet<string> {
    const drafted = this.#logs.get(id)?.map((record) => record.id);
    return new Set(drafted ?? (contested ? this.#reader.conflictIdsOf(id) : []));
  }

  writes(): { object: ObjectId; records: readonly ConflictRecord[] }[] {
    return [...this.#logs].map(([object, records]) => ({ object, records }));
  }
}
