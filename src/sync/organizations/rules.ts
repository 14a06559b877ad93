import { isUuid, type ObjectId } from "../../base/ids.ts";
import type { Json } from "../../base/json.ts";
import type { LinkOrganizations } from "../../store/rows.ts";

const DEFAULT = "default:";

/** The organization that packages of unmapped ones go to; undefined where there is none. */
export function defaultOf({ unmapped }: LinkOrganizations): ObjectId | undefined {
  return unmapped.startsWith(DEFAULT) ? (unmapped.slice(DEFAULT.length) as ObjectId) : undefined;
}

/** The own organizations that packages are given. */
export function targetsOf(rules: LinkOrganizations): ReadonlySet<string> {
  const whole = defaultOf(rules);
  return new Set([...rules.map.map(({ ours }) => ours), ...(whole === undefined ? [] : [whole])]);
}

/** The organization that a package of this owner shall have; undefined when it keeps its own. */
export function targetOf(rules: LinkOrganizations, owner: Json | undefined): ObjectId | undefined {
  if (!isUuid(owner)) return undefined;
  const pair = rules.map.find(({ id }) => id === owner);
  const target = pair?.ours ?? (targetsOf(rules).has(owner) ? undefined : defaultOf(rules));
  return target === owner ? undefined : target;
}

/** What the door lets pass, where the rules refuse the rest. */
export function doorOf(rules: LinkOrganizations): ReadonlySet<string> | undefined {
  if (rules.unmapped !== "refuse") return undefined;
  const theirs = rules.map.map(({ theirs: name, id }) => id ?? name);
  return new Set([...theirs, ...targetsOf(rules)]);
}
