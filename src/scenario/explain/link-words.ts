import { describeLimit } from "../../sync/host/removal-limit.ts";
import type { LinkSpec } from "../format/scenario.ts";

const ARROWS = { pull: "→", push: "→", both: "↔" } as const;

/** A link in a line: `A → B (pull), carries organizations city`. */
export function linkWords(link: LinkSpec): string {
  const { from, to, direction, scope, maxRemovals, refusePurges, mode, map, unmapped, onLeave } =
    link;
  const more = [
    ...(mode === undefined ? [] : [mode.replace(":", " ")]),
    ...(scope === undefined ? [] : [`carries ${scopeWords(scope)}`]),
    ...(onLeave === undefined ? [] : [`${onLeave}s what leaves`]),
    ...(maxRemovals === undefined ? [] : [`removes ${describeLimit(maxRemovals)}`]),
    ...Object.entries(map ?? {}).map(([theirs, ours]) => `gives packages of ${theirs} to ${ours}`),
    ...(unmapped === undefined ? [] : [`others: ${unmapped.replace("default:", "go to ")}`]),
    ...(refusePurges === undefined ? [] : ["refuses purges"]),
  ];
  return [`${from} ${ARROWS[direction]} ${to} (${direction})`, ...more].join(", ");
}

function scopeWords(scope: object): string {
  const words = Object.entries(scope).map(([key, value]) =>
    Array.isArray(value) ? `${key} ${value.join(" or ")}` : `${key} too`,
  );
  return words.join(", ") || "everything";
}
