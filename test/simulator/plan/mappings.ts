import { fromCkan } from "../../../src/catalog/index.ts";
import type { OrganizationWish } from "../../../src/instance/link-organizations.ts";
import type { Prng } from "../../../src/scenario/random/prng.ts";
import { flowsOf, type PlannedLink } from "../../../src/scenario/world/links.ts";
import { CATALOG_NAMES } from "../workload/dump.ts";
import type { Topology } from "./topology.ts";

const MAPPED_SHARE = 0.7;

/**
 * The topology with links that give what comes over them organizations of the target. Mapping is for
 * instances that receive: no way leads back, by which what is mapped would come to who does not.
 */
export function drawMappings({ links, ...topology }: Topology, random: Prng): Topology {
  const drawn = links.map((link): PlannedLink => {
    const others = links.filter((one) => one !== link);
    if (!random.chance(MAPPED_SHARE) || leadsBack(links, link)) return link;
    const name = link.name.replace("-push", "-pull");
    if (others.some((one) => one.name === name)) return link;
    const isAlone = !others.some((one) => isBetween(one, link));
    const organizations = drawWish(random, isAlone);
    return { ...link, name, direction: "pull", organizations };
  });
  const isMapped = drawn.some(({ organizations }) => organizations !== undefined);
  const shape = isMapped ? `${topology.shape}, mapped` : topology.shape;
  return { ...topology, shape, links: drawn };
}

function isBetween({ source, target }: PlannedLink, { source: from, target: to }: PlannedLink) {
  return (source === from && target === to) || (source === to && target === from);
}

function leadsBack(links: readonly PlannedLink[], { source, target }: PlannedLink): boolean {
  const flows = links.flatMap(flowsOf);
  const found = new Set([target]);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const flow of flows) if (found.has(flow.source)) found.add(flow.target);
  }
  return found.has(source);
}

/** What comes over another link from the same peer would pass by the door of this one. */
function drawWish(random: Prng, mayRefuse: boolean): OrganizationWish {
  const [theirs, ours] = random.pick([CATALOG_NAMES.organization, REVERSED] as const);
  const [other = "", own = ""] = [theirs, ours];
  const rules = ["create", `default:${idOf(own)}`, ...(mayRefuse ? ["refuse", "refuse"] : [])];
  const by = random.chance(0.5) ? other : idOf(other);
  const map = random.chance(0.85) ? [{ theirs: by, ours: idOf(own) }] : [];
  return { map, unmapped: random.pick(rules) };
}

const REVERSED = [...CATALOG_NAMES.organization].reverse();

/** The id that an organization of the catalog has wherever it is imported. */
function idOf(name: string): string {
  return fromCkan("organization", { name }).object.id;
}
