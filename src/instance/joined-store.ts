import type { Lsn } from "../base/ids.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { forwarding } from "../store/forwarding.ts";
import { STORE_METHODS, type Store } from "../store/store.ts";

/** The methods that change a store, or that belong where changes are made. */
type WriterMethod =
  | "author"
  | "apply"
  | "takePolicies"
  | "changePolicy"
  | "beginEpoch"
  | "becomeNew"
  | "learnOwn"
  | "meet"
  | "noteRecovery"
  | "retryQuarantined"
  | "dropQuarantined"
  | "saveSettings"
  | "learnNames"
  | "evaluateScope"
  | "noteLeft"
  | "dropLeft"
  | "saveLink"
  | "removeLink"
  | "saveRun"
  | "verify"
  | "backup";

const WRITER_METHODS: readonly WriterMethod[] = [
  "author",
  "apply",
  "takePolicies",
  "changePolicy",
  "beginEpoch",
  "becomeNew",
  "learnOwn",
  "meet",
  "noteRecovery",
  "retryQuarantined",
  "dropQuarantined",
  "saveSettings",
  "learnNames",
  "evaluateScope",
  "noteLeft",
  "dropLeft",
  "saveLink",
  "removeLink",
  "saveRun",
  "verify",
  "backup",
];

/** The writing side of a store. */
export type StoreWriter = Pick<Store, WriterMethod | "subscribe" | "close">;

/**
 * One store of two: changes go to the writer, everything else is read from the reader, which sees
 * commits only. After each change of the log, the index hears the new end of it, and for received
 * records an excerpt; what is removed for good has left the index, too, when the call returns. Closing
 * closes both, the writer last, which then leaves the catalog in one file.
 */
export function joinStores(
  writer: StoreWriter,
  reader: Store,
  index: Pick<SearchIndex, "advance" | "refresh" | "covers">,
): Store {
  const joined = { ...forwarding(STORE_METHODS, reader), ...forwarding(WRITER_METHODS, writer) };
  return {
    ...(joined as unknown as Store),
    subscribe: (listener) => writer.subscribe(listener),
    async author(command) {
      const outcome = await writer.author(command);
      const { changeset, purges, shunned } = outcome;
      if (changeset === null && !purges && !shunned) return outcome;
      const { lsn } = await reader.head();
      index.advance(lsn);
      if (purges || shunned) await left(index, lsn);
      return outcome;
    },
    async apply(batch) {
      const { excerpt, ...outcome } = await writer.apply({ ...batch, excerpt: true });
      const { lsn } = outcome.head;
      index.advance(lsn, excerpt);
      if (outcome.purges > 0) await left(index, lsn);
      return outcome;
    },
    async retryQuarantined(keys) {
      const outcome = await writer.retryQuarantined(keys);
      index.advance(outcome.head.lsn);
      if (outcome.purges > 0) await left(index, outcome.head.lsn);
      return outcome;
    },
    async dropLeft(where) {
      const outcome = await writer.dropLeft(where);
      index.advance(outcome.head.lsn);
      if (outcome.dropped > 0) await left(index, outcome.head.lsn);
      return outcome;
    },
    async takePolicies(offer) {
      const outcome = await writer.takePolicies(offer);
      if (outcome.match === "newer") await refreshed(index, (await reader.head()).lsn);
      return outcome;
    },
    async changePolicy(change) {
      const policy = await writer.changePolicy(change);
      await refreshed(index, (await reader.head()).lsn);
      return policy;
    },
    async close() {
      if (!Object.is(reader, writer)) await reader.close();
      await writer.close();
    },
  };
}

/** What the log removes up to `lsn` has left the index; one that cannot be written now does it later. */
async function left(index: Pick<SearchIndex, "covers">, lsn: Lsn): Promise<void> {
  await index.covers(lsn).catch(() => undefined);
}

/** Merges are other ones now; an index that cannot be written takes them in later. */
async function refreshed(index: Pick<SearchIndex, "refresh">, lsn: Lsn): Promise<void> {
  if (lsn > 0) await index.refresh(lsn).catch(() => undefined);
}
