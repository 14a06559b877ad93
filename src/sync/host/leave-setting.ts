import type { InstanceId } from "../../base/ids.ts";
import type { LinkRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { scopeOf } from "../scope-ref.ts";

/** Whether what leaves a scope at a peer is dropped here. */
export type LeaveSetting = (peer: InstanceId, scope: string) => Promise<boolean>;

export function leavesOfLink({ onLeave }: LinkRow): LeaveSetting {
  return async () => onLeave === "drop";
}

/** Of a peer that dialed: as the link with it and that scope says; kept where there is none. */
export function leavesOfPeer(store: Pick<Store, "links">): LeaveSetting {
  return async (peer, scope) => {
    const links = (await store.links()).filter((link) => link.peer === peer);
    const same = links.filter((link) => scopeOf(link.scope).hash === scope);
    return same.some(({ onLeave }) => onLeave === "drop");
  };
}
