import { compareCodeUnits } from "../../base/canonical.ts";
import type { ErrorCode } from "../../base/error-codes.ts";
import { isSynclineError } from "../../base/errors.ts";
import { type InstanceId, instanceOf, type Lsn, type ObjectId } from "../../base/ids.ts";
import { isBelow } from "../../base/pointer.ts";
import type { Change, Resolution } from "../../log/author.ts";
import type { ConflictCandidate } from "../../merge/conflict.ts";
import type { Content } from "../../model/content.ts";
import type { Revision } from "../../model/record.ts";
import type { ConflictRow } from "../../store/rows.ts";
import type { Attribution } from "../instance.ts";
import { instanceNamed } from "../instance-names.ts";
import type { InstanceParts } from "../parts.ts";
import { resolutionsOf } from "./decisions.ts";
import { type ConflictQuery, filterOf } from "./find-conflict.ts";

/** One rule for many open conflicts: whose edit to take. */
export interface ResolveRule extends Pick<ConflictQuery, "type" | "object" | "path"> {
  /** `newest`, `oldest`, or the name or id of an instance. */
  readonly take: string;
}

/** What became of many conflicts. */
export interface ResolveReport {
  readonly resolved: number;
  /** Those to which the rule says nothing: no candidate of that instance, a name to be changed. */
  readonly skipped: number;
  readonly changesets: number;
  readonly revisions: number;
  /** Those whose decision could not be stored. */
  readonly refused: readonly { readonly id: string; readonly code: ErrorCode }[];
}

/** What one changeset decides at most, so that it stays small. */
const CHANGESET_CONFLICTS_MAX = 200;

/** Decides all open conflicts that fit, by one rule. What could not be stored is counted. */
export async function resolveConflicts(
  parts: InstanceParts,
  { take, ...query }: ResolveRule,
  by: Attribution,
): Promise<ResolveReport> {
  const choose = await chooser(parts, take);
  const filter = await filterOf(parts, { ...query, limit: CHANGESET_CONFLICTS_MAX });
  const message = by.message ?? `resolve conflicts: take ${take}`;
  const round = new Round(parts, choose, { author: by.author, message });
  let after: string | undefined;
  for (;;) {
    const head = (await parts.store.head()).lsn;
    const page = { ...filter, status: "open", ...(after === undefined ? {} : { after }) } as const;
    const rows = await parts.store.conflicts(page);
    after = rows.at(-1)?.id;
    if (after === undefined) return round.report;
    await round.decide(rows, head);
  }
}

/** The candidate that a rule takes; undefined for none. */
type Choose = (candidates: readonly Known[]) => Known | undefined;

/** A candidate, and the revision behind it. */
interface Known {
  readonly candidate: ConflictCandidate;
  readonly record: Revision;
}

async function chooser(parts: InstanceParts, take: string): Promise<Choose> {
  const sorted = (all: readonly Known[]): Known[] =>
    all.toSorted(
      (a, b) => a.record.hlc - b.record.hlc || compareCodeUnits(a.record.id, b.record.id),
    );
  if (take === "newest") return (all) => sorted(all).at(-1);
  if (take === "oldest") return (all) => sorted(all)[0];
  const instance: InstanceId = await instanceNamed(parts, take);
  return (all) => sorted(all).findLast(({ record }) => instanceOf(record.actor) === instance);
}

/** The decisions about one object: each change decides at paths that do not touch. */
interface ObjectDecisions {
  readonly conflicts: readonly string[];
  readonly changes: readonly Change[];
}

class Round {
  readonly #parts: InstanceParts;
  readonly #choose: Choose;
  readonly #by: Required<Attribution>;
  report: ResolveReport = { resolved: 0, skipped: 0, changesets: 0, revisions: 0, refused: [] };

  constructor(parts: InstanceParts, choose: Choose, by: Required<Attribution>) {
    this.#parts = parts;
    this.#choose = choose;
    this.#by = by;
  }

  /** Decides conflicts that were read when the log ended at `head`. */
  async decide(rows: readonly ConflictRow[], head: Lsn): Promise<void> {
    const objects: ObjectDecisions[] = [];
    for (const [id, own] of Map.groupBy(rows, ({ object }) => object)) {
      const decisions = await this.#decisions(id, own, head);
      if (decisions.conflicts.length > 0) objects.push(decisions);
    }
    if (objects.length === 0 || (await this.#store(objects))) return;
    for (const one of objects) await this.#store([one]);
  }

  async #decisions(
    object: ObjectId,
    rows: readonly ConflictRow[],
    head: Lsn,
  ): Promise<ObjectDecisions> {
    const { store, edition } = this.#parts;
    const row = await store.object(object);
    const isStale = row === undefined || row.lsn > head;
    if (isStale || !edition.types.has(row.type)) {
      const ids = rows.map(({ id }) => id);
      this.#refuse(ids, isStale ? "STALE_EDIT" : "UNKNOWN_TYPE");
      return { conflicts: [], changes: [] };
    }
    const content = JSON.parse(row.text) as Content;
    const conflicts: string[] = [];
    const groups: Resolution[][] = [];
    for (const conflict of rows) {
      const resolutions = await this.#resolutions(conflict, content);
      if (resolutions === undefined) {
        this.report = { ...this.report, skipped: this.report.skipped + 1 };
        continue;
      }
      conflicts.push(conflict.id);
      const group = groups.find((others) => areApart(others, resolutions));
      if (group === undefined) groups.push(resolutions);
      else group.push(...resolutions);
    }
    const changes = groups.map((resolutions, at): Change => {
      const condition = at === 0 ? { ifRevision: row.revision } : {};
      return { kind: "resolve", object, ...condition, resolutions };
    });
    return { conflicts, changes };
  }

  /** What the rule says about a conflict; undefined if nothing. */
  async #resolutions(row: ConflictRow, content: Content): Promise<Resolution[] | undefined> {
    const { store } = this.#parts;
    const known: Known[] = [];
    for (const candidate of row.candidates) {
      const entry = await store.entry(candidate.revision);
      if (entry !== undefined)
        known.push({ candidate, record: JSON.parse(entry.text) as Revision });
    }
    const pick = this.#choose(known)?.candidate.revision;
    if (pick === undefined || (row.kind === "name" && pick !== row.chosen.revision)) {
      return undefined;
    }
    return resolutionsOf(
      row,
      { pick },
      {
        content,
        contentAt: async (id) => JSON.parse(await store.contentTextAt(id)) as Content,
      },
    );
  }

  /** Stores one changeset. False when it was refused for what only some of the objects may be. */
  async #store(objects: readonly ObjectDecisions[]): Promise<boolean> {
    const conflicts = objects.flatMap((one) => one.conflicts);
    const changes = objects.flatMap((one) => one.changes);
    try {
      const { changeset, revisions } = await this.#parts.store.author({ ...this.#by, changes });
      const { report } = this;
      this.report = {
        ...report,
        resolved: report.resolved + conflicts.length,
        changesets: report.changesets + (changeset === null ? 0 : 1),
        revisions: report.revisions + revisions.length,
      };
      return true;
    } catch (error) {
      if (!isSynclineError(error, ...OF_ONE_OBJECT)) throw error;
      if (objects.length > 1) return false;
      this.#refuse(conflicts, error.code);
      return true;
    }
  }

  #refuse(ids: readonly string[], code: ErrorCode): void {
    const refused = [...this.report.refused, ...ids.map((id) => ({ id, code }))];
    this.report = { ...this.report, refused };
  }
}

/** Faults that may be of one object alone; all others end the work. */
const OF_ONE_OBJECT: ErrorCode[] = [
  "STALE_EDIT",
  "CONFLICT_NOT_FOUND",
  "OBJECT_NOT_FOUND",
  "OBJECT_PURGED",
  "OBJECT_PARKED",
  "INVALID_OBJECT",
  "INVALID_PATCH",
  "CLASHING_WRITES",
  "INPUT_TOO_LARGE",
  "CHANGESET_TOO_LARGE",
];

/** True when no path of one list is that of another, or above or below it. */
function areApart(some: readonly Resolution[], others: readonly Resolution[]): boolean {
  return !some.some(({ path: a }) =>
    others.some(
      ({ path: b }) =>
        a !== undefined && b !== undefined && (a === b || isBelow(a, b) || isBelow(b, a)),
    ),
  );
}
