import type { Lsn, RevisionId } from "../../../src/base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../../src/base/limits.ts";
import type { Revision } from "../../../src/model/record.ts";
import type { EntryRow } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import type { ClaimedLog } from "../checkers/claims.ts";
import type { LoggedRevision } from "../checkers/world-state.ts";

/** What observers know of one instance's log: read from its store after each commit. */
export class LogMirror implements ClaimedLog {
  readonly #log: LoggedRevision[] = [];
  readonly #ids = new Set<RevisionId>();

  get length(): number {
    return this.#log.length;
  }

  idAt(lsn: Lsn): RevisionId | undefined {
    return this.#log[lsn - 1]?.id;
  }

  holds(id: RevisionId): boolean {
    return this.#ids.has(id);
  }

  /** Reads what is new, and returns it. */
  async update(store: Store): Promise<readonly LoggedRevision[]> {
    const fresh = await readLog(store, this.#log.at(-1)?.lsn ?? 0);
    for (const entry of fresh) {
      this.#log.push(entry);
      this.#ids.add(entry.id);
    }
    return fresh;
  }
}

/** The log of a store after a position. */
export async function readLog(store: Store, after: Lsn = 0): Promise<LoggedRevision[]> {
  const log: LoggedRevision[] = [];
  for (let from = after; ; ) {
    const page = await store.entries({ after: from, limit: PAGE_ITEMS_MAX });
    log.push(...page.map(logged));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ITEMS_MAX) return log;
    from = last.lsn;
  }
}

function logged({ lsn, id, object, text, source, hash }: EntryRow): LoggedRevision {
  const { parents, actor, seq, hlc } = JSON.parse(text) as Revision;
  return { lsn, id, object, parents, actor, seq, hlc, source, hash };
}
