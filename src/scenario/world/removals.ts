import { flowsOf, ownerOf, type PlannedLink } from "./links.ts";

/** What one run brought the owner of its link to lose. */
interface Session {
  readonly target: string;
  /** Live objects that went, less those that came back. */
  removed: number;
  /** Another run went on there at the same time: whose removals these are, nobody knows. */
  isShared: boolean;
}

/** Watches that a run that ends ok removes no more where it was started than its link lets go. */
export class Removals {
  readonly #sessions = new Set<Session>();
  /** Links that somebody agreed to more for. */
  readonly #agreed = new Set<string>();

  #drops = 0;

  /** How often something was dropped that left a scope. */
  get drops(): number {
    return this.#drops;
  }

  /** Something was dropped. */
  dropped(target: string, removed: number): void {
    this.#drops += 1;
    this.applied(target, removed, 0);
  }

  /** Somebody agreed to what a link was held for. */
  agreed({ name }: PlannedLink): void {
    this.#agreed.add(name);
  }

  /**
   * A run begins at one side. The returned function says what is wrong with it, if it ended ok and is
   * of a link there.
   */
  begin(target: string): (link?: PlannedLink) => string | undefined {
    const others = [...this.#sessions].filter((one) => one.target === target);
    for (const one of others) one.isShared = true;
    const session = { target, removed: 0, isShared: others.length > 0 };
    this.#sessions.add(session);
    return (link) => {
      this.#sessions.delete(session);
      const { removed, isShared } = session;
      const max = link && this.#mostOf(link);
      if (link === undefined || isShared || max === undefined || removed <= max) return undefined;
      return `${removed} objects of ${target} went in a run of ${link.name}, and ${max} may`;
    };
  }

  /** Something was applied. */
  applied(target: string, removed: number, restored: number): void {
    for (const one of this.#sessions) if (one.target === target) one.removed += removed - restored;
  }

  /** What a link lets go; undefined where that is a share, and where somebody agreed to more. */
  #mostOf(link: PlannedLink): number | undefined {
    const { name, maxRemovals = "5%" } = link;
    const receives = flowsOf(link).some(({ target }) => target === ownerOf(link));
    if (!receives || this.#agreed.has(name) || maxRemovals.endsWith("%")) return undefined;
    return Number(maxRemovals);
  }
}
