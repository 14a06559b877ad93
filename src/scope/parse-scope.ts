import { z } from "zod";
import { compareCodeUnits } from "../base/canonical.ts";
import { asSynclineError, SynclineError } from "../base/errors.ts";
import { parseJson } from "../base/ingress/parse-json.ts";
import type { Json } from "../base/json.ts";
import { KEY_CHARS_MAX, SCOPE_BYTES_MAX, TYPE_CHARS_MAX } from "../base/limits.ts";
import { printPointer } from "../base/pointer.ts";
import { KNOWN_TYPES } from "../catalog/index.ts";
import { type Scope, scopeText } from "./scope.ts";
import { isRoleType } from "./selection.ts";

const EMPTY = "the list is empty; leave it out to let everything pass";

function listOf(item: z.ZodString, what: string): z.ZodOptional<z.ZodType<readonly string[]>> {
  return z
    .array(item, `expected a list of ${what}`)
    .min(1, EMPTY)
    .transform((names) => [...new Set(names)].sort(compareCodeUnits))
    .optional();
}

const typeName = z
  .string("expected the name of a type")
  .max(TYPE_CHARS_MAX)
  .regex(/^[a-z][a-z0-9_-]*$/, "expected the name of a type, such as package");
const objectName = z
  .string("expected a name or an id")
  .min(1, "expected a name or an id")
  .max(KEY_CHARS_MAX, `expected a name of at most ${KEY_CHARS_MAX} characters`);
const flag = z.boolean("expected true or false").optional();

const schema = z.strictObject({
  types: listOf(typeName, "types"),
  organizations: listOf(objectName, "organizations"),
  groups: listOf(objectName, "groups"),
  tags: listOf(objectName, "tags"),
  private: flag,
  roles: flag,
});

/**
 * A scope from its document, in its one form. Types need not be known here. Throws `INVALID_SCOPE`:
 * the message says what was expected, `where` is the JSON pointer of what does not fit.
 */
export function parseScope(json: Json): Scope {
  const result = schema.safeParse(json);
  if (!result.success) throw misfit(result.error.issues[0] as z.core.$ZodIssue);
  const { private: withPrivate, roles, ...lists } = result.data;
  const named = Object.entries(lists).filter(([, list]) => list !== undefined);
  const scope: Scope = {
    ...Object.fromEntries(named),
    ...(withPrivate === true ? { private: true } : {}),
    ...(roles === true ? { roles: true } : {}),
  };
  const role = scope.types?.findIndex(isRoleType) ?? -1;
  if (role >= 0) throw rolesAsType(role);
  if (Buffer.byteLength(scopeText(scope)) <= SCOPE_BYTES_MAX) return scope;
  throw new SynclineError("INVALID_SCOPE", `a scope has at most ${SCOPE_BYTES_MAX} bytes`, {
    hint: "name fewer objects, or use several links",
  });
}

/** A scope from its text, which may come from a peer. Throws `INVALID_SCOPE`. */
export function readScopeText(text: string): Scope {
  let json: Json;
  try {
    json = parseJson(text, { bytesMax: SCOPE_BYTES_MAX });
  } catch (error) {
    const { message } = asSynclineError(error);
    throw new SynclineError("INVALID_SCOPE", `not a scope: ${message}`, {
      hint: "a scope is a JSON object",
    });
  }
  return parseScope(json);
}

/** Throws `INVALID_SCOPE` for a type that nobody has: it would carry nothing, without a word. */
export function checkKnownTypes({ types = [] }: Scope): void {
  const at = types.findIndex((type) => !KNOWN_TYPES.includes(type));
  if (at < 0) return;
  throw new SynclineError("INVALID_SCOPE", `not a scope: there is no type "${types[at]}"`, {
    where: printPointer(["types", String(at)]),
    hint: `the types are ${KNOWN_TYPES.join(", ")}`,
  });
}

function rolesAsType(at: number): SynclineError {
  return new SynclineError("INVALID_SCOPE", "not a scope: roles are no type to select by", {
    where: printPointer(["types", String(at)]),
    hint: 'write "roles": true to carry the roles of what is selected',
  });
}

function misfit(issue: z.core.$ZodIssue): SynclineError {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const keys = unknown === undefined ? issue.path : [...issue.path, unknown];
  const message =
    unknown !== undefined
      ? "expected types, organizations, groups, tags, private or roles as key"
      : issue.code === "invalid_type" && issue.path.length === 0
        ? "expected a JSON object"
        : issue.message;
  return new SynclineError("INVALID_SCOPE", `not a scope: ${message}`, {
    where: printPointer(keys.map(String)),
    hint: 'for example {"types":["package"],"organizations":["city-hall"]}',
  });
}
