import type { LinkRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";

/** Whose packages become whose over a link, in one line; undefined where they keep theirs. */
export async function describeMapping(
  store: Pick<Store, "objects">,
  { organizations }: LinkRow,
): Promise<string | undefined> {
  if (organizations === undefined) return undefined;
  const { map, unmapped } = organizations;
  const [rule = "", target] = unmapped.split(":");
  const pairs: string[] = [];
  for (const { theirs, ours } of map) pairs.push(`${theirs} to ${await nameOf(store, ours)}`);
  const others = target === undefined ? rule : `${rule}:${await nameOf(store, target)}`;
  return [...pairs, `others: ${others}`].join(", ");
}

async function nameOf(store: Pick<Store, "objects">, id: string): Promise<string> {
  const [organization] = await store.objects({ idPrefix: id, limit: 1 });
  return organization?.effectiveName ?? id;
}
