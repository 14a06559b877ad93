import { SynclineError } from "../../base/errors.ts";

type Next = IteratorResult<Uint8Array>;

/**
 * The chunks of an input until it ends or `signal` says stop, also while waiting for the next one.
 * Holds no chunk that was taken. Throws `INTERRUPTED` then, and whatever the input throws.
 */
export async function* chunksUntil(
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal === undefined) {
    yield* input;
    return;
  }
  const iterator = input[Symbol.asyncIterator]();
  let stop = (): void => {};
  const onAbort = (): void => stop();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    while (!signal.aborted) {
      // Each wait has a promise of its own: one that lasts, raced against every chunk, keeps them all.
      const next = await new Promise<Next | undefined>((resolve, reject) => {
        stop = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
      if (next === undefined) break;
      if (next.done) return;
      yield next.value;
    }
    throw new SynclineError("INTERRUPTED", "stopped before the end");
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not awaited: an input that hangs must not hold up the end.
    iterator.return?.().catch(() => {});
  }
}
