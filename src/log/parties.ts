import type { ActorId } from "../base/ids.ts";
import type { OrganizationDoor } from "./organization-door.ts";

/** The actor that authors here, and its newest number; 0 before the first. */
export interface OwnNumber {
  readonly actor: ActorId;
  readonly seq: number;
}

/** Who is concerned: the actor here, and the one that the source of the records writes as now. */
export interface Parties {
  readonly own: OwnNumber;
  readonly source: ActorId | null;
  /** Packages of other organizations than these are refused. */
  readonly door?: OrganizationDoor | undefined;
  /** Purges are refused, but for those of the actor here, which come back. */
  readonly refusesPurges?: boolean | undefined;
}
