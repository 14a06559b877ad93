import { SynclineError } from "../base/errors.ts";
import { isUuid, type ObjectId } from "../base/ids.ts";
import type { Direction, LinkOrganizations, OrganizationPair } from "../store/rows.ts";
import { findObject } from "./find-object.ts";
import type { InstanceParts } from "./parts.ts";

/** Whose packages become whose, as a person says it. */
export interface OrganizationWish {
  /** The peer's organization, by its name there or its id, and the one here, by name or id. */
  readonly map?: readonly { readonly theirs: string; readonly ours: string }[];
  /**
   * What becomes of packages of other organizations: `create` (they come as they are; so unless
   * said otherwise), `refuse`, or `default:NAME`, the organization here that they get.
   */
  readonly unmapped?: string;
}

/** A change of a link's mapping: what is not named stays. */
export interface OrganizationChange extends OrganizationWish {
  /** Organizations of the peer, as they were named, that are not mapped any more. */
  readonly unmap?: readonly string[];
}

type Parts = Pick<InstanceParts, "store" | "search">;

const NOTHING: LinkOrganizations = { map: [], unmapped: "create", mappedTo: 0 };
const DEFAULT = "default:";

/**
 * The mapping that a person asks for, over the one there was. Throws `USAGE` for a link that is not
 * for receiving alone, and `OBJECT_NOT_FOUND` for an organization that is not here.
 */
export async function organizationsOf(
  parts: Parts,
  { direction }: { readonly direction: Direction },
  before: LinkOrganizations | undefined,
  { map = [], unmapped, unmap = [] }: OrganizationChange,
): Promise<LinkOrganizations> {
  checkMapped(direction);
  const pairs = new Map((before ?? NOTHING).map.map((pair) => [pair.theirs, pair]));
  for (const theirs of unmap) {
    if (pairs.delete(theirs)) continue;
    const known = [...pairs.keys()].join(", ");
    throw usage(
      `"${theirs}" is not mapped`,
      known === "" ? "this link maps no organization" : `mapped are: ${known}`,
    );
  }
  for (const { theirs, ours } of map) {
    if (theirs === "") throw usage("the peer's organization has no name", "say theirs=ours");
    pairs.set(theirs, await pairOf(parts, theirs, ours));
  }
  return {
    map: [...pairs.values()],
    unmapped: unmapped === undefined ? (before ?? NOTHING).unmapped : await ruleOf(parts, unmapped),
    mappedTo: 0,
  };
}

/** Only a link that receives alone can map. Throws `USAGE`. */
export function checkMapped(direction: Direction): void {
  if (direction === "pull") return;
  if (direction === "both") {
    throw usage(
      "a link of both directions cannot map organizations: what it maps would travel back",
      "use a link that pulls, or give the packages an organization that both sides know",
    );
  }
  throw usage(
    "a link that pushes receives nothing to map",
    "map where the packages arrive, on a link of the other side that pulls from here",
  );
}

async function pairOf(parts: Parts, theirs: string, ours: string): Promise<OrganizationPair> {
  const id = theirs.toLowerCase();
  return { theirs, id: isUuid(id) ? (id as ObjectId) : null, ours: await ownOf(parts, ours) };
}

async function ruleOf(parts: Parts, rule: string): Promise<LinkOrganizations["unmapped"]> {
  if (rule === "create" || rule === "refuse") return rule;
  if (rule.startsWith(DEFAULT) && rule !== DEFAULT)
    return `default:${await ownOf(parts, rule.slice(DEFAULT.length))}`;
  throw usage(`"${rule}" is no rule for unmapped organizations`, "create, refuse or default:NAME");
}

/** A live organization here, by its name or id. */
async function ownOf({ store, search }: Parts, ours: string): Promise<ObjectId> {
  const row = await findObject(store, search, `organization/${ours}`);
  if (!row.deleted) return row.id;
  throw new SynclineError("OBJECT_DELETED", `organization/${ours} is deleted`, {
    where: `organization/${ours}`,
    hint: "undelete it first, or name another one",
  });
}

function usage(message: string, hint: string): SynclineError {
  return new SynclineError("USAGE", message, { hint });
}
