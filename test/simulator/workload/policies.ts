import type { InstanceId } from "../../../src/base/ids.ts";
import type { Json } from "../../../src/base/json.ts";
import { DEFAULT_POLICY, type Policy } from "../../../src/merge/policy.ts";
import type { Prng } from "../../../src/scenario/random/prng.ts";

/** A policy that some site may want. */
export function drawPolicy(instances: readonly InstanceId[], random: Prng): Json {
  const first = random.pick(instances);
  const others = instances.filter((id) => id !== first && random.chance(0.5));
  const priority = { priority: [first, ...others] };
  const { types, names } = DEFAULT_POLICY;
  const policy: Policy = {
    default: random.pick<Policy["default"]>(["newest", priority]),
    deletes: random.pick(["edit-wins", "delete-wins"] as const),
    names: { ...names, [random.pick(["tag", "group", "package"])]: random.pick(RULES) },
    types: { ...types, package: { ...types.package, "/title": random.pick([priority, "text"]) } },
  };
  return policy as unknown as Json;
}

const RULES = ["suffix", "alias"] as const;
