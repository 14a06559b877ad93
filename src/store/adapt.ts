import type { ObjectId } from "../base/ids.ts";
import { LogDraft } from "../log/draft.ts";
import { isLess, printVersions, type Versions, versionsOf } from "../log/edition.ts";
import { rederive } from "../log/rederive.ts";
import { doubtScopes } from "../scope/evaluate-scope.ts";
import type { PlanTables } from "./planning-store.ts";

/** The tables of a store whose state an older or newer program may have derived. */
export interface AdaptTables extends PlanTables {
  /** What the program knew that derived the state. */
  knownVersions(): Versions;
  saveKnownVersions(versions: Versions): void;
  /** All objects that are here, or those that are parked, a page at a time. */
  objectPages(which: "all" | "parked"): Iterable<readonly ObjectId[]>;
}

/**
 * Brings a store to what this program knows, in one transaction: what waited for it is derived, and
 * what it does not know any more, because a newer program was here before, is parked. Does nothing
 * where a program of the same age was here last.
 */
export function adapt(tables: AdaptTables): void {
  const now = versionsOf(tables.edition);
  const before = tables.knownVersions();
  if (printVersions(now) === printVersions(before)) return;
  tables.transaction(() => {
    for (const page of tables.objectPages(isLess(now, before) ? "all" : "parked")) {
      rederivePage(tables, page);
    }
    doubtScopes(tables.scopes);
    tables.saveKnownVersions(now);
  });
}

/** Derives everything of some stored objects anew. */
export function rederivePage(tables: PlanTables, page: readonly ObjectId[]): void {
  tables.transaction(() => {
    const draft = new LogDraft(tables);
    rederive(draft, page);
    tables.write({ ...draft.writes(), refused: [], released: [] }, null, null);
  });
}
