import type { InstanceId, ObjectId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { parsePointer } from "../base/pointer.ts";
import type { Instance } from "../instance/instance.ts";
import { knownInstances } from "../instance/instance-names.ts";
import type { ObjectRow } from "../store/rows.ts";

type Reader = Pick<Instance, "identity" | "links" | "store">;

/** What objects and instances are called here, for people, and what objects say now. */
export class Lookup {
  readonly #instance: Reader;
  readonly #rows = new Map<ObjectId, ObjectRow | undefined>();
  readonly #instances: ReadonlyMap<InstanceId, string>;

  private constructor(instance: Reader, instances: ReadonlyMap<InstanceId, string>) {
    this.#instance = instance;
    this.#instances = instances;
  }

  static async of(instance: Reader): Promise<Lookup> {
    const known = (await knownInstances(instance)).toReversed();
    return new Lookup(instance, new Map(known.map(([name, id]) => [id, name])));
  }

  /** `package/bus-stops`, under the name it goes by; the id where it has none. */
  async objectName(id: ObjectId): Promise<string> {
    const row = await this.#row(id);
    return row === undefined ? id : `${row.type}/${row.effectiveName ?? row.name ?? id}`;
  }

  /** The value that stands at a path of an object; undefined for none. */
  async valueAt(id: ObjectId, path: string): Promise<Json | undefined> {
    const row = await this.#row(id);
    return row === undefined ? undefined : valueIn(JSON.parse(row.text) as Json, path);
  }

  async #row(id: ObjectId): Promise<ObjectRow | undefined> {
    if (!this.#rows.has(id)) this.#rows.set(id, await this.#instance.store.object(id));
    return this.#rows.get(id);
  }

  instanceName(id: InstanceId): string {
    return this.#instances.get(id) ?? `instance ${id.slice(0, 8)}`;
  }
}

/** The value at a path of a document; undefined for none. */
export function valueIn(document: Json, path: string): Json | undefined {
  let value: Json | undefined = document;
  for (const key of parsePointer(path)) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as { readonly [key: string]: Json })[key];
  }
  return value;
}
