import { z } from "zod";
import { isJsonObject, type Json } from "../../base/json.ts";
import { TYPES } from "../../catalog/index.ts";
import type { Checks } from "./checks.ts";
import type { Fault } from "./issues.ts";
import type { Scenario } from "./scenario.ts";

/** The fields that a type's schema names; undefined for a type that is not known. */
function fieldsOfType(type: string): ReadonlySet<string> | undefined {
  const definition = TYPES.get(type);
  if (!(definition?.authored instanceof z.ZodObject)) return undefined;
  const { lists, fixed, dropped } = definition;
  return new Set([
    ...Object.keys(definition.authored.shape),
    ...[...Object.keys(lists), ...Object.keys(fixed), ...dropped],
  ]);
}

/** Every key that stands anywhere in what is done, and every part of a path: somebody writes these. */
export function keysWritten({ timeline }: Pick<Scenario, "timeline">): ReadonlySet<string> {
  const keys = new Set<string>();
  const visit = (value: Json): void => {
    if (typeof value === "string" && value.startsWith("/")) {
      for (const part of value.split("/")) keys.add(part);
    } else if (Array.isArray(value)) for (const one of value) visit(one);
    else if (isJsonObject(value)) {
      for (const [key, one] of Object.entries(value)) {
        keys.add(key);
        visit(one as Json);
      }
    }
  };
  for (const step of timeline) if (!("check" in step)) visit(step as unknown as Json);
  return keys;
}

/** Fields that are to show nothing, and that there are not: that says nothing. */
export function fieldFaults(
  path: readonly PropertyKey[],
  values: Checks["value"] = {},
  written: ReadonlySet<string>,
): readonly Fault[] {
  return Object.entries(values).flatMap(([name, objects]) =>
    Object.entries(objects).flatMap(([ref, fields]) => {
      const [type = ""] = ref.split("/");
      const known = fieldsOfType(type);
      const isKnown = (key: string): boolean =>
        known === undefined || known.has(key) || written.has(key);
      return Object.entries(fields)
        .filter(([key, value]) => value === null && !isKnown(key))
        .map(([key]) => {
          return { path: [...path, name, ref], key, message: `no ${type} has a field "${key}"` };
        });
    }),
  );
}
