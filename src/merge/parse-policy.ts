import { z } from "zod";
import { canonicalize } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { type InstanceId, isUuid } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import {
  POINTER_CHARS_MAX,
  POLICY_BYTES_MAX,
  POLICY_INSTANCES_MAX,
  POLICY_PATHS_MAX,
  POLICY_TYPES_MAX,
  TYPE_CHARS_MAX,
} from "../base/limits.ts";
import { parsePointer, printPointer } from "../base/pointer.ts";
import { inForce, type PolicyInForce } from "./policy.ts";

const PRIORITY = '{"priority": [instance ids, the first one wins]}';

const instance = z.custom<InstanceId>(isUuid, "expected the UUID of an instance in lower case");
const priority = z.strictObject({
  priority: z
    .array(instance, "expected a list of instance ids")
    .min(1, "expected at least one instance id")
    .max(POLICY_INSTANCES_MAX, `expected at most ${POLICY_INSTANCES_MAX} instance ids`)
    .refine((ids) => new Set(ids).size === ids.length, "expected each instance id once"),
});
const register = z.union([z.literal("newest"), priority], `expected "newest" or ${PRIORITY}`);
const strategy = z.union(
  [z.enum(["newest", "set", "text"]), priority],
  `expected "newest", "set", "text" or ${PRIORITY}`,
);
const typeName = z
  .string()
  .max(TYPE_CHARS_MAX)
  .regex(/^[a-z][a-z0-9_-]*$/);
const path = z.string().max(POINTER_CHARS_MAX).refine(isPointer);

/** A map with at most so many keys, each of this form. */
function mapOf<K extends z.ZodString, V extends z.ZodType>(
  key: K,
  value: V,
  keysMax: number,
  what: string,
): z.ZodType<Record<string, z.infer<V>>> {
  return z
    .record(key, value, {
      error: ({ code }) => (code === "invalid_key" ? `expected ${what} as key` : "expected a map"),
    })
    .refine((map) => Object.keys(map).length <= keysMax, `expected at most ${keysMax} keys`);
}

const schema = z.strictObject({
  default: register,
  deletes: z.enum(["edit-wins", "delete-wins"], 'expected "edit-wins" or "delete-wins"'),
  names: mapOf(
    typeName,
    z.enum(["suffix", "alias"], 'expected "suffix" or "alias"'),
    POLICY_TYPES_MAX,
    "a type's name",
  ).refine(({ user }) => user !== "alias", {
    path: ["user"],
    error: 'expected "suffix": two people are never one',
  }),
  types: mapOf(
    typeName,
    mapOf(path, strategy, POLICY_PATHS_MAX, 'a path such as "/notes" or "/resources/*/url"'),
    POLICY_TYPES_MAX,
    "a type's name",
  ),
});

/**
 * A policy document and its hash, after a full check. Types need not be known here. Throws
 * `INVALID_POLICY`: the message says what was expected, `where` is the JSON pointer of what does
 * not fit.
 */
export function parsePolicy(json: Json): PolicyInForce {
  const result = schema.safeParse(json);
  if (!result.success) throw misfit(result.error.issues[0] as z.core.$ZodIssue);
  if (Buffer.byteLength(canonicalize(json)) <= POLICY_BYTES_MAX) return inForce(result.data);
  throw new SynclineError("INVALID_POLICY", `a policy has at most ${POLICY_BYTES_MAX} bytes`, {
    hint: "name fewer paths: a path covers all below it",
  });
}

function misfit(issue: z.core.$ZodIssue): SynclineError {
  const { message, path: keys } = inUnion(issue);
  const where = printPointer(keys.map(String));
  return new SynclineError("INVALID_POLICY", `not a policy: ${message}`, {
    where,
    hint: "`syncline policy show` prints a complete one to start from",
  });
}

/** Of a value that fits no branch of a union, what is wrong inside the branch it comes close to. */
function inUnion(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, "message" | "path"> {
  if (issue.code !== "invalid_union") return issue;
  const inside = issue.errors.flat().find(({ path: keys }) => keys.length > 0);
  if (inside === undefined) return issue;
  return { message: inside.message, path: [...issue.path, ...inside.path] };
}

function isPointer(text: string): boolean {
  try {
    return parsePointer(text).length > 0;
  } catch {
    return false;
  }
}
