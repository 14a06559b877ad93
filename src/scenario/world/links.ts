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
  /** What it may delete or purge at once; 5 % unless given. */
  readonly maxRemovals?: string;
}

export function plannedLink(source: string, target: string, direction: Direction): PlannedLink {
  return { name: `${source}-${target}-${direction}`, source, target, direction };
}

/** The ways that data goes over a link. */
export function flowsOf({ source, target, direction }: PlannedLink): Flow[] {
  const there = { source, target };
  return direction === "both" ? [there, { source: target, target: source }] : [there];
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
    mode: "manual",
    peer: null,
    peerName: null,
    scope: TAKES_ALL.text,
    maxRemovals: link.maxRemovals ?? "5%",
    tokenFile: null,
    remoteHead: null,
    confirmed: null,
  };
}
