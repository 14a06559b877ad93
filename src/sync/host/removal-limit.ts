import { REMOVALS_DEFAULT, REMOVALS_SHARE_MIN } from "../../base/limits.ts";
import type { LinkRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { scopeOf } from "../scope-ref.ts";
import type { Remover } from "../session/effects.ts";
import type { RemovalLimit } from "../session/events.ts";

/** How many live objects a run with a peer may remove here; null for any number. */
export type RemovalPolicy = (by: Remover) => Promise<RemovalLimit | null>;

/** A share of the live objects, or their number. */
export const REMOVALS_FORM: RegExp = /^((\d{1,2}|100)%|\d{1,9})$/;

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
 * What a peer may remove that dialed: as the link says that receives the same from it; else the
 * strictest of its links that receive, or of those that only send; without a link by default, and
 * then whoever runs the other side may agree to more.
 */
export function limitOfPeer(store: Store): RemovalPolicy {
  return async ({ peer, scope, accepted }) => {
    const links = (await store.links()).filter((one) => one.peer === peer);
    const receiving = links.filter(({ direction }) => direction !== "push");
    const same = receiving.filter((link) => scopeOf(link.scope).hash === scope);
    const asked = [same, receiving, links].find(({ length }) => length > 0);
    const link = asked && strictest(asked, await store.liveObjects());
    if (link !== undefined) {
      const { name, maxRemovals } = link;
      // Who runs that link agrees to what it carries, which need not be all that is pushed.
      const helps = asked === same ? accepting(name) : `syncline link set ${name} --max-removals N`;
      return removalLimit(store, maxRemovals, `at the receiving side: ${helps}`);
    }
    if (accepted) return null;
    return removalLimit(store, REMOVALS_DEFAULT, `at the sending side: ${accepting("LINK")}`);
  };
}

function strictest(links: readonly LinkRow[], live: number): LinkRow | undefined {
  const max = ({ maxRemovals }: LinkRow): number => removalsMax(maxRemovals, live);
  return [...links].sort((a, b) => max(a) - max(b))[0];
}

function accepting(link: string): string {
  return `syncline sync ${link} --accept-removals`;
}
