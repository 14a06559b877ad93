import type { LinkRow } from "../../store/rows.ts";

/** Whose packages become whose over a link, in one line. */
export function describeMapping({ organizations }: LinkRow): string {
  if (organizations === undefined) return "packages keep their organizations";
  const { map, unmapped } = organizations;
  const pairs = map.map(({ theirs, ours }) => `${theirs} to ${ours}`);
  return [...pairs, `others: ${unmapped}`].join(", ");
}
