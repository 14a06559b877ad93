import type { Lsn } from "../base/ids.ts";
import type { Excerpt } from "../log/excerpt.ts";
import { STORE_METHODS, type Store } from "../store/store.ts";

/** The methods that change a store, or that belong where changes are made. */
type WriterMethod =
  | "author"
  | "apply"
  | "takePolicies"
  | "changePolicy"
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
  "saveLink",
  "removeLink",
  "saveRun",
  "verify",
  "backup",
];

/** The writing side of a store. */
export type StoreWriter = Pick<Store, WriterMethod | "close">;

/**
 * One store of two: changes go to the writer, everything else is read from the reader, which sees
 * commits only. After each change of the log, `committed` hears the new end of it, and for received
 * records an excerpt. Closing closes both, the writer last, which then leaves the catalog in one file.
 */
export function joinStores(
  writer: StoreWriter,
  reader: Store,
  committed: (lsn: Lsn, excerpt?: Excerpt) => void,
): Store {
  const joined = { ...forwarding(STORE_METHODS, reader), ...forwarding(WRITER_METHODS, writer) };
  return {
    ...(joined as unknown as Store),
    async author(command) {
      const outcome = await writer.author(command);
      if (outcome.changeset !== null) committed((await reader.head()).lsn);
      return outcome;
    },
    async apply(batch) {
      const { excerpt, ...outcome } = await writer.apply({ ...batch, excerpt: true });
      committed(outcome.head.lsn, excerpt);
      return outcome;
    },
    async close() {
      if (!Object.is(reader, writer)) await reader.close();
      await writer.close();
    },
  };
}

function forwarding<Methods extends string>(
  methods: readonly Methods[],
  target: { readonly [method in Methods]: unknown },
): object {
  return Object.fromEntries(
    methods.map((method) => {
      const call = target[method] as (...args: unknown[]) => unknown;
      return [method, (...args: unknown[]) => call.apply(target, args)];
    }),
  );
}
