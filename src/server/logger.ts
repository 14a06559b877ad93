import { type Logger, pino } from "pino";

const STDERR = 2;

/** Structured lines on stderr, without anything that authenticates. */
export function stderrLogger(): Logger {
  return pino(
    { level: "info", redact: ["req.headers", "headers.authorization", "token"] },
    pino.destination({ fd: STDERR, sync: true }),
  );
}
