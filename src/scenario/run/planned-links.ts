import type { OrganizationWish } from "../../instance/link-organizations.ts";
import { parseScope } from "../../scope/parse-scope.ts";
import { scopeText } from "../../scope/scope.ts";
import type { LinkSpec } from "../format/scenario.ts";
import { type PlannedLink, plannedLink } from "../world/links.ts";

/** The links of a scenario as the world has them, each with a name of its own. */
export function plannedLinks(links: readonly LinkSpec[]): readonly PlannedLink[] {
  const taken = new Set<string>();
  return links.map((link) => {
    const planned = plannedLinkOf(link);
    const { name } = planned;
    for (let number = 2; taken.has(planned.name); number++) planned.name = `${name}-${number}`;
    taken.add(planned.name);
    return planned;
  });
}

function plannedLinkOf(link: LinkSpec): PlannedLink & { name: string } {
  const { from, to, direction, scope, maxRemovals, refusePurges, mode, map, unmapped, onLeave } =
    link;
  return {
    ...plannedLink(from, to, direction),
    scope: scope === undefined ? null : scopeText(parseScope(scope)),
    ...(mode === undefined ? {} : { mode }),
    ...(maxRemovals === undefined ? {} : { maxRemovals }),
    ...(map === undefined && unmapped === undefined
      ? {}
      : { organizations: wishOf(map, unmapped) }),
    ...(onLeave === "drop" ? { onLeave } : {}),
    ...(refusePurges === undefined ? {} : { refusesPurges: true }),
  };
}

function wishOf(map: LinkSpec["map"] = {}, unmapped?: string): OrganizationWish {
  const pairs = Object.entries(map).map(([theirs, ours]) => ({ theirs, ours }));
  return { map: pairs, ...(unmapped === undefined ? {} : { unmapped }) };
}
