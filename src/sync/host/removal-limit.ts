import { SynclineError } from "../../base/errors.ts";
import { REMOVALS_DEFAULT, REMOVALS_SHARE_MIN } from "../../base/limits.ts";
import type { LinkRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { scopeOf } from "../scope-ref.ts";
import type { Remover } from "../session/effects.ts";
import type { RemovalLimit } from "../session/events.ts";
import type { SessionResult } from "../session/result.ts";

/** How many live objects a run with a peer may remove here; null for any number. */
export type RemovalPolicy = (by: Remover) => Promise<RemovalLimit | null>;

/** A share of the live objects, or their number. No share is nothing: some may always go by one. */
export const REMOVALS_FORM: RegExp = /^((0?[1-9]|[1-9]\d|100)%|\d{1,9})$/;

/** Throws `USAGE` for what is no such setting. */
export function checkLimit(setting: string): void {
  if (REMOVALS_FORM.test(setting)) return;
  const hint =
    setting.endsWith("%") && Number(setting.slice(0, -1)) === 0
      ? `give 0 for none: of a share, ${REMOVALS_SHARE_MIN} may go at least`
      : "a share such as 5%, up to 100%, or a number";
  throw new SynclineError("USAGE", `"${setting}" is no limit on removals`, { hint });
}

/** How much may go, as said after "removes". */
export function describeLimit(setting: string): string {
  const isPart = setting.endsWith("%") && setting !== "100%";
  const least = isPart ? `, or ${REMOVALS_SHARE_MIN}` : "";
  return `at most ${setting} of the live objects at once${least}`;
}

/** How many of `live` objects may go by a setting such as `5%` or `100`. */
export function removalsMax(setting: string, live: number): number {
  if (!setting.endsWith("%")) return Number(setting);
  const share = Math.floor((live * Number(setting.slice(0, -1))) / 100);
  return Math.max(share, REMOVALS_SHARE_MIN);
}

/** What a link lets go, for the side that runs it. */
export function removalsOfLink(store: Store, link: LinkRow): RemovalAccount {
  const { name } = link;
  const hint = `look first: syncline sync ${name} --dry-run; then let it: ${accepting(name)}`;
  const find = async (): Promise<Found> => {
    const { held, ...given } = link;
    const now = (await store.links()).find((one) => one.name === name);
    return { link: now?.held === undefined ? given : { ...given, held: now.held }, hint };
  };
  return new RemovalAccount(store, find, name);
}

/**
 * What a peer may remove that dialed: as the link says that receives the same from it; else the
 * strictest of its links that receive, or of those that only send; without a link by default, and
 * then whoever runs the other side may agree to more.
 */
export function removalsOfPeer(store: Store): RemovalAccount {
  return new RemovalAccount(store, async ({ peer, scope, accepted }) => {
    const links = (await store.links()).filter((one) => one.peer === peer);
    const receiving = links.filter(({ direction }) => direction !== "push");
    const same = receiving.filter((link) => scopeOf(link.scope).hash === scope);
    const asked = [same, receiving, links].find(({ length }) => length > 0);
    const link = asked && strictest(asked, await store.liveObjects());
    if (link !== undefined) {
      const { name } = link;
      // Who runs that link agrees to what it carries, which need not be all that is pushed.
      const helps = asked === same ? accepting(name) : `syncline link set ${name} --max-removals N`;
      return { link, hint: `at the receiving side: ${helps}` };
    }
    return accepted ? null : { hint: `at the sending side: ${accepting("LINK")}` };
  });
}

interface Found {
  readonly link?: LinkRow;
  readonly hint: string;
}

/**
 * How much may go in a session, by a link's setting, and what went before it was held: that counts on
 * until a session has brought everything, or the setting changes.
 */
export class RemovalAccount {
  readonly #store: Store;
  readonly #find: (by: Remover) => Promise<Found | null>;
  /** The link, once it is known. */
  #name: string | undefined;

  constructor(store: Store, find: (by: Remover) => Promise<Found | null>, name?: string) {
    this.#store = store;
    this.#find = find;
    this.#name = name;
  }

  /** Null where there is not so much to lose. */
  readonly limit: RemovalPolicy = async (by) => {
    const found = await this.#find(by);
    if (found === null) return null;
    const { link, hint } = found;
    this.#name = link?.name;
    const before = link?.held?.removed ?? 0;
    const live = await this.#store.liveObjects();
    const max = removalsMax(link?.maxRemovals ?? REMOVALS_DEFAULT, live);
    return live + before <= max ? null : { max, before, hint };
  };

  /** Takes note in the link that a session was held, or brought everything. */
  async settle({ held, outcome, wasLive, direction }: SessionResult): Promise<void> {
    const known = this.#name === undefined ? [] : await this.#store.links();
    const link = known.find(({ name }) => name === this.#name);
    if (link === undefined) return;
    const { held: before, ...free } = link;
    const isThrough = direction !== "push" && (outcome === "ok" || wasLive);
    if (held !== undefined) await this.#store.saveLink({ ...free, held: { removed: held } });
    else if (before !== undefined && isThrough) await this.#store.saveLink(free);
  }
}

function strictest(links: readonly LinkRow[], live: number): LinkRow | undefined {
  const max = ({ maxRemovals }: LinkRow): number => removalsMax(maxRemovals, live);
  return [...links].sort((a, b) => max(a) - max(b))[0];
}

function accepting(link: string): string {
  return `syncline sync ${link} --accept-removals`;
}
