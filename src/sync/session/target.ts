import type { SynclineError } from "../../base/errors.ts";
import type { Lsn, ObjectId } from "../../base/ids.ts";
import { CREDIT_BYTES } from "../../base/limits.ts";
import type { LogPoint } from "../../log/source-chain.ts";
import type { Ack } from "../../protocol/ack.ts";
import { decodeBatch } from "../../protocol/batch.ts";
import type { CaughtUp } from "../../protocol/caught-up.ts";
import type { Evict } from "../../protocol/evict.ts";
import type { Policy } from "../../protocol/policy.ts";
import type { Purges } from "../../protocol/purges.ts";
import type { Removals } from "../../protocol/removals.ts";
import type { Start } from "../../protocol/start.ts";
import type { ApplyBatch, ApplyOutcome, DropOutcome, PolicyOutcome } from "../../store/store.ts";
import { Drops } from "./drops.ts";
import { type Effect, type Emit, STORING_EFFECTS } from "./effects.ts";
import type { RemovalLimit } from "./events.ts";
import { Offering } from "./offering.ts";
import { ReceivedPolicies } from "./received-policies.ts";
import { ReceivedPurges } from "./received-purges.ts";
import { RemovalGuard } from "./removal-guard.ts";
import { namedIn, type SessionResult, writerOf } from "./result.ts";
import { type Applying, Staging, startOf } from "./staging.ts";
import { Tally } from "./tally.ts";
import { TargetCursor } from "./target-cursor.ts";
import type { TargetOptions } from "./target-options.ts";
import { BEGINNING, unexpected } from "./wire.ts";

/**
 * The receiving half of a direction:
 *
 *   RESUME → START → (BATCH → decode → apply → ACK)* → CAUGHT_UP → cover → last ACK
 *
 * Of a live one, any number of batches and another CAUGHT_UP may follow the last ACK.
 *
 * One batch is applied at a time while later ones are decoded or on their way. Credit bounds what
 * is in memory: it returns when a batch is durable, or when a fragment is staged.
 */
export class TargetSide {
  readonly #emit: Emit;
  readonly #options: TargetOptions;
  #phase: "starting" | "receiving" | "covering" | "covered" | "done" | "draining" | "halted" =
    "starting";
  #from: Lsn = 0;
  /** The source's log end as last heard. */
  #head: Lsn;
  /** Up to where batches came in, and up to where they are durable in this run. */
  #arrived: LogPoint = BEGINNING;
  #durable: LogPoint = BEGINNING;
  readonly #cursor: TargetCursor;
  #ownHead: Lsn;
  #outstanding = 0;
  readonly #staging = new Staging();
  #applying: Applying | undefined;
  /** They go before any batch. */
  readonly #purges = new ReceivedPurges();
  #isApart = false;
  readonly #policies: ReceivedPolicies;
  #caughtUp: CaughtUp | undefined;
  #isLive = false;
  #hasReached = false;
  readonly #tally: Tally;
  readonly #guard: RemovalGuard;
  readonly #offering: Offering;
  readonly #drops: Drops;

  constructor(emit: Emit, options: TargetOptions) {
    this.#emit = emit;
    this.#options = options;
    this.#guard = new RemovalGuard(emit, options);
    this.#policies = new ReceivedPolicies(emit, options.peer.instance);
    this.#head = options.remoteHead;
    this.#ownHead = options.ownHead;
    this.#tally = new Tally(options.ownHead);
    const isAsked = options.guard?.peerAnnounces === true;
    this.#offering = new Offering(emit, options, () => (isAsked ? this.#guard.asks : {}));
    const where = { source: options.peer.instance, scope: options.scope.hash };
    this.#drops = new Drops(emit, where, options.drops);
    this.#cursor = new TargetCursor(options);
    this.#durable = options.ladder[0] ?? BEGINNING;
  }

  get isDone(): boolean {
    return this.#phase === "done";
  }

  /** Everything up to CAUGHT_UP is stored and can be found; a source of two may still go on. */
  get isCovered(): boolean {
    return this.#phase === "covered";
  }

  /** A two-way link whose policies were changed apart: nothing is stored. */
  get isApart(): boolean {
    return this.#isApart;
  }

  /** True once a live direction was covered. */
  get hasReached(): boolean {
    return this.#hasReached;
  }

  get hasStarted(): boolean {
    return this.#phase !== "starting";
  }

  /** The source still has everything that came from it, so it knows what it has from here. */
  get sourceIsWhole(): boolean {
    return this.#from === (this.#options.ladder[0]?.lsn ?? 0);
  }

  /** True while there is work whose end a session that ends has to wait for. */
  get isBusy(): boolean {
    const waiting = this.#staging.count + this.#purges.count + this.#policies.taking;
    return this.#applying !== undefined || waiting > 0;
  }

  /** What was stored so far. */
  get tally(): Pick<Tally, "counts" | "concurrent" | "refused" | "stretches"> {
    return this.#tally;
  }

  /** What else the session did: what it dropped, by which policy, and whether it was held. */
  get besides(): Pick<SessionResult, "left" | "policy" | "held"> {
    return { ...this.#drops.said, ...this.#policies.said, ...this.#guard.said };
  }

  get cursor(): { readonly lsn: Lsn; readonly head: Lsn } {
    return { lsn: this.#durable.lsn, head: this.#head };
  }

  begin(): void {
    if (!this.#guard.ask()) this.#offering.begin();
  }

  onLimit(limit: RemovalLimit | null): void {
    this.#guard.limit = limit;
    if (this.#phase === "starting") this.#offering.begin();
  }

  /** The chains of the own log at the positions asked for. */
  onChains(chains: readonly (string | null)[]): void {
    this.#offering.onChains(chains);
  }

  onStart(start: Start): void {
    const { from, to, maxSeqKnownOfYou, names, live } = start;
    if (this.#phase !== "starting") throw unexpected("START");
    const chosen = this.#offering.chosen(from);
    if (chosen === undefined) return;
    this.#phase = "receiving";
    this.#durable = chosen;
    this.#arrived = chosen;
    this.#options.known(maxSeqKnownOfYou ?? 0);
    if (names !== undefined) this.#emit({ kind: "learnNames", names });
    this.#from = chosen.lsn;
    this.#cursor.begin(chosen.lsn);
    this.#drops.begin(this.#cursor.isAnew);
    this.#head = to;
    this.#isLive = live === true;
    this.#guard.onStart(start);
  }

  onRemovals(message: Removals): void {
    this.#guard.onRemovals(message);
  }

  /** So many of the objects that the source named would be removed. */
  onWouldRemove(count: number): void {
    this.#guard.onCounted(count);
    this.#policies.take(this.#guard.allowanceAhead);
    this.#applyNext();
  }

  onPolicy(message: Policy): void {
    this.#resumeReceiving();
    if (this.#phase !== "receiving" || this.#guard.isListing) throw unexpected("POLICY");
    this.#policies.add(message);
    this.#policies.take(this.#guard.allowanceAhead);
  }

  /** Two-way links need one policy; over others, the own one stays if the two are apart. */
  onPoliciesTaken({ match, taken }: PolicyOutcome): void {
    this.#policies.onTaken(taken);
    if (taken !== null) this.#guard.onStored(taken);
    if (match === "apart" && this.#options.needsOnePolicy) this.#isApart = true;
    if (this.#isApart && this.#phase === "draining") this.halt();
    this.#applyNext();
  }

  onPurges({ records }: Purges): void {
    this.#resumeReceiving();
    if (this.#phase !== "receiving" || this.#guard.isListing) throw unexpected("PURGES");
    this.#purges.add(this.#options.refusesPurges ? [] : records, records.length);
    this.#applyNext();
  }

  /** Objects that left the scope; in their place among the batches. */
  onEvict({ objects }: Evict): void {
    this.#resumeReceiving();
    const isReceiving = this.#phase === "receiving" && !this.#guard.isListing;
    if (!isReceiving || this.#caughtUp) throw unexpected("EVICT");
    this.#staging.putLeft(this.#drops.leftIn(objects as readonly ObjectId[]));
    this.#applyNext();
  }

  onLeftNoted(): void {
    this.#applying = undefined;
    this.#drops.noted();
    this.#applyNext();
  }

  /** So many live objects that left would be dropped. */
  onLeavingCounted(count: number): void {
    this.#applying = undefined;
    this.#guard.onLeaving(count);
    this.#applyNext();
  }

  onDropped(outcome: DropOutcome): void {
    this.#applying = undefined;
    this.#ownHead = outcome.head.lsn;
    this.#drops.onDropped(outcome);
    this.#guard.onStored({ removed: outcome.removed, restored: 0 });
    this.#applyNext();
  }

  onBatch(frame: Uint8Array): void {
    const { header, more, body } = decodeBatch(frame);
    this.#resumeReceiving();
    const isReceiving = this.#phase === "receiving" && !this.#guard.isListing;
    if (!isReceiving || this.#caughtUp) throw unexpected("a BATCH");
    if (this.#outstanding >= CREDIT_BYTES) throw unexpected("a BATCH beyond the credit");
    this.#staging.expect({ header, more, start: startOf(header, this.#arrived) });
    if (!more && header.entered !== true) this.#arrived = { lsn: header.to, chain: header.chain };
    this.#outstanding += header.rawBytes;
    this.#drops.goOn();
    this.#emit({ kind: "decode", body, rawBytes: header.rawBytes, more });
  }

  /** A source of two directions, and a live one, may go on after CAUGHT_UP. */
  #resumeReceiving(): void {
    const mayGoOn = this.#options.isBoth || this.#isLive;
    if (!mayGoOn || this.#caughtUp === undefined) return;
    if (this.#phase !== "receiving" && this.#phase !== "covering" && !this.isCovered) return;
    this.#phase = "receiving";
    this.#caughtUp = undefined;
    this.#purges.countAnew();
  }

  onDecoded(bytes: Uint8Array): void {
    const staged = this.#staging.add(bytes);
    if (staged === "fragment") this.#ack(bytes.length, {});
    else if (staged === "batch") this.#applyNext();
  }

  #applyNext(): void {
    if (this.#applying !== undefined || this.#policies.taking > 0) return;
    if (this.#isApart || this.#guard.isPending) return;
    if (this.#purges.count > 0) {
      this.#applying = "purges";
      this.#store(this.#purges.take(), null);
      return;
    }
    if (this.#staging.isBatchNext && this.#drops.count()) {
      this.#applying = "left";
      return;
    }
    const next = this.#staging.take();
    if (next === undefined) {
      this.#endIfComplete();
      return;
    }
    this.#applying = next.left === undefined ? next : "left";
    const { peer, scope } = this.#options;
    if (next.left !== undefined) {
      const left = { source: peer.instance, scope: scope.hash, ...next.left };
      this.#emit({ kind: "noteLeft", left });
    } else if (next.entered) {
      this.#store(next.bytes, null, { scope: scope.hash, sum: next.end });
    } else this.#apply(next.bytes, next.start ?? this.#durable, next.end);
  }

  #apply(bytes: Uint8Array, after: LogPoint, end: LogPoint): void {
    this.#store(bytes, this.#cursor.over(after, end, this.#durable.lsn));
  }

  #store(bytes: Uint8Array, cursor: ApplyBatch["cursor"], entered?: ApplyBatch["entered"]): void {
    const { peer, refusesPurges, isForkKnown } = this.#options;
    const writer = isForkKnown ? {} : { writer: writerOf(peer) };
    const batch = { source: peer.instance, ...writer, bytes, cursor, refusesPurges };
    const more = { ...this.#guard.allowance, ...(entered && { entered }) };
    this.#emit({ kind: "apply", batch: { ...batch, ...more } });
  }

  /** The store failed, and did nothing. */
  onFailed(effect: Effect["kind"], error: SynclineError): void {
    this.#guard.onFailed(error);
    if (STORING_EFFECTS.includes(effect)) this.#applying = undefined;
    if (effect === "takePolicies") this.#policies.onTaken(null);
  }

  onStored(outcome: ApplyOutcome): void {
    const applied = this.#applying;
    this.#applying = undefined;
    if (applied === undefined || applied === "left") return;
    this.#ownHead = outcome.head.lsn;
    this.#tally.add(outcome);
    this.#guard.onStored(outcome);
    if (applied === "purges" || applied.entered === true) {
      if (applied !== "purges") this.#cursor.entered();
      if (applied !== "purges") this.#ack(applied.credit ?? 0, namedIn(outcome.refused));
      this.#applyNext();
      return;
    }
    const { lsn, chain } = applied.end;
    this.#durable = { lsn, chain };
    this.#cursor.stored(applied.end, outcome);
    if (applied.credit !== undefined) this.#ack(applied.credit, namedIn(outcome.refused));
    const total = Math.max(this.#head, lsn) - this.#from;
    const progress = { direction: "pull", done: lsn - this.#from, total } as const;
    this.#emit({ kind: "progress", progress });
    this.#applyNext();
  }

  #ack(credit: number, more: Partial<Ack>): void {
    this.#outstanding -= credit;
    const { lsn, chain } = this.#durable;
    this.#emit({ kind: "send", message: { m: "ack", lsn, chain, credit, ...more } });
  }

  /**
   * The connection is gone: what arrived whole is still stored, so that a connection that breaks
   * often gets on, too. The session ends when nothing is left of it.
   */
  drain(): void {
    if (this.#guard.isPending || this.#isApart) this.halt();
    if (this.#phase !== "done") this.#phase = "draining";
  }

  /** Nothing more is begun; only the batch that the store works on is still waited for. */
  halt(): void {
    if (this.#phase !== "done") this.#phase = "halted";
    this.#purges.clear();
    this.#staging.clear();
  }

  onCaughtUp(message: CaughtUp): void {
    const { lsn, chain } = this.#arrived;
    this.#resumeReceiving();
    const isBeyond = message.lsn > lsn;
    const isEnd = message.lsn === lsn && message.chain === chain;
    const fits = (isEnd || isBeyond) && !this.#staging.isAmidBatch;
    if (this.#phase !== "receiving" || this.#caughtUp || !fits) throw unexpected("CAUGHT_UP");
    this.#caughtUp = message;
    this.#arrived = { lsn: message.lsn, chain: message.chain };
    this.#head = message.lsn;
    this.#applyNext();
  }

  #endIfComplete(): void {
    const end = this.#caughtUp;
    if (end === undefined || this.#staging.isDecoding || this.#phase !== "receiving") return;
    if (this.#drops.drop(this.#guard.allowance)) {
      this.#applying = "left";
      return;
    }
    const point = { lsn: end.lsn, chain: end.chain };
    if (this.#cursor.standsElsewhere(point)) {
      this.#applying = { end: point };
      this.#apply(new Uint8Array(0), point, point);
      return;
    }
    // A restored source that got its own work back from here comes to the cursor without a batch.
    this.#durable = point;
    this.#phase = "covering";
    const { peer } = this.#options;
    const { uncounted } = this.#tally;
    this.#emit({ kind: "cover", lsn: this.#ownHead, peer: peer.instance, uncounted });
  }

  /** Up to a position of the own log: what came after it, and went on from here, is covered later. */
  onCovered(lsn: Lsn, objects: number): void {
    if (this.#phase !== "covering" || lsn !== this.#ownHead) return;
    this.#phase = "covered";
    this.#tally.cover(objects);
    if (this.#isLive) {
      this.#hasReached = true;
      this.#tally.countFrom(lsn);
      this.#guard.askAgain(lsn);
      this.#ack(0, { stored: this.#tally.counts });
    } else if (!this.#options.isBoth) this.finish();
  }

  /** Says that everything is durable, which ends the direction. */
  finish(): void {
    this.#phase = "done";
    this.#ack(0, { stored: this.#tally.counts });
  }
}
