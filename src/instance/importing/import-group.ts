import { IMPORT_CHANGESET_BYTES_MAX, IMPORT_CHANGESET_OBJECTS_MAX } from "../../base/limits.ts";
import type { ReadObject, StoredObject } from "../../catalog/index.ts";
import type { Change } from "../../log/author.ts";

/** A line that has been read and is to be stored. */
export interface ImportItem {
  readonly line: number;
  readonly bytes: number;
  readonly read: ReadObject;
}

/** Consecutive lines that become one changeset. */
export class ImportGroup {
  readonly items: ImportItem[] = [];
  readonly #objects = new Set<string>();
  readonly #embedded = new Set<string>();
  #bytes = 0;

  /**
   * True when an item does not fit any more: too many objects or bytes, or the object is in the
   * group already, and its second line must see what the first one did.
   */
  isFullFor({ bytes, read }: ImportItem): boolean {
    if (this.items.length === 0) return false;
    return (
      this.#bytes + bytes > IMPORT_CHANGESET_BYTES_MAX ||
      this.#objects.size + this.#embedded.size >= IMPORT_CHANGESET_OBJECTS_MAX ||
      this.#objects.has(read.object.id)
    );
  }

  /** `known` are embedded objects that are stored already. */
  add(item: ImportItem, known: KnownObjects): void {
    this.items.push(item);
    this.#bytes += item.bytes;
    this.#objects.add(item.read.object.id);
    for (const { id } of item.read.embedded) if (!known.has(id)) this.#embedded.add(id);
  }
}

/** The changes that store these items, each embedded object once, before what refers to it. */
export function changesFor(items: readonly ImportItem[], known: KnownObjects): Change[] {
  const changes: Change[] = [];
  const sent = new Set<string>(items.map(({ read }) => read.object.id));
  for (const { read } of items) {
    for (const object of read.embedded) {
      if (known.has(object.id) || sent.has(object.id)) continue;
      sent.add(object.id);
      changes.push(put(object, "absent"));
    }
    changes.push(put(read.object, "replace"));
  }
  return changes;
}

function put({ id, type, content }: StoredObject, mode: "absent" | "replace"): Change {
  return { kind: "put", object: id, type, content, mode };
}

const KNOWN_MAX = 50_000;

/** Ids that are known to be stored, so that thousands of lines need not send them again. */
export class KnownObjects {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    if (this.#ids.size >= KNOWN_MAX) this.#ids.clear();
    this.#ids.add(id);
  }
}
