import type { Cli } from "./cli.ts";

/** Ended by Ctrl-C, as shells say it. */
export const EXIT_INTERRUPTED = 130;
/** Signals to a whole process group arrive twice: directly, and passed on by the parent. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs work that Ctrl-C (or SIGTERM) stops cleanly: the first signal aborts it, so that it can end
 * at a commit and say what is stored; a second one ends the process where it stands, which the
 * durable store survives too.
 */
export async function interruptible<T>(
  cli: Cli,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const ignore = onStopSignals(cli, () => {
    cli.err.write(`${cli.err.isTerminal ? "\r\x1b[K" : ""}stopping; again to stop at once\n`);
    controller.abort();
  });
  try {
    return await work(controller.signal);
  } finally {
    ignore();
  }
}

/**
 * Calls `stop` at the first SIGINT or SIGTERM; a later one ends the process at once. The returned
 * function gives the signals their usual meaning back.
 */
export function onStopSignals(cli: Cli, stop: () => void): () => void {
  let firstMs: number | undefined;
  const onSignal = (): void => {
    const nowMs = cli.clock.monotonicMs();
    if (firstMs === undefined) {
      firstMs = nowMs;
      stop();
    } else if (nowMs - firstMs > SAME_SIGNAL_MS) process.exit(EXIT_INTERRUPTED);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
}
