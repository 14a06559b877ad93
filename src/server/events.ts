import { type ErrorJson, SynclineError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";

/**
 * Long work over HTTP answers with one JSON document per line while it goes on: any number of
 * `progress`, then `done` with the result or `error`. An answer that ends without either was cut.
 * An empty line says that the work goes on, at least every `PING_EVERY_MS`.
 */
export type WorkEvent =
  | { readonly progress: Json }
  | { readonly done: Json }
  | { readonly error: ErrorJson };

export const EVENTS_TYPE = "application/x-ndjson";

export function printEvent(event: WorkEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Follows the lines of an answer; returns what `done` carries, throws what `error` carries. */
export async function followEvents(
  lines: AsyncIterable<string>,
  onProgress: (progress: Json) => void,
): Promise<Json> {
  for await (const line of lines) {
    if (line === "") continue;
    const event = JSON.parse(line) as WorkEvent;
    if ("done" in event) return event.done;
    if ("error" in event) throw SynclineError.fromJSON(event.error);
    onProgress(event.progress);
  }
  throw new SynclineError("DISCONNECTED", "the server ended before the work was done", {
    hint: "run the command again: what is stored stays, the rest follows",
    retriable: true,
  });
}
