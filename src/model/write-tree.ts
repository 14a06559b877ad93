import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";

/** What a patch writes at one path: nothing, a leaf or a removal, or a map of new leaves. */
interface Node {
  written: "nothing" | "value" | "removal";
  map: JsonObject | undefined;
  /** Made with the first child: most nodes are leaves. */
  children: Map<string, Node> | undefined;
}

function newNode(): Node {
  return { written: "nothing", map: undefined, children: undefined };
}

/**
 * The writes of a patch by path, to see in linear time whether two of them clash: values at and
 * below one path, or one path written twice, maps counted as all that they hold.
 */
export class WriteTree {
  readonly #root: Node = newNode();

  /**
   * Adds a write (no value: a removal). Writes must come sorted by path, so that nothing below a
   * path comes before it. False when it clashes with a write that came before.
   */
  add(keys: readonly string[], value?: Json): boolean {
    let node = this.#root;
    for (let i = 0; i < keys.length; i++) {
      if (value !== undefined && node.written === "value") return false;
      if (node.map !== undefined && clashes(node.map, keys.slice(i), value)) return false;
      node = childOf(node, keys[i] as string);
    }
    if (isJsonObject(value)) node.map = value;
    else node.written = value === undefined ? "removal" : "value";
    return true;
  }

  /** True when the patch writes or removes the leaf at this path. */
  writes(keys: readonly string[]): boolean {
    let node: Node | undefined = this.#root;
    for (let i = 0; i < keys.length; i++) {
      if (node.map !== undefined && isLeafOf(node.map, keys.slice(i))) return true;
      node = node.children?.get(keys[i] as string);
      if (node === undefined) return false;
    }
    return node.written !== "nothing";
  }
}

function childOf(node: Node, key: string): Node {
  node.children ??= new Map();
  const known = node.children.get(key);
  if (known !== undefined) return known;
  const child = newNode();
  node.children.set(key, child);
  return child;
}

/** What a map holds on the way to a path below it: the value there, or the leaf that ends the way. */
function follow(map: JsonObject, keys: readonly string[]): { there?: Json; left: number } {
  let there: Json = map;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (!isJsonObject(there)) return { there, left: keys.length - i };
    if (!Object.hasOwn(there, key)) return { left: keys.length - i };
    there = there[key] as Json;
  }
  return { there, left: 0 };
}

/** True when a write at a path below a new map does not go together with what the map holds. */
function clashes(map: JsonObject, keys: readonly string[], value: Json | undefined): boolean {
  const { there, left } = follow(map, keys);
  if (there === undefined) return false;
  // At the path of a leaf or map of the new map, even a removal would contradict it.
  return left === 0 || value !== undefined;
}

function isLeafOf(map: JsonObject, keys: readonly string[]): boolean {
  const { there, left } = follow(map, keys);
  return there !== undefined && left === 0 && !isJsonObject(there);
}
