/*
 * Later versions of this program, made up, as far as what they know: a second schema of the package,
 * and a second merge algorithm. Everything else is the program as it is.
 */
import { z } from "zod";
import { TYPES, type TypeDefinition } from "../../catalog/index.ts";
import { type Edition, THIS_EDITION } from "../../log/edition.ts";
import type { Algorithm } from "../../merge/algorithm.ts";
import { ALGORITHMS } from "../../merge/algorithms.ts";

const first = TYPES.get("package") as TypeDefinition;
const added = {
  /** A typed field. */
  rank: z.number().int().min(1).optional(),
  /** A set. */
  keywords: z.record(z.string(), z.literal(true)).optional(),
};

/** The package by its second schema: `maintainer` is called `contact`, and two fields are new. */
const secondPackage: TypeDefinition = {
  ...first,
  version: 2,
  schema: (first.schema as z.ZodObject).extend(added),
  authored: (first.authored as z.ZodObject).extend(added),
  renamed: { contact: "maintainer" },
};

export const SCHEMA_2: Edition = {
  ...THIS_EDITION,
  types: new Map([...TYPES, ["package", secondPackage]]),
};

const firstAlgorithm = ALGORITHMS.get(1) as Algorithm;

/** Texts that were edited apart stand one after the other. */
const secondAlgorithm: Algorithm = {
  ...firstAlgorithm,
  mergeTexts: (_region, _said, _base, candidates) => ({
    value: candidates
      .map(({ value }) => String(value))
      .sort()
      .join("\n"),
    sources: candidates,
  }),
};

export const ALGORITHM_2: Edition = {
  ...THIS_EDITION,
  algorithms: new Map([...ALGORITHMS, [2, secondAlgorithm]]),
};

/** What knows all of it. */
export const LATEST: Edition = { types: SCHEMA_2.types, algorithms: ALGORITHM_2.algorithms };

/** The numbers of what a version knows. */
export interface Version {
  readonly schema?: 1 | 2;
  readonly algorithm?: 1 | 2;
}

/** What a version knows; the first of everything unless it says more. */
export function editionOf({ schema = 1, algorithm = 1 }: Version): Edition {
  return {
    types: (schema === 2 ? SCHEMA_2 : THIS_EDITION).types,
    algorithms: (algorithm === 2 ? ALGORITHM_2 : THIS_EDITION).algorithms,
  };
}
