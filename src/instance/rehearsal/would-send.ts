import { BATCH_BYTES_MAX, BATCH_REVISIONS_MAX } from "../../base/limits.ts";
import { linesOf } from "../../log/lines-of.ts";
import { parseStub } from "../../log/stub.ts";
import type { Revision } from "../../model/record.ts";
import type { EnteredPoint, LinkRow, LogPage } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { runScope } from "../../sync/scope-ref.ts";

/** What would be sent: of what came from the peer nothing, and only what the link carries. */
export interface WouldSend {
  readonly revisions: number;
  readonly objects: number;
}

const LIMITS = { revisions: BATCH_REVISIONS_MAX, bytes: BATCH_BYTES_MAX };

/** By a copy of the store, since what is inside a scope is written down where it is found out. */
export async function wouldSend(
  copy: Store,
  link: LinkRow,
  types: readonly string[] | undefined,
): Promise<WouldSend> {
  const scope = runScope(link, types);
  let state = await copy.evaluateScope(scope);
  while (state?.isCurrent === false) state = await copy.evaluateScope(scope);
  const within = { hash: scope.hash, round: state?.round ?? 0 };
  const confirmed = types === undefined ? (link.confirmed ?? 0) : 0;
  const sent = new Sent();
  let told: EnteredPoint | undefined;
  while (confirmed > 0) {
    const filter = { ...within, upTo: confirmed, after: told };
    const page = await copy.readEntered(filter, LIMITS);
    if (page === undefined) break;
    sent.add(page);
    told = page.last;
  }
  const skip = link.peer ?? undefined;
  for (let after = confirmed; ; ) {
    const page = await copy.readPage(after, { ...LIMITS, within, skip });
    if (page === undefined) return sent.counts;
    sent.add(page);
    after = page.to;
  }
}

class Sent {
  readonly #objects = new Set<string>();
  #revisions = 0;

  get counts(): WouldSend {
    return { revisions: this.#revisions, objects: this.#objects.size };
  }

  add({ bytes }: LogPage): void {
    for (const line of linesOf(bytes)) {
      if (parseStub(line) !== undefined) continue;
      const { object } = JSON.parse(Buffer.from(line).toString()) as Partial<Revision>;
      // A changeset is about none.
      if (object === undefined) continue;
      this.#objects.add(object);
      this.#revisions += 1;
    }
  }
}
