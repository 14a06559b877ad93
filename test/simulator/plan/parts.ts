import type { Json } from "../../../src/base/json.ts";
import type { Prng } from "../../../src/scenario/random/prng.ts";
import type { PlannedLink } from "../../../src/scenario/world/links.ts";
import { parseScope } from "../../../src/scope/parse-scope.ts";
import { scopeText } from "../../../src/scope/scope.ts";
import { CATALOG_NAMES } from "../workload/dump.ts";
import type { Topology } from "./topology.ts";

const TYPES = ["package", "package", "tag", "group", "organization", "user", "membership"] as const;

/** The topology with links that carry a part; some data flows over two links with different ones. */
export function drawParts({ links, ...topology }: Topology, random: Prng): Topology {
  const parted = links.flatMap((link): PlannedLink[] => {
    if (!random.chance(0.7)) return [link];
    const part = { ...link, scope: drawScope(random) };
    if (!random.chance(0.2)) return [part];
    return [part, { ...link, name: `${link.name}-2`, scope: drawScope(random) }];
  });
  return { ...topology, shape: `${topology.shape}, in parts`, links: parted };
}

/** A scope that some site may want; null for a link that has none. */
function drawScope(random: Prng): string | null {
  if (random.chance(0.15)) return null;
  const list = (names: readonly string[], share: number): Json => {
    return random.chance(share) ? [random.pick(names), random.pick(names)] : null;
  };
  const by = random.pick(["organizations", "groups", "tags", "nothing"] as const);
  const wanted = {
    types: list(TYPES, 0.25),
    organizations: list(CATALOG_NAMES.organization, by === "organizations" ? 1 : 0.05),
    groups: list(CATALOG_NAMES.group, by === "groups" ? 1 : 0.05),
    tags: list(CATALOG_NAMES.tag, by === "tags" ? 1 : 0.05),
    private: random.chance(0.3) ? true : null,
    roles: random.chance(0.3) ? true : null,
  };
  const given = Object.entries(wanted).filter(([, value]) => value !== null);
  return scopeText(parseScope(Object.fromEntries(given)));
}
