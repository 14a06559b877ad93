// Proves that the conflict log, of which a store derives anew only what new revisions can have
// changed, is after each step the one that verify derives from all revisions.
import fc from "fast-check";
import { expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { command, from, memoryStore, put, setField, wholeLog } from "./helpers.ts";
import { uuid } from "./records.ts";

const NOTE = uuid<ObjectId>(1);
const NAMESAKE = uuid<ObjectId>(2);

const step = fc.record({
  site: fc.constantFrom<0 | 1>(0, 1),
  kind: fc.constantFrom("title", "notes", "resolve", "delete", "undelete", "send", "send", "send"),
});

async function carryOut(
  { site, kind }: { readonly site: number; readonly kind: string },
  stores: readonly MemoryStore[],
  value: string,
): Promise<void> {
  const store = stores[site] as MemoryStore;
  const to = stores[(site + 1) % stores.length] as MemoryStore;
  if (kind === "send") {
    to.apply(from(store.identity(), (await wholeLog(store)).bytes));
  } else if (kind === "delete" || kind === "undelete") {
    store.author(command({ kind, object: NOTE }));
  } else if (kind === "resolve") {
    const conflict = store.conflicts({ limit: 100 }).find(({ status }) => status !== "resolved");
    if (conflict === undefined) return;
    const resolutions = [{ conflict: conflict.id }];
    store.author(command({ kind: "resolve", object: conflict.object, resolutions }));
  } else store.author(command(setField(NOTE, kind, value), setField(NAMESAKE, kind, value)));
}

test("the stored conflict log is the one of all revisions after each step", async () => {
  let resolved = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 30 }), async (steps) => {
      const stores = [1, 2].map(memoryStore);
      const [first] = stores as [MemoryStore];
      first.author(command(put(NOTE, { name: "n" }), put(NAMESAKE, { name: "n" })));
      const start = (await wholeLog(first)).bytes;
      for (const store of stores.slice(1)) store.apply(from(first.identity(), start));
      for (const [at, one] of steps.entries()) {
        try {
          await carryOut(one, stores, `v${at}`);
        } catch (error) {
          // Deleted, or not: the command has no effect.
          if (!(error instanceof SynclineError)) throw error;
        }
        for (const store of stores) expect(store.verify().findings).toEqual([]);
      }
      for (const store of stores) {
        resolved += store
          .conflicts({ limit: 100 })
          .filter((one) => one.status === "resolved").length;
      }
    }),
    { numRuns: 60 },
  );
  expect(resolved).toBeGreaterThan(0);
});
