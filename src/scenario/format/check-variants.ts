import { isJsonObject, type Json } from "../../base/json.ts";
import { type Variant, varied } from "./families.ts";
import type { Fault } from "./issues.ts";
import type { Scenario } from "./scenario.ts";

/** Combinations of settings that one file may ask for. */
const COMBINATIONS_MAX = 1_000;

/** What makes runs different; a name or a family is not part of a run. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...["clock", "seed", "policy", "instances", "links", "timeline", "finally"],
]);
const SAME_IN_ALL: ReadonlySet<string> = new Set([
  ...["scenario", "name", "vary", "permute", "sweep"],
]);

/** What is wrong with a value that is to be a scenario. */
type FaultsOf = (value: unknown) => readonly Fault[];

/**
 * Settings that `vary` names and no scenario has, and values that make none; each variant is read as a
 * file of its own.
 */
export function checkVariants(scenario: Scenario, faultsOf: FaultsOf): readonly Fault[] {
  const { vary = {} } = scenario;
  const paths = Object.keys(vary);
  const strange = paths.flatMap((path): readonly Fault[] => {
    const reason = reasonAgainst(scenario, path.split("."));
    return reason === undefined ? [] : [noSetting(path, reason)];
  });
  const faults = [
    ...strange,
    ...paths
      .filter((path) => strange.every(({ key }) => key !== path))
      .flatMap((path) => faultsOfValues(scenario, path, faultsOf)),
  ];
  return faults.length > 0 || paths.length < 2 ? faults : combinedFaults(scenario, faultsOf);
}

function noSetting(path: string, reason: string): Fault {
  const isThere = reason.endsWith(SAME);
  const message = isThere ? reason : `no setting is called "${path}": ${reason}`;
  return { path: ["vary"], key: path, message };
}

const SAME = "is the same in all runs";

/** Why there is nothing at a path that could be set. */
function reasonAgainst(scenario: Scenario, keys: readonly string[]): string | undefined {
  const [first = "", second] = keys;
  if (SAME_IN_ALL.has(first)) return `"${first}" ${SAME}`;
  if (!SETTINGS.has(first)) return `unknown key "${first}"`;
  if (first === "instances" && second !== undefined) {
    if (!Object.hasOwn(scenario.instances, second)) return `no instance is called "${second}"`;
  }
  let value: Json | undefined = scenario as unknown as Json;
  for (const [at, key] of keys.entries()) {
    if (Array.isArray(value) && !Object.hasOwn(value, key)) {
      return `there is no ${keys.slice(0, at + 1).join(".")}`;
    }
    value = Array.isArray(value) || isJsonObject(value) ? (value as never)[key] : undefined;
  }
  return undefined;
}

/** Each value of one setting alone. */
function faultsOfValues(scenario: Scenario, path: string, faultsOf: FaultsOf): readonly Fault[] {
  const values = scenario.vary?.[path] ?? [];
  const found = values.flatMap((value, number): readonly Fault[] => {
    const [variant] = varied({ ...scenario, vary: { [path]: [value] } });
    const [fault] = variant === undefined ? [] : faultsIn(variant, faultsOf);
    if (fault === undefined) return [];
    if (fault.key !== undefined && path.split(".").includes(fault.key)) {
      return [noSetting(path, fault.message)];
    }
    const message = `${path} cannot be ${JSON.stringify(value)}: ${fault.message}`;
    return [{ path: ["vary", path, number], message }];
  });
  return found.filter(({ key }, at) => key === undefined || at === 0);
}

function combinedFaults(scenario: Scenario, faultsOf: FaultsOf): readonly Fault[] {
  const counts = Object.values(scenario.vary ?? {}).map(({ length }) => length);
  const count = counts.reduce((product, one) => product * one, 1);
  if (count > COMBINATIONS_MAX) {
    return [{ path: ["vary"], message: `${count} combinations, over ${COMBINATIONS_MAX}` }];
  }
  return varied(scenario).flatMap((variant) => {
    const [fault] = faultsIn(variant, faultsOf);
    return fault === undefined
      ? []
      : [{ path: ["vary"], message: `${variant.label}: ${fault.message}` }];
  });
}

function faultsIn({ scenario }: Variant, faultsOf: FaultsOf): readonly Fault[] {
  const { vary: _, ...alone } = scenario;
  return faultsOf(alone);
}
