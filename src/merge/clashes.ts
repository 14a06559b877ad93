import type { Json } from "../base/json.ts";
import { isFlag, pathsAbove } from "./leaf-writes.ts";
import type { Candidate } from "./survivors.ts";

/** A path with a value, and the candidates that want values below it. */
export interface Clash {
  readonly path: string;
  /** The candidates with a value at the path itself. */
  readonly here: readonly Candidate[];
  /** The candidates with a value at some path below. */
  readonly below: readonly Candidate[];
  /** True when the deeper values stand, so that this one has to go. */
  readonly isHidden: boolean;
}

/**
 * The paths where somebody wants a value and somebody else values below: both cannot stand, and the
 * deeper ones stay. A schema that fixes which fields are maps makes this unreachable. Deletion
 * flags stand beside values, and clash with none.
 */
export function clashesAmong(
  candidates: Iterable<readonly [path: string, candidates: readonly Candidate[]]>,
  leaves: ReadonlyMap<string, Json>,
): Clash[] {
  const valued = new Map<string, readonly Candidate[]>();
  for (const [path, entries] of candidates) {
    const withValue = isFlag(path) ? [] : entries.filter(({ value }) => value !== undefined);
    if (withValue.length > 0) valued.set(path, withValue);
  }
  const pairs = [...valued.keys()].flatMap((path) =>
    [...pathsAbove(path)].filter((above) => valued.has(above)).map((above) => ({ above, path })),
  );
  return [...Map.groupBy(pairs, ({ above }) => above)].map(([path, members]) => {
    const deeper = members.map((member) => member.path);
    return {
      path,
      here: valued.get(path) as readonly Candidate[],
      below: deeper.flatMap((one) => valued.get(one) as readonly Candidate[]),
      isHidden: leaves.has(path) && deeper.some((one) => leaves.has(one)),
    };
  });
}
