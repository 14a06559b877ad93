import { isSynclineError } from "../../base/errors.ts";
import { isUuid } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { parsePointer } from "../../base/pointer.ts";
import { parsePolicy } from "../../merge/parse-policy.ts";
import type { Fault } from "./issues.ts";
import { policyValue } from "./policy-value.ts";

/** What keeps a few words at a path from being a policy for the named instances. */
export function checkPolicy(
  path: readonly PropertyKey[],
  policy: JsonObject,
  names: ReadonlySet<string>,
): readonly Fault[] {
  const unknown: string[] = [];
  const known = [...names];
  const idOf = (name: string): string => {
    const place = known.indexOf(name);
    if (place < 0 && !isUuid(name)) unknown.push(name);
    return place < 0 ? name : `00000000-0000-4000-8000-${`${place}`.padStart(12, "0")}`;
  };
  try {
    parsePolicy(policyValue(policy, idOf));
  } catch (error) {
    if (!isSynclineError(error, "INVALID_POLICY")) throw error;
    const message =
      unknown[0] === undefined ? error.message : `no instance is called "${unknown[0]}"`;
    return [{ path: [...path, ...parsePointer(error.where ?? "")], message }];
  }
  return [];
}
