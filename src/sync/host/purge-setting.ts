import type { InstanceId } from "../../base/ids.ts";
import type { LinkRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";

/** Whether purges that come from a peer are refused here. */
export type PurgeSetting = (peer: InstanceId) => Promise<boolean>;

export function purgesOfLink({ refusesPurges = false }: LinkRow): PurgeSetting {
  return async () => refusesPurges;
}

/** Of a peer that dialed: as the links with it say, if there are any; else as for all others. */
export function purgesOfPeer(store: Pick<Store, "links">, others: boolean): PurgeSetting {
  return async (peer) => {
    const links = (await store.links()).filter((link) => link.peer === peer);
    if (links.length === 0) return others;
    return links.some(({ refusesPurges }) => refusesPurges === true);
  };
}
