import type { Lsn, RevisionId } from "../../base/ids.ts";
import type { Store } from "../../store/store.ts";
import { logCheckers } from "../checkers/all.ts";
import { Claims } from "../checkers/claims.ts";
import { Insiders } from "../checkers/insiders.ts";
import type { Authored, LogChecker } from "../checkers/world-state.ts";
import { LogMirror } from "./log-mirror.ts";

/**
 * What an instance's log is from one setting back to the next: it only grows, and what others were
 * told of it stays true of it, also when the instance has another log by then.
 */
export class Life {
  readonly name: string;
  readonly mirror: LogMirror = new LogMirror();
  /** What of it might be sent over links that carry a part. */
  readonly insiders: Insiders = new Insiders();
  readonly checkers: readonly (readonly [invariant: string, checker: LogChecker])[];
  /** A copy of the instance may send the same log: what either shunned may be missing of it. */
  isShared = false;
  readonly #authored: Authored;
  /** What this log claims to hold of others: all, or what a link leaves of it. */
  readonly #claims = {
    cursor: new Map<Life, Claims>(),
    all: new Map<Life, Claims>(),
    part: new Map<Life, Claims>(),
  };
  /** The chain after each entry, once it has ended. */
  #chains: readonly string[] | undefined;

  constructor(
    name: string,
    authored: Authored,
    { receivesAll, refused }: { receivesAll: boolean; refused: ReadonlySet<RevisionId> },
  ) {
    this.name = name;
    this.#authored = authored;
    const checkers = Object.entries(logCheckers(receivesAll));
    this.checkers = checkers.map(([one, make]) => [one, make(authored, refused)]);
  }

  /** Remembers where the log was; it does not grow any more. */
  async end(store: Store): Promise<void> {
    const chains: string[] = [];
    for (let lsn = 1; lsn <= this.mirror.length; lsn++) chains.push(await chainIn(store, lsn));
    this.#chains = chains;
  }

  /** The chain at a position; `store` has the log of a life that goes on. */
  async chainAt(lsn: Lsn, store: Store): Promise<string> {
    return this.#chains === undefined ? chainIn(store, lsn) : (this.#chains[lsn - 1] ?? "none");
  }

  /** What is wrong with the claim of `who` that this log holds another one up to a position. */
  claim({ source, isAll, isCursor }: Claimed, who: string, lsn: Lsn): string | undefined {
    const known = this.#claims[isAll ? (isCursor ? "cursor" : "all") : "part"];
    let claims = known.get(source);
    if (claims === undefined) {
      // Of a part, what it is is checked in the end.
      claims = new Claims(source.mirror, (entry) => {
        if (!isAll || this.mirror.holds(entry)) return true;
        // Over what another link dropped meanwhile, the cursor alone says that it has to come again.
        if (isCursor !== true && this.mirror.hasDropped(entry.object)) return true;
        return source.isShared && this.#authored.isGone(entry.object);
      });
      known.set(source, claims);
    }
    return claims.check(who, lsn);
  }
}

/** Which log is claimed to be held: all of it, or what a link leaves of it. */
export interface Claimed {
  readonly source: Life;
  readonly isAll: boolean;
  /** By the cursor, with which the next session begins; else by what a session says. */
  readonly isCursor?: true;
}

async function chainIn(store: Store, lsn: Lsn): Promise<string> {
  const chain = await store.chainAt(lsn);
  return chain === undefined ? "none" : Buffer.from(chain).toString("hex");
}
