import type { Edition } from "../../src/log/edition.ts";
import type { Algorithm } from "../../src/merge/algorithm.ts";
import { ALGORITHMS } from "../../src/merge/algorithms.ts";
import { SCHEMA_2 } from "../../src/scenario/world/editions.ts";

/**
 * A version of the program that also knows a second schema of the package and a second merge
 * algorithm, with the rules of the first, so that the oracle of merging knows them too.
 */
export const NEWER_EDITION: Edition = {
  ...SCHEMA_2,
  algorithms: new Map([...ALGORITHMS, [2, ALGORITHMS.get(1) as Algorithm]]),
};
