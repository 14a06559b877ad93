import type { ObjectId } from "../../base/ids.ts";
import type { ObjectWrite } from "../../log/writes.ts";
import { nameKey } from "../../names/claim.ts";

/** The objects of each name's key. */
export class NameIndex {
  readonly #byKey = new Map<string, Set<ObjectId>>();

  copy(): NameIndex {
    const copy = new NameIndex();
    for (const [key, ids] of this.#byKey) copy.#byKey.set(key, new Set(ids));
    return copy;
  }

  at(key: string): Iterable<ObjectId> {
    return this.#byKey.get(key) ?? [];
  }

  beginning(prefix: string): string[] {
    return [...this.#byKey.keys()].filter((key) => key.startsWith(prefix));
  }

  /** Comes before or after a change of an object. */
  note({ id, name }: Pick<ObjectWrite, "id" | "name">, isThere: boolean): void {
    if (name === null) return;
    const key = nameKey(name);
    const ids = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, ids);
    if (isThere) ids.add(id);
    else ids.delete(id);
    if (ids.size === 0) this.#byKey.delete(key);
  }
}
