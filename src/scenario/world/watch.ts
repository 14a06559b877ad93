import {
  actorId,
  type InstanceId,
  instanceOf,
  type Lsn,
  type ObjectId,
  type RevisionId,
} from "../../base/ids.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type { Revision } from "../../model/record.ts";
import type { ApplyBatch, ApplyOutcome } from "../../store/store.ts";
import { difference } from "../checkers/equal-states.ts";
import { membersOf } from "../checkers/scope-members.ts";
import type { Authored, Flow, LoggedEntry } from "../checkers/world-state.ts";
import { type Claimed, Life } from "./life.ts";
import { isWhole } from "./links.ts";
import { Numbers } from "./numbers.ts";
import { TAKES_ALL } from "./scopes.ts";
import type { SimulatedInstance } from "./simulated-instance.ts";
import type { Commit } from "./simulated-store.ts";
import {
  derivedBy,
  followDrop,
  holdingsOf,
  isOwn,
  type Memory,
  NO_MEMORY,
  noteAuthored,
  type Seen,
  type Traffic,
  type Watched,
} from "./watched.ts";

/** An invariant that does not hold, and how it shows. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/** A revision on the wire. */
export type SentRecord = Pick<Revision, "id" | "object" | "actor">;

const FROM_QUARANTINE = { source: null, cursor: null };

/** Watches every commit, every ACK and every run, and reports what must not be. */
export class Watch {
  readonly #report: (violation: Violation) => void;
  readonly #flows: () => readonly Flow[];
  readonly #watched = new Map<string, Watched>();
  readonly #numbers = new Numbers();
  readonly #gone = new Set<ObjectId>();
  /** Revisions that were nowhere any more when an instance was set back. */
  readonly vanished: Set<RevisionId> = new Set();

  /** What anybody refused at some moment: who has it from there lacks it, too. */
  readonly #refused = new Set<RevisionId>();
  /** Who refused what it had already, in other bytes. */
  readonly #hadBefore = new Set<string>();
  #policyMoves = 0;
  #authorings = 0;

  constructor(report: (violation: Violation) => void, flows: () => readonly Flow[]) {
    this.#report = report;
    this.#flows = flows;
  }

  readonly authored: Authored = this.#numbers.authored((object) => this.#gone.has(object));

  add(instance: SimulatedInstance, traffic: Traffic): void {
    const { gone: _, ...seen } = NO_MEMORY;
    const refused = new Set<RevisionId>();
    const dropped = new Set<RevisionId>();
    const { receivesAll } = traffic;
    this.#watched.set(instance.name, {
      instance,
      traffic,
      life: new Life(instance.name, this.authored, { receivesAll, refused: this.#refused }),
      former: [],
      ids: new Set([instance.identity.instance]),
      ...seen,
      ...{ refused, dropped },
      policy: "",
      derived: undefined,
      version: instance.version,
    });
    if (traffic.copiedFrom === instance.name) return;
    for (const one of [traffic.copiedFrom, instance.name]) this.#get(one).life.isShared = true;
  }

  /** It receives from nobody, so that only authors may change its state. */
  #onlySends({ instance, traffic: { copiedFrom } }: Watched): boolean {
    return !this.#flows().some(({ target }) => target === instance.name || target === copiedFrom);
  }

  /** True for a record that an instance had well before it refused it. */
  hadBefore(name: string, id: string | null): boolean {
    return this.#hadBefore.has(`${name} ${id}`);
  }

  /** How often an instance took or made a policy. */
  get policyMoves(): number {
    return this.#policyMoves;
  }

  /**
   * How often something was added to a log that came from nobody: once people are done, by links that
   * map organizations, and by evaluations of a scope.
   */
  get authorings(): number {
    return this.#authorings;
  }

  /** An instance's log, as it is until it is set back. */
  lifeOf(name: string): Life {
    return this.#get(name).life;
  }

  /** What was seen of an instance that its store does not say. */
  seenOf(name: string): Seen {
    const { life, former, ids, traffic, unawareIn, instance, ...seen } = this.#get(name);
    const standing = {
      wasSetBack: former.length > 0,
      isUnaware: instance.identity.epoch === unawareIn,
    };
    const { authoredDigest, receivedCount, appliedCount, refused, dropped, hidIn } = seen;
    const showsMore = hidIn !== null && hidIn !== instance.version;
    const counts = { authoredDigest, receivedCount, appliedCount, refused, dropped };
    const { copiedFrom, receivesAll } = traffic;
    const onlySends = this.#onlySends(this.#get(name));
    const { gone } = life.mirror;
    return { gone, ids, ...counts, onlySends, copiedFrom, receivesAll, showsMore, ...standing };
  }

  /** What has to be known again when a backup that is made now is put back. */
  remember(name: string): Memory {
    const { life, authoredDigest, hidIn, receivedCount, appliedCount, ...ever } = this.#get(name);
    const [refused, dropped] = [new Set(ever.refused), new Set(ever.dropped)];
    const seen = { authoredDigest, hidIn, receivedCount, appliedCount, refused, dropped };
    return { ...seen, gone: [...life.mirror.gone] };
  }

  /** From now on others may write as an instance does, and nobody can know. */
  excuse(name: string): void {
    const watched = this.#get(name);
    const { instance, epoch } = watched.instance.identity;
    this.#numbers.excuse(actorId(instance, epoch));
    watched.unawareIn = epoch;
  }

  /** An instance goes by another id from now on. */
  renamed(name: string): void {
    const { ids, instance } = this.#get(name);
    ids.add(instance.identity.instance);
  }

  /** Something else takes the place of what an instance held. */
  async setBack(
    name: string,
    replace: () => void,
    { gone, refused, dropped, ...seen }: Memory,
  ): Promise<void> {
    const watched = this.#get(name);
    for (const id of refused) watched.refused.add(id);
    for (const id of dropped) watched.dropped.add(id);
    const { life, former } = watched;
    await life.end(watched.instance.durable);
    former.unshift(life);
    replace();
    const { receivesAll } = watched.traffic;
    watched.life = new Life(name, this.authored, { receivesAll, refused: this.#refused });
    watched.life.isShared = life.isShared;
    Object.assign(watched, seen, { policy: "", derived: undefined });
    this.renamed(name);
    await this.#followLog(watched, gone);
    await this.#followParts(watched);
    const everybody = [...this.#watched.values()];
    for (const id of life.mirror.ids) {
      if (!everybody.some((one) => one.life.mirror.has(id))) this.vanished.add(id);
    }
  }

  /** An instance may lack some of its own. One that sends parts gets that back in parts. */
  mayLackOwn(name: string): void {
    const { ids, traffic } = this.#get(name);
    for (const id of ids) this.#numbers.returnOwn(id);
    const isPart = this.#flows().some((flow) => {
      return [name, traffic.copiedFrom].includes(flow.source) && !isWhole(flow);
    });
    if (isPart) for (const id of ids) this.#numbers.returnInParts(id);
  }

  /** Follows what an evaluation of a scope added to a log. */
  async evaluated(name: string): Promise<void> {
    const watched = this.#get(name);
    const { mirror } = watched.life;
    const before = mirror.length;
    await this.#followLog(watched);
    if (mirror.length > before) this.#authorings += 1;
    // Another version of the program may show more, without any commit.
    if (watched.version !== watched.instance.version) await this.#followParts(watched);
  }

  /** Follows a commit. */
  async committed(name: string, commit: Commit): Promise<void> {
    const watched = this.#get(name);
    switch (commit.kind) {
      case "author":
        this.#authorings += 1;
        await this.#followLog(watched, (commit.outcome as AuthorOutcome).shunned);
        if (this.#onlySends(watched)) await noteAuthored(watched);
        break;
      case "changePolicy":
        if (this.#onlySends(watched)) await noteAuthored(watched);
        break;
      case "apply":
        await this.#followApply(watched, commit);
        break;
      case "retryQuarantined":
        await this.#followApply(watched, { ...commit, argument: FROM_QUARANTINE });
        break;
      case "dropLeft":
        await this.#followLog(watched);
        await followDrop(watched);
        break;
      case "takePolicies":
        break;
      default:
        return;
    }
    await this.#compare(watched);
    await this.#followParts(watched);
  }

  /** What is inside the scopes of the links that send something of it. */
  async #followParts(watched: Watched): Promise<void> {
    const { instance, life } = watched;
    const sends = this.#flows().filter(({ source }) => source === instance.name);
    const scopes = new Set(sends.filter((flow) => !isWhole(flow)).map(({ scope }) => scope));
    if (scopes.size === 0) return;
    watched.version = instance.version;
    const { objects } = await derivedBy(watched, holdingsOf(watched));
    const log = life.mirror.entries;
    for (const scope of scopes) {
      life.insiders.note(scope, membersOf({ objects, log }, scope).possible, life.mirror.length);
    }
  }

  /** Follows records that an instance sends. */
  sent({ source, target, scope }: Flow, records: readonly SentRecord[]): void {
    const { life } = this.#get(source);
    for (const { id, object, actor } of records) {
      const lsn = life.mirror.lsnOf(id);
      // What a peer made itself is brought back to it, whatever it is.
      if (lsn === undefined || this.#get(target).ids.has(instanceOf(actor))) continue;
      const wrong = life.insiders.check(scope, object, lsn);
      if (wrong !== undefined && this.authored.comesEarly(id)) continue;
      this.#say("nothing-outside", `${source} to ${target}`, wrong);
    }
  }

  async #followApply(watched: Watched, { argument, outcome }: Commit): Promise<void> {
    const { mirror } = watched.life;
    const before = mirror.length;
    const { revisions, purges, refused } = outcome as ApplyOutcome;
    for (const { id } of refused) {
      if (id === null) continue;
      watched.refused.add(id as RevisionId);
      this.#refused.add(id as RevisionId);
      if (mirror.has(id as RevisionId)) this.#hadBefore.add(`${watched.instance.name} ${id}`);
    }
    const fresh = await this.#followLog(watched);
    watched.receivedCount += mirror.length - before;
    watched.appliedCount += revisions + purges;
    // Its own people made what an instance gets back.
    if (this.#onlySends(watched) && fresh.every((entry) => isOwn(watched, entry))) {
      await noteAuthored(watched);
    }
    const { source, cursor } = argument as ApplyBatch;
    if (source !== null && cursor !== null) await this.#followCursor(watched, source, cursor.scope);
  }

  async #followLog(
    watched: Watched,
    shunned: readonly ObjectId[] = [],
  ): Promise<readonly LoggedEntry[]> {
    const { instance, life } = watched;
    const { mirror, checkers } = life;
    const fresh = await mirror.update(instance.durable, shunned);
    for (const object of mirror.gone) this.#gone.add(object);
    for (const entry of fresh) {
      const { kind, id, object, source } = entry;
      if (source === null)
        this.#say("numbers-once", instance.name, this.#numbers.note(instance.name, entry));
      for (const [invariant, checker] of checkers) {
        this.#say(invariant, instance.name, checker.next(entry));
      }
      if (kind === "purge" || !mirror.gone.has(object)) continue;
      this.#say("gone-for-good", instance.name, `revision ${id} of ${object}, which is gone`);
    }
    return fresh;
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

  /** A cursor is on the chain of its source, or on one that this had before it was set back. */
  async #followCursor(target: Watched, peer: InstanceId, scope: string): Promise<void> {
    const { durable, name } = target.instance;
    const rung = (await durable.cursor(peer, scope))?.ladder[0];
    if (rung === undefined) return;
    const chains: string[] = [];
    for (const { ids, life, former, instance } of this.#watched.values()) {
      if (!ids.has(peer)) continue;
      const isAll = this.#flows().some((flow) => {
        const isIt = flow.source === instance.name && flow.target === name;
        return isIt && isWhole(flow) && scope === TAKES_ALL.hash;
      });
      for (const source of [life, ...former]) {
        // It was told so by a log that could not be read as it is.
        if (instance.misread.has(rung.chain)) return;
        const chain = await source.chainAt(rung.lsn, instance.durable);
        chains.push(chain);
        if (chain !== rung.chain) continue;
        const claimed = { source, isAll, isCursor: true } as const;
        this.claim("cursor-truthful", target.life, claimed, "the cursor", rung.lsn);
        return;
      }
    }
    if (chains.length === 0) return;
    const found = `the source's log has ${chains.join(", ")}`;
    this.#say(
      "cursor-truthful",
      name,
      `the cursor at ${rung.lsn} has chain ${rung.chain}, ${found}`,
    );
  }

  /** Follows what a target says of itself: that it durably holds its source's log so far. */
  claim(invariant: string, target: Life, claimed: Claimed, who: string, lsn: Lsn): void {
    const where = `${target.name} of ${claimed.source.name}`;
    this.#say(invariant, where, target.claim(claimed, who, lsn));
  }

  /** Follows an ok run's end: what its source held when it began can be found in the target. */
  claimOfIndex({ name, mirror }: Life, { source, isAll }: Claimed, covered: Lsn, lsn: Lsn): void {
    const isIt = (flow: Flow): boolean => flow.source === source.name && flow.target === name;
    // What one link leaves out, another may be bringing just now.
    if (!isAll && this.#flows().filter(isIt).length > 1) return;
    const { ids } = this.#get(source.name);
    const came = mirror.entries.filter((entry) => {
      const there = source.mirror.lsnOf(entry.id);
      const isFromIt = isAll || (entry.source !== null && ids.has(entry.source));
      return isFromIt && there !== undefined && there <= lsn;
    });
    const needed = Math.max(0, ...came.map((entry) => entry.lsn));
    const wrong = `the index covers ${covered} of ${needed} when a run ends`;
    this.#say("searchable", name, covered < needed ? wrong : undefined);
  }

  /** The same of a run: it may mean a log that its source had before, or that of a copy of it. */
  claimOfRun(target: Life, claimed: Claimed, who: string, lsn: Lsn): void {
    const { ids } = this.#get(claimed.source.name);
    const meant = [...this.#watched.values()].filter((one) =>
      [...one.ids].some((id) => ids.has(id)),
    );
    const isTrue = (source: Life): boolean =>
      source !== claimed.source && target.claim({ ...claimed, source }, who, lsn) === undefined;
    if (meant.some(({ life, former }) => [life, ...former].some(isTrue))) return;
    this.claim("run-truthful", target, claimed, who, lsn);
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
