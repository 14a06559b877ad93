import type { z } from "zod";
import { isJsonObject, type Json } from "../base/json.ts";

/** True only for values that a schema takes; false says nothing yet. */
export type Acceptance = (value: Json | undefined) => boolean;

const UNDECIDED: Acceptance = () => false;
const acceptances = new WeakMap<z.ZodType, Acceptance>();

/**
 * A quick answer for the common case that content is in order, derived from a type's schema: plain
 * comparisons that copy nothing, at a small part of what parsing by the schema costs each line of
 * an import. It knows the kinds of schema that the types here are made of; what it does not accept,
 * the schema itself has to judge and to explain. A property test holds the two together.
 */
export function acceptanceOf(schema: z.ZodType): Acceptance {
  const known = acceptances.get(schema);
  if (known !== undefined) return known;
  const made = derived(schema);
  acceptances.set(schema, made);
  return made;
}

function derived(schema: z.core.$ZodType): Acceptance {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "string") return stringOf(def.checks ?? []);
  if (def.checks !== undefined && def.checks.length > 0) return UNDECIDED;
  switch (def.type) {
    case "unknown":
      return () => true;
    case "boolean":
      return (value) => typeof value === "boolean";
    case "literal":
      return (value) => def.values.includes(value as z.core.util.Literal);
    case "custom":
      return (value) => Boolean(def.fn(value));
    case "optional":
      return either((value) => value === undefined, derived(def.innerType));
    case "nullable":
      return either((value) => value === null, derived(def.innerType));
    case "union":
      return def.options.map(derived).reduce(either, UNDECIDED);
    case "tuple":
      // Only the empty list is in use.
      if (def.items.length > 0 || def.rest !== null) return UNDECIDED;
      return (value) => Array.isArray(value) && value.length === 0;
    case "record":
      return isPlainString(def.keyType) ? membersOf(derived(def.valueType)) : UNDECIDED;
    case "object":
      return isUnknown(def.catchall) ? fieldsOf(def.shape) : UNDECIDED;
    default:
      return UNDECIDED;
  }
}

function stringOf(checks: readonly z.core.$ZodCheck<never>[]): Acceptance {
  const passes = checks.map(checkOf);
  return (value) => typeof value === "string" && passes.every((pass) => pass(value));
}

function checkOf(check: z.core.$ZodCheck<never>): (value: string) => boolean {
  const { def } = (check as unknown as z.core.$ZodCheckMinLength | z.core.$ZodCustom)._zod;
  if (def.check === "min_length") return (value) => value.length >= def.minimum;
  if (def.check === "custom") return (value) => Boolean(def.fn(value));
  return UNDECIDED;
}

function either(one: Acceptance, other: Acceptance): Acceptance {
  return (value) => one(value) || other(value);
}

/** Every member is acceptable. */
function membersOf(member: Acceptance): Acceptance {
  return (value) => {
    if (!isJsonObject(value)) return false;
    for (const key in value) if (!member(value[key])) return false;
    return true;
  };
}

/** The fields of a shape are acceptable; others are not looked at. */
function fieldsOf(shape: z.core.$ZodShape): Acceptance {
  const fields = Object.keys(shape).map(
    (key) => [key, derived(shape[key] as z.core.$ZodType)] as const,
  );
  return (value) => isJsonObject(value) && fields.every(([key, accepts]) => accepts(value[key]));
}

function isPlainString(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "string" && (def.checks ?? []).length === 0;
}

function isUnknown(schema: z.core.$ZodType | undefined): boolean {
  return (schema as z.core.$ZodTypes | undefined)?._zod.def.type === "unknown";
}
