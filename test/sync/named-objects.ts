// Objects that tests call by their names: authored, and moved from group to group.
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { uuidFor } from "./world.ts";

export const id = (name: string): ObjectId => uuidFor(name) as ObjectId;

export const inside = (group: string): JsonObject => ({ groups: { [id(group)]: true } });

export function put(store: MemoryStore, type: string, name: string, more: JsonObject = {}): void {
  const content = { name, ...more };
  const change = { kind: "put", object: id(name), type, content, mode: "create" } as const;
  store.author({ author: "ann", message: "", changes: [change] });
}

/** Makes a group the only one that something is in. */
export function move(store: MemoryStore, name: string, group: string): void {
  const patch = [{ op: "add", path: "/groups", value: { [id(group)]: true } }] as const;
  const change = { kind: "patch", object: id(name), patch } as const;
  store.author({ author: "ann", message: "", changes: [change] });
}
