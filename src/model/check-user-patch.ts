import { SynclineError } from "../base/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json.ts";
import { USER_PATCH_OPERATIONS_MAX } from "../base/limits.ts";
import { checkKey, checkPath } from "./check-path.ts";
import { DELETED_KEY } from "./record.ts";

/** One operation of RFC 6902. */
export type UserOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "test"; readonly path: string; readonly value: Json }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string }
  | { readonly op: "remove"; readonly path: string };

const SECOND_FIELD: { readonly [op: string]: "value" | "from" | undefined } = {
  add: "value",
  replace: "value",
  test: "value",
  move: "from",
  copy: "from",
};

/**
 * The operations of a patch that a person wrote, once its form is right. As RFC 6902 asks, members
 * that an operation does not define are ignored. Throws `INVALID_PATCH`, `INVALID_POINTER`,
 * `FORBIDDEN_KEY`, `TOO_DEEP`.
 */
export function checkUserPatch(patch: Json): readonly UserOperation[] {
  if (!Array.isArray(patch)) {
    throw new SynclineError("INVALID_PATCH", "a patch is a list of operations", {
      hint: 'for example [{"op":"replace","path":"/title","value":"New title"}]',
    });
  }
  if (patch.length > USER_PATCH_OPERATIONS_MAX) {
    throw new SynclineError("INVALID_PATCH", `over ${USER_PATCH_OPERATIONS_MAX} operations`, {
      hint: "split the patch",
    });
  }
  return patch.map(checkOperation);
}

function checkOperation(operation: Json, index: number): UserOperation {
  if (!isJsonObject(operation)) throw invalid(index, "is not an operation");
  const { op } = operation;
  const second = typeof op === "string" && Object.hasOwn(SECOND_FIELD, op) ? SECOND_FIELD[op] : "";
  if (op !== "remove" && second === "") {
    throw invalid(index, "is none of add, remove, replace, move, copy, test");
  }
  const path = checkUserPath(operation, "path", index);
  if (op === "remove") return { op, path };
  if (op === "move" || op === "copy") {
    return { op, path, from: checkUserPath(operation, "from", index) };
  }
  if (!Object.hasOwn(operation, "value")) throw invalid(index, "has no value");
  const value = operation.value as Json;
  checkValue(value, path);
  return { op, path, value } as UserOperation;
}

function checkUserPath(operation: JsonObject, field: "path" | "from", index: number): string {
  const path = operation[field];
  if (typeof path !== "string") throw invalid(index, `has no ${field}`);
  if (checkPath(path).includes(DELETED_KEY)) throw reserved(path);
  return path;
}

/** Refuses keys that must not be stored; the value's depth is limited by the parser. */
function checkValue(value: Json, path: string): void {
  if (value === null || typeof value !== "object") return;
  if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      if (key === DELETED_KEY) throw reserved(path);
      checkKey(key, path);
    }
  }
  for (const member of Object.values(value)) checkValue(member as Json, path);
}

function reserved(path: string): SynclineError {
  return new SynclineError("FORBIDDEN_KEY", `"${DELETED_KEY}" is a reserved key`, {
    where: path.slice(0, 80),
    hint: "remove the member, or use delete and undelete",
  });
}

function invalid(index: number, why: string): SynclineError {
  return new SynclineError("INVALID_PATCH", `operation ${index} of the patch ${why}`, {
    where: `operation ${index}`,
  });
}
