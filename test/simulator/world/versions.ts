import { type Edition, THIS_EDITION } from "../../../src/log/edition.ts";
import type { Algorithm } from "../../../src/merge/algorithm.ts";
import { ALGORITHMS } from "../../../src/merge/algorithms.ts";
import { SCHEMA_2 } from "../../editions.ts";

/**
 * The versions of the program that instances run: this one, and one that also knows a second schema
 * of the package and a second merge algorithm, with the rules of the first, so that the oracle of
 * merging knows them too.
 */
export const VERSIONS: Readonly<Record<Version, Edition>> = {
  old: THIS_EDITION,
  new: {
    ...SCHEMA_2,
    algorithms: new Map([...ALGORITHMS, [2, ALGORITHMS.get(1) as Algorithm]]),
  },
};
export type Version = "old" | "new";
