import { SynclineError } from "../base/errors.ts";
import { type InstanceId, isUuid } from "../base/ids.ts";
import type { InstanceParts } from "./parts.ts";

/**
 * The instance that a person names: by its id, its own name, or the name of a link to it. Names are
 * known of this instance and of the peers that a link has met. Throws `USAGE`.
 */
export async function instanceNamed(
  { identity, store }: Pick<InstanceParts, "identity" | "store">,
  given: string,
): Promise<InstanceId> {
  const id = given.toLowerCase();
  if (isUuid(id)) return id as InstanceId;
  const known: [name: string, id: InstanceId][] = [[identity.name, identity.instance]];
  for (const { name, peer, peerName } of await store.links()) {
    if (peer === null) continue;
    known.push([name, peer]);
    if (peerName !== null) known.push([peerName, peer]);
  }
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
