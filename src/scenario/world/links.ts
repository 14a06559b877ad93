import type { OrganizationWish } from "../../instance/link-organizations.ts";
import { EVERYTHING, scopeText } from "../../scope/scope.ts";
import type { Direction, LinkRow } from "../../store/rows.ts";
import type { Flow } from "../checkers/world-state.ts";
import { TAKES_ALL } from "./scopes.ts";

/** A link between two instances of the world. */
export interface PlannedLink {
  readonly name: string;
  /** Data goes from `source` to `target`; with direction `both`, also back. */
  readonly source: string;
  readonly target: string;
  /** A pull link belongs to the target, others to the source: the owner dials. */
  readonly direction: Direction;
  /** `manual` unless given, `live` or `every:5m`. */
  readonly mode?: string;
  /** What it may delete or purge at once; 5 % unless given. */
  readonly maxRemovals?: string;
  /** Canonical scope JSON; null carries all that does not stay home. All of everything unless given. */
  readonly scope?: string | null;
  /** What leaves the scope is dropped; it stays unless given. */
  readonly onLeave?: "drop";
  /** Its owner does not carry out purges that come over it. */
  readonly refusesPurges?: boolean;
  /** Whose packages become whose, once the organizations that it names are here. */
  readonly organizations?: OrganizationWish;
}

export function plannedLink(source: string, target: string, direction: Direction): PlannedLink {
  return { name: `${source}-${target}-${direction}`, source, target, direction };
}

/** The ways that data goes over a link. */
export function flowsOf(link: PlannedLink): Flow[] {
  const { source, target, direction, refusesPurges = false } = link;
  const scope = scopeTextOf(link);
  const flow = (from: string, to: string): Flow => {
    return {
      source: from,
      target: to,
      scope,
      refusesPurges: refusesPurges && to === ownerOf(link),
      refusesUnmapped: link.organizations?.unmapped === "refuse",
      drops: link.onLeave === "drop" && to === ownerOf(link),
    };
  };
  return direction === "both"
    ? [flow(source, target), flow(target, source)]
    : [flow(source, target)];
}

function scopeTextOf({ scope = TAKES_ALL.text }: PlannedLink): string {
  return scope ?? scopeText(EVERYTHING);
}

/** True when nothing is missing of what comes over it. */
export function isWhole({ scope, refusesPurges, refusesUnmapped }: Flow): boolean {
  return scope === TAKES_ALL.text && !refusesPurges && !refusesUnmapped;
}

/** Instances that something came to, perhaps over others, of which a link left something out. */
export function receiversOfParts(links: readonly PlannedLink[]): ReadonlySet<string> {
  const flows = links.flatMap(flowsOf);
  const found = new Set(flows.filter((flow) => !isWhole(flow)).map(({ target }) => target));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { source, target } of flows) if (found.has(source)) found.add(target);
  }
  return found;
}

/** Whose link it is: the side that dials. */
export function ownerOf({ source, target, direction }: PlannedLink): string {
  return direction === "pull" ? target : source;
}

/** The side that is dialed. */
export function peerOf({ source, target, direction }: PlannedLink): string {
  return direction === "pull" ? source : target;
}

/** A link as its owner's store keeps it. */
export function rowOf(link: PlannedLink): LinkRow {
  return {
    name: link.name,
    url: `sim://${peerOf(link)}`,
    direction: link.direction,
    mode: link.mode ?? "manual",
    peer: null,
    peerName: null,
    scope: link.scope === undefined ? TAKES_ALL.text : link.scope,
    maxRemovals: link.maxRemovals ?? "5%",
    ...(link.onLeave === undefined ? {} : { onLeave: link.onLeave }),
    ...(link.refusesPurges === true ? { refusesPurges: true } : {}),
    tokenFile: null,
    remoteHead: null,
    confirmed: null,
  };
}
