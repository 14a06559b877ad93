import { SynclineError } from "../base/errors.ts";
import { isForbiddenKey } from "../base/ingress/survey.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import {
  DOCUMENT_DEPTH_MAX,
  KEY_CHARS_MAX,
  PATCH_LEAVES_MAX,
  POINTER_CHARS_MAX,
} from "../base/limits.ts";
import { nestingOf } from "../base/nesting.ts";
import { printPointer } from "../base/pointer.ts";
import { printedBytesMax } from "../base/printed-size.ts";
import { checkKey, pathTooDeep, shorten, tooLong } from "./check-path.ts";
import { DELETED_KEY } from "./record.ts";

/** Checks the values of a patch, leaf by leaf as they would be stored, and counts them. */
export class WrittenLeaves {
  #leaves = 0;
  #bytesAtMost = 0;
  #keys: string[] = [];
  /** The most characters that the keys can take as a pointer. */
  #charsAtMost = 0;

  /** An upper bound of the size of all values as canonical JSON, in bytes; cheap to know. */
  get bytesAtMost(): number {
    return this.#bytesAtMost;
  }

  /**
   * Checks the value written at a path, or its removal when the value is left out. Throws
   * `EMPTY_MAP`, `INVALID_PATCH` (flags, count), `TOO_DEEP`, `INVALID_POINTER`, `FORBIDDEN_KEY`.
   */
  check(keys: readonly string[], value?: Json): void {
    this.#keys = [...keys];
    this.#charsAtMost = 0;
    for (const key of keys) this.#charsAtMost += 1 + 2 * key.length;
    const flag = keys.indexOf(DELETED_KEY);
    if (flag >= 0 && flag < keys.length - 1) throw this.#notAFlag();
    if (value === undefined) this.#count();
    else this.#visit(value);
  }

  #visit(value: Json): void {
    const isMap = isJsonObject(value);
    if (this.#keys.at(-1) === DELETED_KEY && value !== true) throw this.#notAFlag();
    if (isMap) this.#visitMap(value);
    else this.#visitLeaf(value);
  }

  #visitMap(map: JsonObject): void {
    let members = 0;
    for (const key in map) {
      members++;
      this.#keys.push(key);
      this.#charsAtMost += 1 + 2 * key.length;
      this.#bytesAtMost += 4 + 6 * key.length;
      if (this.#keys.length > DOCUMENT_DEPTH_MAX) throw pathTooDeep(this.#path());
      if (isForbiddenKey(key) || key.length > KEY_CHARS_MAX) checkKey(key, this.#path());
      this.#visit(map[key] as Json);
      this.#charsAtMost -= 1 + 2 * key.length;
      this.#keys.pop();
    }
    if (members === 0) {
      throw new SynclineError("EMPTY_MAP", "a write would store an empty map", {
        where: shorten(this.#path()),
        hint: "leave the key out",
      });
    }
  }

  #visitLeaf(leaf: Json): void {
    this.#count();
    if (this.#charsAtMost > POINTER_CHARS_MAX && this.#path().length > POINTER_CHARS_MAX) {
      throw tooLong(this.#path());
    }
    if (typeof leaf === "string") {
      this.#bytesAtMost += 2 + 6 * leaf.length;
    } else if (Array.isArray(leaf)) {
      this.#bytesAtMost += printedBytesMax(leaf);
      const depth = this.#keys.length + nestingOf(leaf);
      if (depth > DOCUMENT_DEPTH_MAX) throw pathTooDeep(this.#path());
    } else {
      this.#bytesAtMost += 25;
    }
  }

  #count(): void {
    if (++this.#leaves <= PATCH_LEAVES_MAX) return;
    throw new SynclineError("INVALID_PATCH", `the patch writes over ${PATCH_LEAVES_MAX} values`);
  }

  #path(): string {
    return printPointer(this.#keys);
  }

  #notAFlag(): SynclineError {
    return new SynclineError("INVALID_PATCH", `"${DELETED_KEY}" is a flag: it is true or absent`, {
      where: shorten(this.#path()),
    });
  }
}
