import { compareCodeUnits, sameJson } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from "../base/json.ts";
import { escapeKey, parsePointer } from "../base/pointer.ts";
import { type Content, eachLeaf } from "./content.ts";
import type { Write } from "./record.ts";

/**
 * The leaf writes that turn one content into another, sorted by path. A map that stands where
 * nothing stood is one `add` (shorthand for its leaves); everything else is leaf by leaf.
 */
export function diffContent(from: Content | undefined, to: Content): Write[] {
  if (from === undefined) return [{ op: "add", path: "", value: to }];
  const writes: Write[] = [];
  diffMaps(from, to, "", writes);
  return writes.sort((a, b) => compareCodeUnits(a.path, b.path));
}

function diffMaps(from: JsonObject, to: JsonObject, path: string, writes: Write[]): void {
  for (const key of Object.keys(from)) {
    if (Object.hasOwn(to, key)) continue;
    removeLeaves(from[key] as Json, `${path}/${escapeKey(key)}`, writes);
  }
  for (const key of Object.keys(to)) {
    const value = to[key] as Json;
    const isThere = Object.hasOwn(from, key);
    // What an edit did not touch is the very same value, often a whole map.
    if (isThere && from[key] === value) continue;
    const at = `${path}/${escapeKey(key)}`;
    if (isThere) diffValues(from[key] as Json, value, at, writes);
    else writes.push({ op: "add", path: at, value });
  }
}

function diffValues(from: Json, to: Json, path: string, writes: Write[]): void {
  if (isJsonObject(from)) {
    if (isJsonObject(to)) {
      diffMaps(from, to, path, writes);
      return;
    }
    removeLeaves(from, path, writes);
    writes.push({ op: "add", path, value: to });
  } else if (isJsonObject(to)) {
    writes.push({ op: "remove", path });
    eachLeaf(to, path, (at, value) => writes.push({ op: "add", path: at, value }));
  } else if (!sameJson(from, to)) {
    writes.push({ op: "replace", path, value: to });
  }
}

function removeLeaves(value: Json, path: string, writes: Write[]): void {
  eachLeaf(value, path, (at) => writes.push({ op: "remove", path: at }));
}

/**
 * The content after a record's leaf writes. Removals come first, so that the order of the writes
 * does not matter; maps that become empty vanish. The given content is not changed.
 * Throws `INVALID_PATCH` when a write does not fit what is there.
 */
export function applyWrites(content: Content | undefined, writes: readonly Write[]): Content {
  const first = writes[0];
  if (content === undefined) {
    if (
      writes.length !== 1 ||
      first?.op !== "add" ||
      first.path !== "" ||
      !isJsonObject(first.value)
    ) {
      throw misfit("", "a creation is one add of the whole document");
    }
    return first.value;
  }
  const root = new Map<JsonObject, MutableJsonObject>();
  const copy = ownCopy(content, root);
  const sizes: Sizes = new Map();
  for (const write of writes) if (write.op === "remove") removeLeaf(copy, write.path, root, sizes);
  for (const write of writes) if (write.op !== "remove") setValue(copy, write, root);
  return copy;
}

/** Maps are copied once each, on the way to the first write below them. */
type Copies = Map<JsonObject, MutableJsonObject>;

function ownCopy(map: JsonObject, copies: Copies): MutableJsonObject {
  const copy: MutableJsonObject = { ...map };
  copies.set(copy, copy);
  return copy;
}

function ownMember(
  parent: MutableJsonObject,
  key: string,
  copies: Copies,
): MutableJsonObject | undefined {
  const member = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (!isJsonObject(member)) return undefined;
  if (copies.has(member)) return member as MutableJsonObject;
  const copy = ownCopy(member, copies);
  parent[key] = copy;
  return copy;
}

/** How many members each map from which something was removed has left. */
type Sizes = Map<MutableJsonObject, number>;

function removeLeaf(root: MutableJsonObject, path: string, copies: Copies, sizes: Sizes): void {
  const keys = parsePointer(path);
  const maps: MutableJsonObject[] = [root];
  for (const key of keys.slice(0, -1)) {
    const next = ownMember(maps.at(-1) as MutableJsonObject, key, copies);
    if (next === undefined) throw misfit(path, "there is nothing to remove");
    maps.push(next);
  }
  const last = keys.at(-1);
  const parent = maps.at(-1) as MutableJsonObject;
  if (last === undefined || !Object.hasOwn(parent, last) || isJsonObject(parent[last])) {
    throw misfit(path, "there is no value to remove");
  }
  removeMember(parent, last, sizes);
  for (let depth = maps.length - 1; depth > 0; depth--) {
    if (sizes.get(maps[depth] as MutableJsonObject) !== 0) break;
    removeMember(maps[depth - 1] as MutableJsonObject, keys[depth - 1] as string, sizes);
  }
}

/** Counts the members of a map once, not at each of many removals. */
function removeMember(map: MutableJsonObject, key: string, sizes: Sizes): void {
  const size = sizes.get(map) ?? Object.keys(map).length;
  delete map[key];
  sizes.set(map, size - 1);
}

function setValue(
  root: MutableJsonObject,
  write: Exclude<Write, { op: "remove" }>,
  copies: Copies,
): void {
  const keys = parsePointer(write.path);
  let map = root;
  for (const key of keys.slice(0, -1)) {
    if (!Object.hasOwn(map, key)) map[key] = ownCopy({}, copies);
    const next = ownMember(map, key, copies);
    if (next === undefined) throw misfit(write.path, "a value stands where a map is needed");
    map = next;
  }
  const last = keys.at(-1);
  if (last === undefined) throw misfit(write.path, "the object exists already");
  const there = Object.hasOwn(map, last);
  if (there && isJsonObject(map[last])) throw misfit(write.path, "a map stands at this path");
  if (write.op === "replace" && !there) throw misfit(write.path, "there is no value to replace");
  if (write.op === "add" && there) throw misfit(write.path, "there is a value already");
  map[last] = write.value;
}

function misfit(path: string, why: string): SynclineError {
  const where = path.slice(0, 80);
  return new SynclineError("INVALID_PATCH", `the patch does not apply at "${where}": ${why}`, {
    where,
  });
}
