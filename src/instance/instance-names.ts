import { SynclineError } from "../base/errors.ts";
import { type InstanceId, isUuid } from "../base/ids.ts";
import type { InstanceParts } from "./parts.ts";

type Known = readonly [name: string, id: InstanceId];

/**
 * What instances are called here: this one, those that it met or a link names, and those that others
 * told of. An instance may have several names; the first is the one to show.
 */
export async function knownInstances({
  identity,
  store,
}: Pick<InstanceParts, "identity" | "store">): Promise<readonly Known[]> {
  const known: Known[] = [[identity.name, identity.instance]];
  for (const { instance, name } of await store.peers()) {
    if (name !== null) known.push([name, instance]);
  }
  for (const { name, peer, peerName } of await store.links()) {
    if (peer === null) continue;
    if (peerName !== null) known.push([peerName, peer]);
    known.push([name, peer]);
  }
  return known;
}

/**
 * The instance that a person names: by its id, its own name, or the name of a link to it. Names are
 * known of this instance, of those that it has met, and of those that others told of. Throws `USAGE`.
 */
export async function instanceNamed(
  parts: Pick<InstanceParts, "identity" | "store">,
  given: string,
): Promise<InstanceId> {
  const id = given.toLowerCase();
  if (isUuid(id)) return id as InstanceId;
  const known = await knownInstances(parts);
  const found = new Set(known.filter(([name]) => name === given).map(([, one]) => one));
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  const names = [...new Set(known.map(([name]) => name))].join(", ");
  const what = second === undefined ? "no instance that is known here is" : "several instances are";
  throw new SynclineError("USAGE", `${what} named ${given}`, {
    where: given,
    hint: second === undefined ? `give its id; known are ${names}` : "give the id of one",
  });
}
