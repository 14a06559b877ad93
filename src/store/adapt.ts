import type { ObjectId } from "../base/ids.ts";
import { LogDraft } from "../log/draft.ts";
import { isLess, printVersions, readsMore, type Versions, versionsOf } from "../log/edition.ts";
import { rederive } from "../log/rederive.ts";
import { doubtScopes } from "../scope/kept-scopes.ts";
import type { PlanTables } from "./plan-tables.ts";
import type { QuarantineRow } from "./rows.ts";

/** The tables of a store whose state an older or newer program may have derived. */
export interface AdaptTables extends PlanTables {
  /** What the program knew that derived the state. */
  knownVersions(): Versions;
  saveKnownVersions(versions: Versions): void;
  /** All objects that are here, or those that are parked, a page at a time. */
  objectPages(which: "all" | "parked"): Iterable<readonly ObjectId[]>;
}

/** What was refused, and how to take it as if it came again. */
export interface RefusedRecords {
  quarantine(): readonly Pick<QuarantineRow, "key" | "code" | "bytes">[];
  retryQuarantined(keys: readonly string[]): unknown;
}

/** Records that are tried again together. */
const RETRY_AT_ONCE = 200;

/**
 * Brings a store to what this program knows, in one transaction: what waited for it is derived, and
 * what it does not know any more, because a newer program was here before, is parked. Does nothing
 * where a program of the same age was here last. What was refused because it could not be read is tried
 * again where more can be read now.
 */
export function adapt(tables: AdaptTables, refused: RefusedRecords): void {
  const now = versionsOf(tables.edition);
  const before = tables.knownVersions();
  if (printVersions(now) === printVersions(before)) return;
  tables.transaction(() => {
    for (const page of tables.objectPages(isLess(now, before) ? "all" : "parked")) {
      rederivePage(tables, page);
    }
    doubtScopes(tables.scopes);
    if (readsMore(now, before)) retryUnread(refused);
    tables.saveKnownVersions(now);
  });
}

function retryUnread(refused: RefusedRecords): void {
  const unread = refused
    .quarantine()
    .filter(({ code }) => code === "INVALID_RECORD")
    .map(({ key }) => key);
  for (let at = 0; at < unread.length; at += RETRY_AT_ONCE) {
    refused.retryQuarantined(unread.slice(at, at + RETRY_AT_ONCE));
  }
}

/** Derives everything of some stored objects anew. */
export function rederivePage(tables: PlanTables, page: readonly ObjectId[]): void {
  tables.transaction(() => {
    const draft = new LogDraft(tables);
    rederive(draft, page);
    tables.write({ ...draft.writes(), refused: [], released: [] }, null, null);
  });
}
