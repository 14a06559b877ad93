import type { Operation } from "fast-json-patch";
import jsonpatch from "fast-json-patch";
import { SynclineError } from "../base/errors.ts";
import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from "../base/json.ts";
import {
  DOCUMENT_BYTES_MAX,
  DOCUMENT_DEPTH_MAX,
  USER_PATCH_WORK_BYTES_MAX,
} from "../base/limits.ts";
import { nestingOf } from "../base/nesting.ts";
import { escapeKey, isBelow } from "../base/pointer.ts";
import { checkPath, pathTooDeep, shorten } from "./check-path.ts";
import { checkUserPatch, type UserOperation } from "./check-user-patch.ts";

/**
 * The document after a patch that a person wrote (RFC 6902, all six operations). `document` is the
 * visible stored document, without arrays for members; neither argument is changed. Maps that end
 * up empty are left out of the result; `onEmptyMap` hears of those that the patch itself puts there,
 * by their paths.
 *
 * Throws `INVALID_PATCH` (malformed, or does not apply; `where` names operation and path),
 * `ARRAY_INDEX_PATH`, `INVALID_POINTER`, `FORBIDDEN_KEY`, `TOO_DEEP`, `INPUT_TOO_LARGE`.
 */
export function applyUserPatch(
  document: JsonObject,
  patch: Json,
  onEmptyMap: (path: string) => void = () => {},
): JsonObject {
  const run = new PatchRun(document);
  for (const [index, operation] of checkUserPatch(patch).entries()) run.apply(operation, index);
  return run.result(onEmptyMap);
}

class PatchRun {
  #document: Json;
  /** The maps without members among the values that were put. */
  readonly #emptyMaps = new Set<Json>();
  /** Characters of JSON that operations copied and moved so far. */
  #work = 0;

  constructor(document: JsonObject) {
    this.#document = structuredClone(document);
  }

  apply(operation: UserOperation, index: number): void {
    const where = `operation ${index} at "${shorten(operation.path)}"`;
    const { op, path } = operation;
    this.#refuseArrayIndex(path, where);
    if (op === "add") this.#add(path, structuredClone(operation.value), where);
    else if (op === "move") this.#move(operation.from, path, where);
    else if (op === "copy") this.#add(path, this.#taken(operation.from, where), where);
    else if (op === "test") this.#test(operation, where);
    else {
      this.#existing(path, where);
      if (op === "replace") this.#add(path, structuredClone(operation.value), where);
      else this.#do({ op, path });
    }
  }

  /** The patched document, which the caller owns. */
  result(onEmptyMap: (path: string) => void): JsonObject {
    const document = this.#document;
    if (!isJsonObject(document)) {
      throw new SynclineError("INVALID_PATCH", "the patch leaves no document, only a value");
    }
    if (Buffer.byteLength(JSON.stringify(document)) > DOCUMENT_BYTES_MAX) throw tooLarge();
    this.#removeEmptyMaps(document, "", onEmptyMap);
    return document;
  }

  /** Puts a value that nobody else holds. */
  #add(path: string, value: Json, where: string): void {
    const keys = checkPath(path);
    if (keys.length + nestingOf(value) > DOCUMENT_DEPTH_MAX) throw pathTooDeep(path);
    if (keys.length > 0 && !isJsonObject(this.#find(keys.slice(0, -1)))) {
      throw misfit(where, "there is no map to put it in", memberHint(keys));
    }
    this.#noteEmptyMaps(value);
    this.#do({ op: "add", path, value });
  }

  #noteEmptyMaps(value: Json): void {
    if (!isJsonObject(value)) return;
    const members = Object.values(value);
    if (members.length === 0) this.#emptyMaps.add(value);
    for (const member of members) this.#noteEmptyMaps(member);
  }

  #removeEmptyMaps(map: MutableJsonObject, path: string, onEmptyMap: (path: string) => void): void {
    for (const key of Object.keys(map)) {
      const member = map[key] as Json;
      if (!isJsonObject(member)) continue;
      const at = `${path}/${escapeKey(key)}`;
      if (this.#emptyMaps.has(member) && Object.keys(member).length === 0) onEmptyMap(at);
      this.#removeEmptyMaps(member as MutableJsonObject, at, onEmptyMap);
      if (Object.keys(member).length === 0) delete map[key];
    }
  }

  #move(from: string, path: string, where: string): void {
    if (from === path) {
      this.#existing(from, where);
      return;
    }
    if (isBelow(path, from)) throw misfit(where, "a value cannot move into itself");
    const value = this.#taken(from, where);
    this.#do({ op: "remove", path: from });
    this.#add(path, value, where);
  }

  #test(operation: Extract<UserOperation, { op: "test" }>, where: string): void {
    this.#existing(operation.path, where);
    try {
      jsonpatch.applyOperation(this.#document, operation as Operation, false, true, true);
    } catch (cause) {
      const hint = "the document changed since the patch was made, or the patch is for another";
      throw misfit(where, "the value is not the one tested for", hint, cause);
    }
  }

  /** A copy of the value at `from`. */
  #taken(from: string, where: string): Json {
    this.#refuseArrayIndex(from, where);
    const text = JSON.stringify(this.#existing(from, where));
    this.#work += text.length;
    if (this.#work > USER_PATCH_WORK_BYTES_MAX) throw tooLarge();
    return JSON.parse(text) as Json;
  }

  #existing(path: string, where: string): Json {
    const keys = checkPath(path);
    const value = this.#find(keys);
    if (value === undefined) throw misfit(where, "there is nothing", memberHint(keys));
    return value;
  }

  #find(keys: readonly string[]): Json | undefined {
    let value: Json = this.#document;
    for (const key of keys) {
      if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
      value = value[key] as Json;
    }
    return value;
  }

  #refuseArrayIndex(path: string, where: string): void {
    const keys = checkPath(path);
    for (let i = 0; i < keys.length; i++) {
      const parent = this.#find(keys.slice(0, i));
      const isAppend = keys[i] === "-" && !(isJsonObject(parent) && Object.hasOwn(parent, "-"));
      if (!Array.isArray(parent) && !isAppend) continue;
      throw new SynclineError("ARRAY_INDEX_PATH", "lists have no addresses for their items", {
        where,
        hint: "name the member by its id or key, or replace the whole list",
      });
    }
  }

  #do(operation: Operation): void {
    this.#document = jsonpatch.applyOperation(this.#document, operation, false, true, true)
      .newDocument as Json;
  }
}

/** What to say to somebody who counts members, as in the form with lists. */
function memberHint(keys: readonly string[]): string | undefined {
  const counted = keys.find((key) => /^\d{1,6}$/.test(key));
  return counted === undefined
    ? undefined
    : `members have ids: "${escapeKey(counted)}" is not a position here`;
}

function misfit(where: string, why: string, hint?: string, cause?: unknown): SynclineError {
  return new SynclineError("INVALID_PATCH", `the patch does not apply: ${why}`, {
    where,
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}

function tooLarge(): SynclineError {
  return new SynclineError("INPUT_TOO_LARGE", "the patch builds a document over the limit", {
    hint: `a document has at most ${DOCUMENT_BYTES_MAX} bytes`,
  });
}
