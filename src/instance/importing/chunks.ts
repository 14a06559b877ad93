import { SynclineError } from "../../base/errors.ts";

/**
 * The chunks of an input until it ends or `signal` says stop, also while waiting for the next one.
 * Throws `INTERRUPTED` then, and whatever the input throws.
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
  const stopped = new Promise<"stopped">((resolve) => {
    stop = () => resolve("stopped");
  });
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const next = signal.aborted ? "stopped" : await Promise.race([iterator.next(), stopped]);
      if (next === "stopped") throw new SynclineError("INTERRUPTED", "stopped before the end");
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    // Not awaited: an input that hangs must not hold up the end.
    iterator.return?.().catch(() => {});
  }
}
