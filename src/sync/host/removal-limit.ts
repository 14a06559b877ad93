import type { InstanceId } from "../../base/ids.ts";
import { REMOVALS_DEFAULT, REMOVALS_SHARE_MIN } from "../../base/limits.ts";
import type { LinkRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { RemovalLimit } from "../session/events.ts";

/** How many live objects a run with a peer may remove here; null for any number. */
export type RemovalPolicy = (
  peer: InstanceId,
  /** A person on the other side agrees to more. */
  accepted: boolean,
) => Promise<RemovalLimit | null>;

/** A share of the live objects, or their number. */
export const REMOVALS_FORM: RegExp = /^(\d{1,3}%|\d{1,9})$/;

/** How many of `live` objects may go by a setting such as `5%` or `100`. */
export function removalsMax(setting: string, live: number): number {
  if (!setting.endsWith("%")) return Number(setting);
  const share = Math.floor((live * Number(setting.slice(0, -1))) / 100);
  return Math.max(share, REMOVALS_SHARE_MIN);
}

/** The limit by a setting; null where there is not so much to lose. */
export async function removalLimit(
  store: Pick<Store, "liveObjects">,
  setting: string,
  hint: string,
): Promise<RemovalLimit | null> {
  const live = await store.liveObjects();
  const max = removalsMax(setting, live);
  return live <= max ? null : { max, hint };
}

/** What a link lets go, for the side that runs it. */
export function limitOfLink(store: Store, { name, maxRemovals }: LinkRow): RemovalPolicy {
  const hint = `look first: syncline sync ${name} --dry-run; then let it: ${accepting(name)}`;
  return () => removalLimit(store, maxRemovals, hint);
}

/**
 * What a peer may remove that dialed: as the link with it says, if there is one; else by default,
 * and then whoever runs the other side may agree to more.
 */
export function limitOfPeer(store: Store): RemovalPolicy {
  return async (peer, accepted) => {
    const link = (await store.links()).find((one) => one.peer === peer);
    if (link !== undefined) {
      const hint = `at the receiving side: ${accepting(link.name)}`;
      return removalLimit(store, link.maxRemovals, hint);
    }
    if (accepted) return null;
    return removalLimit(store, REMOVALS_DEFAULT, `at the sending side: ${accepting("LINK")}`);
  };
}

function accepting(link: string): string {
  return `syncline sync ${link} --accept-removals`;
}
