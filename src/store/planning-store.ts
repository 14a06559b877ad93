import { SynclineError } from "../base/errors.ts";
import { CHAIN_START } from "../base/hash.ts";
import { HybridClock } from "../base/hlc.ts";
import { actorId, type InstanceId, type ObjectId } from "../base/ids.ts";
import { DROPPED_AT_ONCE_MAX } from "../base/limits.ts";
import type { AuthorCommand, AuthorOutcome } from "../log/author.ts";
import type { OwnNumber } from "../log/parties.ts";
import { planApply, planRetry } from "../log/plan-apply.ts";
import { planAuthor } from "../log/plan-author.ts";
import { type Dropping, planDrop, planMark } from "../log/plan-drop.ts";
import { planPolicyChange, planPolicyOffer } from "../log/plan-policy.ts";
import { inForce, policyMark } from "../log/policies.ts";
import { type PolicyRecord, parsePolicyRecord } from "../log/policy-record.ts";
import type { LogHead, PolicyInForce } from "../log/reader.ts";
import type { LogWrites } from "../log/writes.ts";
import { parsePolicy } from "../merge/parse-policy.ts";
import { evaluateScope, type ScopeState } from "../scope/evaluate-scope.ts";
import { forgetScopes, isFull } from "../scope/kept-scopes.ts";
import { readScopeText } from "../scope/parse-scope.ts";
import { scopeHash } from "../scope/scope.ts";
import { type CommitListener, Commits, commitOf } from "./commits.ts";
import type { EpochReason, RecoveryNote } from "./continuity.ts";
import { checkRemovals, countedRemovals } from "./counted-removals.ts";
import { becomeNew, beginEpoch, learnOwn, noteRecovery, ownNumber } from "./epochs.ts";
import { marked, staysAt } from "./ladder.ts";
import {
  claimsOn,
  type Leaving,
  type LeftNote,
  type LeftWhere,
  leavingOf,
  leftBy,
  type NarrowedNote,
  narrowedOut,
} from "./leaving.ts";
import type { AuthorMark, PlanTables, StorePorts } from "./plan-tables.ts";
import type { Identity, PeerRow } from "./rows.ts";
import type {
  ApplyBatch,
  ApplyOutcome,
  DropOutcome,
  PolicyChange,
  PolicyOffer,
  PolicyOutcome,
  ScopeRef,
} from "./store.ts";
import { askForUnkept } from "./unkept.ts";

/**
 * The writing half of a local store: plan purely, write once. Memory and SQLite share it, so that
 * they cannot differ in what a batch or a change means.
 */
export class PlanningStore {
  readonly #tables: PlanTables;
  readonly #ports: StorePorts;
  readonly #commits = new Commits();

  constructor(tables: PlanTables, ports: StorePorts) {
    this.#tables = tables;
    this.#ports = ports;
  }

  subscribe(listener: CommitListener): () => void {
    return this.#commits.subscribe(listener);
  }

  /** Runs `work` as one transaction; what it says it wrote is told once it is committed. */
  #commit<T>(work: (wrote: (writes: LogWrites) => void) => T): T {
    let written: LogWrites | undefined;
    const result = this.#tables.transaction(() =>
      work((writes) => {
        written = writes;
      }),
    );
    const commit = written && commitOf(written);
    if (commit !== undefined) this.#commits.tell(commit);
    return result;
  }

  author(command: AuthorCommand): AuthorOutcome {
    const tables = this.#tables;
    return this.#commit((wrote) => {
      const { hlc } = tables.authorMark();
      const authoring = {
        ...this.#ownNumber(),
        clock: new HybridClock(this.#ports.clock, hlc),
        random: this.#ports.random,
      };
      const plan = planAuthor(tables, authoring, command);
      const { entries, gone } = plan.writes;
      if (entries.length + gone.length > 0) {
        tables.write(plan.writes, null, { seq: plan.seq, hlc: plan.hlc });
        wrote(plan.writes);
      }
      return plan.outcome;
    });
  }

  takePolicies({ peer, records, removals }: PolicyOffer): PolicyOutcome {
    const tables = this.#tables;
    return this.#commit((wrote) => {
      const offered = records.map(parsePolicyRecord);
      const before = tables.policy();
      const { match, writes, removed, restored } = planPolicyOffer(tables, offered);
      checkRemovals(removals, { removed, restored });
      if (writes !== null) {
        tables.write(writes, null, null);
        wrote(writes);
      }
      if (match === "apart") tables.offers.keep(peer, records);
      const [theirs, own] = [inForce(offered), tables.policy()].map(policyMark);
      tables.offers.judge(peer, { theirs, own } as NonNullable<PeerRow["judged"]>);
      const { hash, frontier: after } = tables.policy();
      if (hash === before.hash) return { match, taken: null };
      return { match, taken: { before: before.frontier, after, removed, restored } };
    });
  }

  changePolicy({ author, message, ...change }: PolicyChange): PolicyInForce {
    const tables = this.#tables;
    return this.#commit((wrote) => {
      const { instance, epoch } = tables.identity();
      const { seq, hlc } = tables.authorMark();
      const clock = new HybridClock(this.#ports.clock, hlc);
      const authoring = { actor: actorId(instance, epoch), clock, random: this.#ports.random };
      const adopted = "adopt" in change ? this.#offeredBy(change.adopt) : [];
      const policy =
        "adopt" in change ? inForce(adopted).policy : parsePolicy(change.policy).policy;
      const writes = planPolicyChange(tables, authoring, { author, message, policy, adopted });
      tables.write(writes, null, { seq, hlc: clock.last });
      wrote(writes);
      if ("adopt" in change) tables.offers.keep(change.adopt, []);
      return tables.policy();
    });
  }

  /** Throws `POLICY_CONFLICT` when the own policy has taken the place of all that a peer offered. */
  #offeredBy(peer: InstanceId): PolicyRecord[] {
    const known = new Set(this.#tables.policyRecords().map(({ id }) => id));
    const offered = this.#tables.offers.of(peer).map(parsePolicyRecord);
    if (offered.every(({ id }) => known.has(id))) throw nothingOffered(peer);
    return offered;
  }

  evaluateScope({ hash, text }: ScopeRef): ScopeState | undefined {
    const tables = this.#tables;
    return this.#commit((wrote) => {
      const { scopes } = tables;
      const known = text ?? scopes.scope(hash)?.text;
      if (known === undefined) return undefined;
      const scope = readScopeText(known);
      if (scopeHash(scope) !== hash) {
        const message = "the scope does not have the hash that it came with";
        throw new SynclineError("INVALID_SCOPE", message);
      }
      if (isFull(scopes, hash)) {
        // Who has a cursor of this epoch gets everything once more, and hears of all that is outside.
        forgetScopes(scopes);
        beginEpoch(tables, this.#ports, "scopes");
      }
      const state = evaluateScope(scopes, scope);
      if (state.changed <= tables.head().lsn) return state;
      wrote(this.#goOn());
      return evaluateScope(scopes, scope);
    });
  }

  /**
   * Lets the log go on by one entry. Who entered or left a scope where nothing was added to the log, as
   * by another policy, did so behind its end, which who follows it has to come past.
   */
  #goOn(): LogWrites {
    const tables = this.#tables;
    const { dropping, mark } = this.#dropping();
    const writes = planMark(tables, dropping, this.#anyObject());
    tables.write(writes, null, mark());
    return writes;
  }

  #anyObject(): ObjectId {
    const { scopes } = this.#tables;
    for (const id of scopes.all()) if (scopes.object(id) !== undefined) return id;
    throw new SynclineError("STORE_CORRUPT", "a scope has members, and the catalog has no objects");
  }

  /** With what objects are dropped, and what is stored of it afterwards. */
  #dropping(): { dropping: Dropping; mark: () => AuthorMark } {
    const { seq, hlc } = this.#tables.authorMark();
    const clock = new HybridClock(this.#ports.clock, hlc);
    const { instance, epoch } = this.#tables.identity();
    const dropping = { actor: actorId(instance, epoch), clock, random: this.#ports.random };
    return { dropping, mark: () => ({ seq, hlc: clock.last }) };
  }

  #ownNumber(): OwnNumber {
    const { instance, epoch } = this.#tables.identity();
    return { actor: actorId(instance, epoch), seq: ownNumber(this.#tables) };
  }

  noteLeft(note: LeftNote | NarrowedNote): void {
    const { transaction, scopes, leaving } = this.#tables;
    transaction.call(this.#tables, () => {
      const { former, fellOut } =
        "objects" in note ? leftBy(leaving, note) : narrowedOut(leaving, note);
      scopes.dropDepartures(former);
      scopes.saveDepartures(fellOut);
    });
  }

  dropLeft({ removals, ...where }: LeftWhere & Pick<ApplyBatch, "removals">): DropOutcome {
    const tables = this.#tables;
    return this.#commit((wrote) => {
      const all = leavingOf(tables.leaving, where);
      const going = all.filter(({ stays }) => stays === null);
      checkRemovals(removals, { removed: countLive(going), restored: 0 });
      const some = going.slice(0, DROPPED_AT_ONCE_MAX);
      const { dropping, mark } = this.#dropping();
      const objects = some.map(({ object }) => object);
      const writes = planDrop(tables, dropping, objects);
      if (some.length > 0) {
        const claims = claimsOn(tables.leaving, where, objects);
        tables.write(writes, null, mark());
        for (const { source, scope } of claims) tables.askAgain(source, scope);
        wrote(writes);
      }
      const kept = all.length - going.length;
      const isMore = some.length < going.length;
      const { head } = writes;
      return { dropped: some.length, removed: countLive(some), kept, isMore, head };
    });
  }

  beginEpoch(reason: EpochReason): Identity {
    const tables = this.#tables;
    return tables.transaction(() => beginEpoch(tables, this.#ports, reason));
  }

  becomeNew(name: string | null): Identity {
    const tables = this.#tables;
    return tables.transaction(() => becomeNew(tables, this.#ports, name));
  }

  learnOwn(known: { readonly epoch: string; readonly seq: number }): boolean {
    const tables = this.#tables;
    return tables.transaction(() => learnOwn(tables, this.#ports, known));
  }

  noteRecovery(note: RecoveryNote): void {
    const tables = this.#tables;
    tables.transaction(() => noteRecovery(tables, note));
  }

  apply(batch: ApplyBatch): ApplyOutcome {
    const tables = this.#tables;
    return this.#commit((wrote) => {
      const { cursor, entered, bytes, excerpt, source, writer = null, refusesPurges } = batch;
      const claim =
        entered === undefined
          ? cursor && { after: cursor.after, to: cursor.rung }
          : { after: BEFORE_ALL, to: entered.sum };
      const door = batch.organizations;
      const parties = { own: this.#ownNumber(), source: writer, door, refusesPurges };
      const plan = planApply(tables, parties, bytes, claim, excerpt);
      const { writes, surpassesOwn, lacksDropped, passesGone, lacking, named, ...all } = plan;
      const counts = { ...all, ...countedRemovals(tables, batch.removals, writes, all) };
      checkRemovals(batch.removals, counts);
      const stays = source !== null && cursorStays(tables, source, cursor);
      tables.write(writes, passesGone ? marked(batch) : batch, null);
      this.#ask(lacking, writes);
      if (lacksDropped && source !== null && cursor !== null) tables.askAgain(source, cursor.scope);
      if (entered !== undefined && source !== null) {
        const { scope } = entered;
        tables.scopes.dropDepartures({ source, scope, objects: [...named] });
        // It moves no cursor, and without one nobody would know that anything came.
        if (tables.leaving.cursor(source, scope) === undefined) tables.askAgain(source, scope);
      }
      wrote(writes);
      if (surpassesOwn) beginEpoch(tables, this.#ports, "peer");
      return { ...counts, ...(stays && { cursorStays: true as const }), head: writes.head };
    });
  }

  retryQuarantined(keys: readonly string[]): ApplyOutcome {
    const tables = this.#tables;
    return this.#commit((wrote) => {
      const {
        writes,
        surpassesOwn,
        lacksDropped: _,
        passesGone: __,
        lacking,
        ...counts
      } = planRetry(tables, this.#ownNumber(), keys);
      tables.write(writes, null, null);
      this.#ask(new Set([...lacking, ...keys]), writes);
      wrote(writes);
      if (surpassesOwn) beginEpoch(tables, this.#ports, "peer");
      return { ...counts, head: writes.head };
    });
  }

  dropQuarantined(keys: readonly string[]): number {
    const tables = this.#tables;
    return tables.transaction(() => {
      const released = [...new Set(keys)].filter((key) => tables.quarantinedAs("", key).length > 0);
      const writes = { ...nothing(tables.head()), released };
      tables.write(writes, null, null);
      this.#ask(new Set(), writes);
      return released.length;
    });
  }

  /** Has what was refused and not kept sent again: these keys, or all, where there is room for it. */
  #ask(keys: ReadonlySet<string>, { released, head }: LogWrites): void {
    if (keys.size + released.length === 0) return;
    const tables = this.#tables;
    const asked = askForUnkept(tables, keys);
    if (asked.length > 0) tables.write({ ...nothing(head), released: asked }, null, null);
  }
}

/** Writes that change nothing. */
function nothing(head: LogHead): LogWrites {
  const log = { changesets: [], entries: [], proven: [], policies: [] };
  const derived = { objects: [], namings: [], conflicts: [], gone: [] };
  return { ...log, ...derived, refused: [], released: [], head };
}

/** True when another session moved the cursor that this batch would move. */
function cursorStays(tables: PlanTables, source: InstanceId, move: ApplyBatch["cursor"]): boolean {
  return move !== null && staysAt(tables.leaving.cursor(source, move.scope)?.ladder, move.fresh);
}

function countLive(leaving: readonly Leaving[]): number {
  return leaving.filter(({ isLive }) => isLive).length;
}

const BEFORE_ALL = { lsn: 0, chain: Buffer.from(CHAIN_START).toString("hex") };

function nothingOffered(peer: InstanceId): SynclineError {
  return new SynclineError("POLICY_CONFLICT", `the instance ${peer} offered no other policy`, {
    where: peer,
    hint: "sync with it first: syncline sync; then adopt what it offered",
  });
}

/** The error of a writing method of a store that is open for reading only. */
export function readOnlyError(): SynclineError {
  return new SynclineError("READ_ONLY", "the instance is open for reading only");
}
