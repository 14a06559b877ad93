import type { ObjectId } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import type { ReferenceLookup } from "../catalog/index.ts";
import type { Store } from "../store/store.ts";

const REMEMBERED_MAX = 5000;

/** A content under the name that its object goes by. */
export function withName(content: JsonObject, effectiveName: string | null): JsonObject {
  return effectiveName === null || content.name === effectiveName
    ? content
    : { ...content, name: effectiveName };
}

/**
 * Lets work that asks for referenced objects synchronously run on a store that answers later: what
 * the work misses is loaded, then it is run again. Remembers what it loaded, so use one for a
 * single pass over the catalog, not for longer.
 */
export class ReferenceContents {
  readonly #store: Pick<Store, "object">;
  readonly #contents = new Map<string, JsonObject | undefined>();
  /** The object that stands for each member of a class of aliases. */
  readonly #canonical = new Map<string, string>();

  constructor(store: Pick<Store, "object">) {
    this.#store = store;
  }

  /** `work` must be pure: it is called again until it finds everything it asks for. */
  async run<T>(work: (lookup: ReferenceLookup) => T): Promise<T> {
    if (this.#contents.size > REMEMBERED_MAX) this.#contents.clear();
    for (;;) {
      const missing = new Set<string>();
      const result = work({
        content: (id) => this.#content(id, missing),
        canonical: (id) => this.#canonical.get(id) ?? id,
      });
      if (missing.size === 0) return result;
      for (const id of missing) await this.#load(id);
    }
  }

  #content(id: string, missing: Set<string>): JsonObject | undefined {
    if (!this.#contents.has(id)) missing.add(id);
    return this.#contents.get(id);
  }

  async #load(id: string): Promise<void> {
    const row = await this.#store.object(id as ObjectId);
    if (row === undefined) {
      this.#contents.set(id, undefined);
      return;
    }
    if (row.canonical !== id) this.#canonical.set(id, row.canonical);
    this.#contents.set(id, withName(JSON.parse(row.text) as JsonObject, row.effectiveName));
  }
}
