import { canonicalize, compareCodeUnits } from "../base/canonical.ts";
import { schemaVersion, TYPES, type Types } from "../catalog/index.ts";
import { type Algorithms, newestAlgorithm } from "../merge/algorithm.ts";
import { ALGORITHMS } from "../merge/algorithms.ts";
import { ALGORITHM_VERSION, RECORD_VERSION, type Revision } from "../model/record.ts";

/**
 * What one version of the program knows: the object types, each with the newest version of its
 * schema, and the versions of the merge algorithm. Everything that depends on the program's age
 * depends on this alone, so that an instance can run as an older or newer version of itself.
 */
export interface Edition {
  readonly types: Types;
  readonly algorithms: Algorithms;
  /** The newest format of records that can be read; {@link RECORD_VERSION} unless given. */
  readonly records?: number;
}

/** What this version knows. */
export const THIS_EDITION: Edition = { types: TYPES, algorithms: ALGORITHMS };

/** The versions that a record states. */
export type Stated = Pick<Revision, "type" | "schema" | "algorithm">;

/** True when an edition knows by which rules a record was written. */
export function knows({ types, algorithms }: Edition, stated: Stated): boolean {
  const { type, schema, algorithm } = stated;
  if (schema === 1 && algorithm === ALGORITHM_VERSION) return true;
  return schema <= schemaVersion(type, types) && algorithm <= newestAlgorithm(algorithms);
}

/** The versions that an edition writes records of a type in. */
export function statedBy({ types, algorithms }: Edition, type: string): Stated {
  const schema = schemaVersion(type, types);
  return { type, schema, algorithm: newestAlgorithm(algorithms) };
}

/** Which versions beyond the first an edition knows, by what they are versions of. */
export type Versions = Readonly<Record<string, number>>;

const ALGORITHM_KEY = "algorithm";
const RECORD_KEY = "record";

/** The newest versions that an edition knows, the first ones left out: those everybody knows. */
export function versionsOf({ types, algorithms, records = RECORD_VERSION }: Edition): Versions {
  const versions: Record<string, number> = {};
  const note = (what: string, version: number, first: number): void => {
    if (version > first) versions[what] = version;
  };
  note(ALGORITHM_KEY, newestAlgorithm(algorithms), ALGORITHM_VERSION);
  note(RECORD_KEY, records, 1);
  for (const [type, { version }] of types) note(`type/${type}`, version, 1);
  return versions;
}

/** The same as text, equal for equal versions; null when all are the first. */
export function printVersions(versions: Versions): string | null {
  const entries = Object.entries(versions).sort(([a], [b]) => compareCodeUnits(a, b));
  return entries.length === 0 ? null : canonicalize(Object.fromEntries(entries));
}

/** True when something that was known before is not known now. */
export function isLess(now: Versions, before: Versions): boolean {
  return Object.entries(before).some(([what, version]) => (now[what] ?? 1) < version);
}

/** True when records can be read that could not be read before. */
export function readsMore(now: Versions, before: Versions): boolean {
  return (now[RECORD_KEY] ?? 1) > (before[RECORD_KEY] ?? 1);
}
