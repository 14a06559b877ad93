import { printable } from "./text.ts";
import { counted } from "./units.ts";

/** Types that people ask for first; the others follow by name. */
const FIRST = ["package", "organization", "group", "tag"];

/** `55 packages, 8 organizations, 6 groups, 68 tags`. */
export function describeObjects(objects: Readonly<Record<string, number>>): string {
  const others = Object.keys(objects).filter((type) => !FIRST.includes(type));
  const parts = [...FIRST, ...others.sort()]
    .map((type) => [type, objects[type] ?? 0] as const)
    .filter(([, count]) => count > 0)
    .map(([type, count]) => counted(count, printable(type), pluralOf(printable(type))));
  return parts.length === 0 ? "none yet" : parts.join(", ");
}

function pluralOf(type: string): string {
  return type.endsWith("y") ? `${type.slice(0, -1)}ies` : `${type}s`;
}
