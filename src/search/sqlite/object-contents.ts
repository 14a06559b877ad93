import type { ObjectId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import type { ReferenceLookup } from "../../catalog/index.ts";
import { shownContent } from "../indexed-object.ts";
import type { LogSource } from "./log-source.ts";

const REMEMBERED_MAX = 5000;

/**
 * The contents of referenced objects, remembered: thousands of packages refer to the same few
 * tags and organizations. Whoever follows the log says which objects changed.
 */
export class ObjectContents implements ReferenceLookup {
  readonly #source: LogSource;
  readonly #contents = new Map<string, JsonObject | undefined>();

  constructor(source: LogSource) {
    this.#source = source;
  }

  content(id: string): JsonObject | undefined {
    if (this.#contents.has(id)) return this.#contents.get(id);
    const row = this.#source.object(id as ObjectId);
    const content = row === undefined ? undefined : shownContent(row);
    if (this.#contents.size >= REMEMBERED_MAX) this.#contents.clear();
    this.#contents.set(id, content);
    return content;
  }

  forget(id: string): void {
    this.#contents.delete(id);
  }

  forgetAll(): void {
    this.#contents.clear();
  }
}
