import { canonicalize } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import { DOCUMENT_BYTES_MAX } from "../base/limits.ts";
import { checkPath, shorten } from "./check-path.ts";
import { checkPins } from "./check-pins.ts";
import type { Revision, Write } from "./record.ts";
import { WriteTree } from "./write-tree.ts";
import { WrittenLeaves } from "./written-leaves.ts";

/**
 * The door for what a revision writes and pins, after `parseRecord` or before a record of our own
 * leaves. Needs no history: whether writes fit the parents' content, and pins name ancestors, is
 * checked when the record is applied. Throws `INVALID_PATCH`, `INVALID_POINTER`, `FORBIDDEN_KEY`,
 * `TOO_DEEP`, `EMPTY_MAP`, `EMPTY_PATCH`, `CLASHING_WRITES`, `INVALID_PIN`, `INPUT_TOO_LARGE`.
 */
export function checkPatch(record: Revision): void {
  if (record.parents.length === 0) checkCreation(record);
  else checkChange(record);
}

function checkCreation(record: Revision): void {
  const write = record.patch[0];
  checkForm(write, 0);
  if (record.patch.length !== 1 || write.op !== "add" || write.path !== "") {
    throw new SynclineError("INVALID_PATCH", "a creation is one add of the whole document", {
      where: "/patch",
    });
  }
  const content = write.value;
  if (!isJsonObject(content)) {
    throw new SynclineError("INVALID_PATCH", "a document is a map", { where: "/patch/0/value" });
  }
  const leaves = new WrittenLeaves();
  leaves.check([], content);
  if (leaves.bytesAtMost > DOCUMENT_BYTES_MAX) checkSize(content);
  if (record.pins === undefined) return;
  throw new SynclineError("INVALID_PIN", "a creation has no ancestors to pin", { where: "/pins" });
}

function checkSize(content: JsonObject): void {
  if (Buffer.byteLength(canonicalize(content)) <= DOCUMENT_BYTES_MAX) return;
  throw new SynclineError("INPUT_TOO_LARGE", `the document is over ${DOCUMENT_BYTES_MAX} bytes`, {
    hint: "keep large data in a resource, and its address in the document",
  });
}

function checkChange(record: Revision): void {
  if (record.patch.length === 0 && record.resolves === undefined) {
    throw new SynclineError("EMPTY_PATCH", "the patch writes nothing", { where: "/patch" });
  }
  checkPins(record, checkWrites(record.patch));
}

/** Checks leaf writes on an object that is there already; throws what {@link checkPatch} does. */
export function checkWrites(patch: readonly (Json | Write)[]): WriteTree {
  const leaves = new WrittenLeaves();
  const tree = new WriteTree();
  let previous: string | undefined;
  patch.forEach((write, index) => {
    checkForm(write, index);
    if (previous !== undefined && previous >= write.path) {
      throw invalid(index, "is out of order: writes are sorted, each path once");
    }
    previous = write.path;
    const keys = checkPath(write.path);
    const value = write.op === "remove" ? undefined : write.value;
    if (keys.length === 0) throw invalid(index, "replaces the whole document");
    if (write.op === "replace" && isJsonObject(value)) throw invalid(index, "replaces by a map");
    leaves.check(keys, value);
    if (!tree.add(keys, value)) throw clash(write.path);
  });
  return tree;
}

/** Checks that a write has exactly the fields of its operation. */
function checkForm(write: Json | Write | undefined, index: number): asserts write is Write {
  if (!isJsonObject(write)) throw invalid(index, "is not an operation");
  const { op, path } = write;
  if (op !== "add" && op !== "replace" && op !== "remove") {
    throw invalid(index, "is neither add, replace nor remove");
  }
  if (typeof path !== "string") throw invalid(index, "has no path");
  const takesValue = op !== "remove";
  if (Object.hasOwn(write, "value") !== takesValue) {
    throw invalid(index, takesValue ? "has no value" : "removes, and has a value");
  }
  if (Object.keys(write).length !== (takesValue ? 3 : 2)) throw invalid(index, "has extra fields");
}

function invalid(index: number, why: string): SynclineError {
  return new SynclineError("INVALID_PATCH", `write ${index} of the patch ${why}`, {
    where: `/patch/${index}`,
  });
}

function clash(path: string): SynclineError {
  return new SynclineError("CLASHING_WRITES", "the patch writes at a path and below it, or twice", {
    where: shorten(path),
  });
}
