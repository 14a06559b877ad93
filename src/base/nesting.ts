import type { Json } from "./json.ts";

/** How deep a value nests: 0 for a scalar, 1 for a list or map of scalars, and so on. */
export function nestingOf(value: Json): number {
  if (value === null || typeof value !== "object") return 0;
  const members: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  let deepest = 0;
  for (const member of members) deepest = Math.max(deepest, nestingOf(member));
  return deepest + 1;
}
