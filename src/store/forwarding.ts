import { STORE_METHODS, type Store } from "./store.ts";

/** An object with these methods, each of which calls the same one of `target`. */
export function forwarding<Methods extends string>(
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

/** The same store, which awaits something before each change that somebody makes here. */
export function authoringAfter(store: Store, ready: () => Promise<void>): Store {
  return {
    ...(forwarding(STORE_METHODS, store) as unknown as Store),
    subscribe: (listener) => store.subscribe(listener),
    async author(command) {
      await ready();
      return store.author(command);
    },
    async changePolicy(change) {
      await ready();
      return store.changePolicy(change);
    },
    close: () => store.close(),
  };
}
