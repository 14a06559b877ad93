import { flowsOf, ownerOf, type PlannedLink } from "./links.ts";
import type { CommitKind } from "./simulated-store.ts";

/** The ids of live objects. */
type Live = ReadonlySet<string>;
type ReadLive = () => Promise<Live>;

/** By what a run takes something away; whatever else is committed is somebody's own work. */
const TAKING: ReadonlySet<CommitKind> = new Set(["apply", "dropLeft", "takePolicies"]);

/** What one run brought the owner of its link to lose. */
interface Session {
  readonly target: string;
  /** The name of the link that is run, if it holds anything. */
  readonly link: string | undefined;
  /** What was live when it began; null where any number may go. */
  readonly here: Promise<Live> | null;
  /** What was live after the last commit. */
  live: Promise<Live> | null;
  /** Of what was live when it began: what it took away. */
  readonly gone: Set<string>;
  /** Another run went on there at the same time: whose removals these are, nobody knows. */
  isShared: boolean;
  /** How many more may go, which the source says are deleted on the way and live again. */
  passing: number;
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
  dropped(): void {
    this.#drops += 1;
  }

  /** Somebody agreed to what a link was held for. */
  agreed({ name }: PlannedLink): void {
    this.#agreed.add(name);
  }

  /**
   * A run begins at one side, by a link there that lets only so much go, if any. The returned function
   * says what is wrong with it, if it ended ok.
   */
  begin(target: string, link: PlannedLink | undefined, read: ReadLive): () => string | undefined {
    const others = [...this.#sessions].filter((one) => one.target === target);
    for (const one of others) one.isShared = true;
    const here = link && this.#mostOf(link) !== undefined ? read() : null;
    const session = { target, link: link?.name, here, live: here, gone: new Set<string>() };
    const counted: Session = { ...session, isShared: others.length > 0, passing: 0 };
    this.#sessions.add(counted);
    return () => {
      this.#sessions.delete(counted);
      const { gone, isShared, passing } = counted;
      const most = link && this.#mostOf(link);
      if (link === undefined || isShared || most === undefined) return undefined;
      const max = most + passing;
      if (gone.size <= max) return undefined;
      return `${gone.size} objects of ${target} went in a run of ${link.name}, and ${max} may`;
    };
  }

  /**
   * A source says to a target that runs a link how many objects are deleted on the way and live again.
   * An edit or a name at the target may keep one of them deleted there, which no source can know.
   */
  started(target: string, { name }: PlannedLink, passing: number): void {
    for (const one of this.#sessions) {
      if (one.target === target && one.link === name) one.passing = Math.max(one.passing, passing);
    }
  }

  /** Something was committed. What came since a run began, and goes again, was never lost. */
  async committed(target: string, kind: CommitKind, read: ReadLive): Promise<void> {
    for (const one of this.#sessions) {
      if (one.target !== target || one.here === null) continue;
      const before = one.live;
      const now = read();
      one.live = now;
      const [here, was, is] = await Promise.all([one.here, before, now]);
      for (const id of here) {
        if (is.has(id)) one.gone.delete(id);
        else if (TAKING.has(kind) && was?.has(id) === true) one.gone.add(id);
      }
    }
  }

  /** What a link lets go; undefined where that is a share, and where somebody agreed to more. */
  #mostOf(link: PlannedLink): number | undefined {
    const { name, maxRemovals = "5%" } = link;
    const receives = flowsOf(link).some(({ target }) => target === ownerOf(link));
    if (!receives || this.#agreed.has(name) || maxRemovals.endsWith("%")) return undefined;
    return Number(maxRemovals);
  }
}
