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
