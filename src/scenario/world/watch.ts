import type { ActorId, InstanceId, Lsn, ObjectId } from "../../base/ids.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type { RunRow } from "../../store/rows.ts";
import type { ApplyBatch, ApplyOutcome } from "../../store/store.ts";
import { logCheckers } from "../checkers/all.ts";
import { Claims } from "../checkers/claims.ts";
import { difference } from "../checkers/equal-states.ts";
import type {
  Authored,
  Derived,
  Flow,
  InstanceState,
  LogChecker,
} from "../checkers/world-state.ts";
import { isWhole } from "./links.ts";
import { LogMirror } from "./log-mirror.ts";
import { readDerived } from "./read-derived.ts";
import { TAKES_ALL } from "./scopes.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";
import type { Commit } from "./simulated-store.ts";

/** An invariant that does not hold, and how it shows. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/** What is known of one instance. */
interface Watched {
  readonly instance: SimulatedInstance;
  readonly mirror: LogMirror;
  readonly checkers: readonly (readonly [invariant: string, checker: LogChecker])[];
  /** What this instance claims to hold of others. */
  readonly claims: Map<string, Claims>;
  /** Receives from nobody, so that only authors may change its state. */
  readonly onlySends: boolean;
  authoredDigest: string | null;
  receivedCount: number;
  appliedCount: number;
  /** The hash of the policy in force, then its frontier. */
  policy: string;
  /** What it derived when it was last compared, and from what. */
  derived: { readonly from: string; readonly state: Derived } | undefined;
}

/** Who claims to hold what of whom: all of it, or what a link leaves of it. */
interface Sides {
  readonly target: Watched;
  readonly source: Watched;
  readonly isAll: boolean;
}

/** Watches every commit, every ACK and every run, and reports what must not be. */
export class Watch {
  readonly #report: (violation: Violation) => void;
  readonly #flows: readonly Flow[];
  readonly #watched = new Map<string, Watched>();
  readonly #byId = new Map<InstanceId, Watched>();
  /** The object of each revision and purge, by actor and number. */
  readonly #numbers = new Map<string, ObjectId>();

  #policyMoves = 0;

  constructor(report: (violation: Violation) => void, flows: readonly Flow[] = []) {
    this.#report = report;
    this.#flows = flows;
  }

  readonly authored: Authored = {
    objectOf: (actor, seq) => this.#numbers.get(numberOf(actor, seq)),
    isGone: (object) => [...this.#watched.values()].some(({ mirror }) => mirror.gone.has(object)),
  };

  add(
    instance: SimulatedInstance,
    { onlySends, receivesAll }: { readonly onlySends: boolean; readonly receivesAll: boolean },
  ): void {
    const watched: Watched = {
      instance,
      mirror: new LogMirror(),
      checkers: Object.entries(logCheckers(receivesAll)).map(([name, make]) => {
        return [name, make(this.authored)];
      }),
      claims: new Map(),
      onlySends,
      authoredDigest: null,
      receivedCount: 0,
      appliedCount: 0,
      policy: "",
      derived: undefined,
    };
    this.#watched.set(instance.name, watched);
    this.#byId.set(instance.identity.instance, watched);
  }

  /** How often an instance took or made a policy. */
  get policyMoves(): number {
    return this.#policyMoves;
  }

  /** Entries in an instance's log, after its last commit. */
  logLength(name: string): Lsn {
    return this.#get(name).mirror.length;
  }

  /** What was seen of an instance that its store does not say. */
  seenOf(
    name: string,
  ): Pick<InstanceState, "gone" | "authoredDigest" | "receivedCount" | "appliedCount"> {
    const { mirror, authoredDigest, receivedCount, appliedCount } = this.#get(name);
    return { gone: mirror.gone, authoredDigest, receivedCount, appliedCount };
  }

  /** Follows a commit. */
  async committed(name: string, commit: Commit): Promise<void> {
    const watched = this.#get(name);
    const { durable } = watched.instance;
    switch (commit.kind) {
      case "author":
        await this.#followLog(watched, (commit.outcome as AuthorOutcome).shunned);
        if (watched.onlySends) watched.authoredDigest = await durable.digest();
        break;
      case "changePolicy":
        if (watched.onlySends) watched.authoredDigest = await durable.digest();
        break;
      case "apply":
        await this.#followApply(watched, commit);
        break;
      case "takePolicies":
        break;
      default:
        return;
    }
    await this.#compare(watched);
  }

  async #followApply(watched: Watched, { argument, outcome }: Commit): Promise<void> {
    const before = watched.mirror.length;
    await this.#followLog(watched);
    watched.receivedCount += watched.mirror.length - before;
    const { revisions, purges } = outcome as ApplyOutcome;
    watched.appliedCount += revisions + purges;
    const { source, cursor } = argument as ApplyBatch;
    const from = source === null ? undefined : this.#byId.get(source);
    if (from === undefined || cursor === null) return;
    await this.#followCursor(watched, from, cursor.scope);
  }

  async #followLog(watched: Watched, shunned: readonly ObjectId[] = []): Promise<void> {
    const { instance, mirror, checkers } = watched;
    const fresh = await mirror.update(instance.durable, shunned);
    for (const entry of fresh) {
      const { kind, id, object, actor, seq, source } = entry;
      if (source === null) this.#numbers.set(numberOf(actor, seq), object);
      for (const [invariant, checker] of checkers) {
        this.#say(invariant, instance.name, checker.next(entry));
      }
      if (kind === "purge" || !mirror.gone.has(object)) continue;
      this.#say("gone-for-good", instance.name, `revision ${id} of ${object}, which is gone`);
    }
  }

  /** Whoever holds the same, in whatever order it came, derives the same: at every moment. */
  async #compare(watched: Watched): Promise<void> {
    const { hash, frontier } = (await watched.instance.durable.policies()).inForce;
    const policy = [hash, ...frontier].join(" ");
    if (policy !== watched.policy) this.#policyMoves += 1;
    watched.policy = policy;
    const from = holdingsOf(watched);
    for (const other of this.#watched.values()) {
      if (other === watched || holdingsOf(other) !== from) continue;
      const wrong = difference(await derivedBy(other, from), await derivedBy(watched, from));
      const names = `${other.instance.name} and ${watched.instance.name}`;
      this.#say("equal-states", names, wrong);
      return;
    }
  }

  async #followCursor(target: Watched, source: Watched, scope: string): Promise<void> {
    const { instance } = target;
    const peer = source.instance.identity.instance;
    const rung = (await instance.durable.cursor(peer, scope))?.ladder[0];
    if (rung === undefined) return;
    const isAll = this.#flows.some((flow) => {
      const isIt = flow.source === source.instance.name && flow.target === instance.name;
      return isIt && isWhole(flow) && scope === TAKES_ALL.hash;
    });
    this.#claim("cursor-truthful", { target, source, isAll }, "the cursor", rung.lsn);
    const chain = await source.instance.durable.chainAt(rung.lsn);
    const hex = chain === undefined ? "none" : Buffer.from(chain).toString("hex");
    if (hex === rung.chain) return;
    const wrong = `the cursor at ${rung.lsn} has chain ${rung.chain}, the source's log has ${hex}`;
    this.#say("cursor-truthful", instance.name, wrong);
  }

  /** Follows an ACK that a target sends. */
  acknowledged(flow: Flow, lsn: Lsn): void {
    this.#claim("durable-before-ack", this.#sidesOf(flow), "an ACK", lsn);
  }

  /** Follows the end of a run, which says how far the target came. */
  ended(flow: Flow, { outcome, cursor }: RunRow): void {
    const who = `a run that ended ${outcome}`;
    this.#claim("run-truthful", this.#sidesOf(flow), who, cursor.lsn);
  }

  /** Follows the end of a run that went well; `lsnAtStart`: where the source's log ended before. */
  endedOk(flow: Flow, lsnAtStart: Lsn): void {
    this.#claim("ok-is-complete", this.#sidesOf(flow), "an ok run", lsnAtStart);
  }

  #sidesOf(flow: Flow): Sides {
    const { source, target } = flow;
    return { source: this.#get(source), target: this.#get(target), isAll: isWhole(flow) };
  }

  #claim(invariant: string, { target, source, isAll }: Sides, who: string, lsn: Lsn): void {
    const key = `${source.instance.name} ${isAll ? "all" : "part"}`;
    let claims = target.claims.get(key);
    if (claims === undefined) {
      // Of a part, what it is is checked in the end.
      claims = new Claims(source.mirror, (entry) => !isAll || target.mirror.holds(entry));
      target.claims.set(key, claims);
    }
    const where = `${target.instance.name} of ${source.instance.name}`;
    this.#say(invariant, where, claims.check(who, lsn));
  }

  #say(invariant: string, where: string, wrong: string | undefined): void {
    if (wrong !== undefined) this.#report({ invariant, detail: `${where}: ${wrong}` });
  }

  #get(name: string): Watched {
    const watched = this.#watched.get(name);
    if (watched === undefined) throw new Error(`no instance ${name}`);
    return watched;
  }
}

function numberOf(actor: ActorId, seq: number): string {
  return `${actor}#${seq}`;
}

function holdingsOf({ instance, mirror, policy }: Watched): string {
  return `${instance.version} ${mirror.holdings} ${policy.split(" ")[0]}`;
}

async function derivedBy(watched: Watched, from: string): Promise<Derived> {
  if (watched.derived?.from !== from) {
    watched.derived = { from, state: await readDerived(watched.instance.durable) };
  }
  return watched.derived.state;
}
