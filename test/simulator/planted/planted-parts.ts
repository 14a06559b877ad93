import type { Planted } from "../../../src/scenario/world/simulated-instance.ts";
import type { Store } from "../../../src/store/store.ts";
import { withMethods } from "./planted.ts";

/** A source of which these methods do something else than they should. */
function source(methods: (store: Store) => Partial<Store>): Planted {
  return { port: (store) => withMethods(store, methods(store)) };
}

/** What enters a scope comes without what happened to it before. */
export const enteredWithoutHistory: Planted = source(() => ({
  readEntered: () => undefined,
}));

/** What leaves a scope is not told. */
export const leavesUnsaid: Planted = source(() => ({ leftScope: () => [] }));

/** What is outside is sent, too. */
export const scopeIgnored: Planted = source((store) => ({
  readPage: (after, { within: _, ...limits }) => store.readPage(after, limits),
}));

/** What changed since is not looked at any more once a scope was evaluated. */
export const evaluatedOnce: Planted = source((store) => {
  const known = new Map<string, Awaited<ReturnType<Store["evaluateScope"]>>>();
  return {
    async evaluateScope(scope) {
      const before = known.get(scope.hash);
      const { lsn } = await store.head();
      if (before !== undefined) return { ...before, lsn, isCurrent: true, isNew: false };
      const state = await store.evaluateScope(scope);
      if (state?.isCurrent === true) known.set(scope.hash, state);
      return state;
    },
  };
});

/** What left a scope stays where the link drops that. */
export const leftStays: Planted = source((store) => ({
  async dropLeft() {
    return { dropped: 0, removed: 0, kept: 0, isMore: false, head: await store.head() };
  },
}));

/** There is never so much to lose that anybody has to agree. */
export const removalsUnguarded: Planted = source(() => ({ liveObjects: () => 0 }));
