import { CHAIN_START } from "../../base/hash.ts";
import type { InstanceId, Lsn, ObjectId } from "../../base/ids.ts";
import { BATCH_FRAGMENT_BYTES_MAX, PURGES_AHEAD_MAX, WAKE_EVERY_MS } from "../../base/limits.ts";
import type { Ack } from "../../protocol/ack.ts";
import type { Resume } from "../../protocol/resume.ts";
import type { Start } from "../../protocol/start.ts";
import type { ScopeState } from "../../scope/evaluate-scope.ts";
import { EVERYTHING_HASH } from "../../scope/scope.ts";
import type { Commit } from "../../store/commits.ts";
import type { Counts, EnteredPage, LogPage, Removal, RemovalCounts } from "../../store/rows.ts";
import type { ApplyOutcome, ScopeRef } from "../../store/store.ts";
import { Announcement } from "./announcement.ts";
import type { Emit } from "./effects.ts";
import { Feed, gapBefore, logEndsEarly, startFor } from "./feed.ts";
import { holdsFormer, isSetBack, isTooEarly, stillKnown } from "./former.ts";
import { InFlight } from "./in-flight.ts";
import { fitsMessage, inMessages, policyMessages } from "./in-messages.ts";
import { type News, NOTHING_NEW } from "./news.ts";
import { Passing } from "./passing.ts";
import { RefusedRecords } from "./result.ts";
import type { SourceOptions } from "./source-options.ts";
import { hex, unexpected } from "./wire.ts";

/**
 * The sending half of a direction. It waits for RESUME, finds the newest rung that its own log
 * still holds, and sends what follows as far as credit reaches:
 *
 *   RESUME → evaluate → chains → START → (REMOVALS) → POLICY → PURGES
 *     → (EVICT → (page → BATCH…)*)* → CAUGHT_UP → last ACK
 *
 * A live one does not end there: the next commit wakes it, and it reads on from its position. The
 * log is the queue: apart from one page, nothing is kept for the target.
 */
export class SourceSide {
  readonly #emit: Emit;
  readonly #options: SourceOptions;
  readonly #news: News;
  /** The end of the log as last heard. */
  #end: Lsn;
  #phase: "idle" | "matching" | "announcing" | "ahead" | "sending" | "atEnd" | "caughtUp" | "done" =
    "idle";
  /** Undefined while it is not known; null for nobody. */
  readonly passing: Passing = new Passing();
  #mayEnd: boolean;
  #isLive = false;
  #hasReached = false;
  /** A wake-up is not long ago: the next one comes with the timer. */
  #isResting = false;
  /** Something was sent that no CAUGHT_UP followed yet; or only passed over. */
  #isUnsaid = true;
  #hasPassedOver = false;
  #resume: Resume | undefined;
  /** The log position and chain up to which everything was sent. */
  #sent: { readonly lsn: Lsn; readonly chain: string };
  #from: Lsn = 0;
  #confirmed: Lsn = 0;
  #credit = 0;
  #page: { readonly page: LogPage; readonly entered: boolean; offset: number } | undefined;
  #scope: ScopeRef;
  #scopeState: ScopeState | undefined;
  #feed: Feed | undefined;
  readonly #inFlight = new InFlight();
  #hasSentPolicies = false;
  /** A page is to be read once it is known what to leave out. */
  #isHeldBack = false;
  readonly #refused = new RefusedRecords();
  readonly #announcement: Announcement;
  #number = 0;
  #names: NonNullable<Start["names"]> = [];

  constructor(emit: Emit, options: SourceOptions) {
    this.#emit = emit;
    this.#announcement = new Announcement(emit);
    this.#options = options;
    this.#news = options.news;
    this.#scope = options.scope;
    this.#end = options.head.lsn;
    if (options.order === undefined) this.passing.begin(null);
    this.#mayEnd = options.order !== "last";
    this.#sent = { lsn: 0, chain: hex(CHAIN_START) };
  }

  /** No RESUME came yet. */
  get isIdle(): boolean {
    return this.#phase === "idle";
  }

  /** CAUGHT_UP was said, and nothing was sent since. */
  get isCaughtUp(): boolean {
    return this.#phase === "caughtUp";
  }

  get isDone(): boolean {
    return this.#phase === "done";
  }

  /** The target has all that it needs to judge the two policies. */
  get hasToldPolicies(): boolean {
    return this.#hasSentPolicies || !this.#options.sendsPolicies;
  }

  /** True once a live target has said that it had everything. */
  get hasReached(): boolean {
    return this.#hasReached;
  }

  /** What the target confirmed; in objects only once the last ACK told them. */
  get counts(): Counts {
    return this.#inFlight.counts;
  }

  get refused(): RefusedRecords["said"] {
    return this.#refused.said;
  }

  get cursor(): { readonly lsn: Lsn; readonly head: Lsn } {
    return { lsn: this.#confirmed, head: Math.max(this.#end, this.#sent.lsn) };
  }

  /** Up to where the target has everything: what it sent itself was never on the way. */
  get confirmed(): Lsn {
    const isAllThere = this.#phase === "caughtUp" && this.#inFlight.isEmpty;
    return isAllThere && this.#hasReached ? this.#sent.lsn : this.#confirmed;
  }

  onResume(resume: Resume): void {
    if (this.#phase !== "idle") throw unexpected("a second RESUME");
    this.#phase = "matching";
    this.#resume = resume;
    this.#isLive = this.#options.mayStay && resume.live === true;
    // Both of two live directions go on forever: there is no last word to wait for.
    if (this.#isLive) this.#mayEnd = true;
    const { hash, text } = this.#options.scope;
    if ((resume.scope ?? EVERYTHING_HASH) !== hash) throw unexpected("another scope");
    this.#scope = { hash, text: resume.document ?? text };
    this.#emit({ kind: "evaluate", scope: this.#scope });
  }

  onEvaluated(found: ScopeState | undefined): void {
    const state = stillKnown(found, this.#feed !== undefined);
    if (this.#phase === "sending" && this.#feed !== undefined) {
      if (this.#feed.isAtEnd(state, this.#sent.lsn)) this.#atEnd();
      else this.#readPage();
    }
    const resume = this.#resume;
    if (this.#phase !== "matching" || resume === undefined) return;
    this.#scopeState = { ...state, isNew: state.isNew || this.#scopeState?.isNew === true };
    if (isTooEarly(resume, state, this.#options.epoch)) {
      this.#emit({ kind: "evaluate", scope: this.#scope });
      return;
    }
    const lsns = resume.ladder.map(([, lsn]) => lsn);
    this.#emit({ kind: "chains", side: "source", lsns, actor: this.#options.peerActor });
  }

  /** The chains of the own log at the ladder's positions. */
  onChains(chains: readonly (string | null)[], number = 0, names: Start["names"] = []): void {
    const resume = this.#resume;
    const state = this.#scopeState;
    if (this.#phase !== "matching" || resume === undefined || state === undefined) return;
    const { epoch, only, except } = this.#options;
    if (isSetBack(resume, chains, epoch)) {
      this.#emit({ kind: "learnOwn", epoch, seq: null });
      return;
    }
    const { known, isOver } = startFor(resume, chains, state, epoch);
    if (!isOver) {
      this.#phase = "idle";
      this.#emit({ kind: "send", message: { m: "start", to: this.#end } });
      return;
    }
    this.#credit = resume.credit;
    this.#number = number;
    this.#names = names;
    if (known !== undefined) this.#sent = { lsn: known[1], chain: known[2] };
    const tellsAll = known === undefined && holdsFormer(resume, epoch);
    this.#feed = new Feed(this.#emit, this.#scope, state, { only, except, tellsAll });
    this.#from = this.#sent.lsn;
    this.#confirmed = this.#from;
    if (resume.removals === undefined) {
      this.#start({});
      this.#goAhead();
      return;
    }
    this.#phase = "announcing";
    this.#announcement.begin(resume.removals, this.#from, state);
  }

  #start(counts: Partial<RemovalCounts>): void {
    const to = Math.max(this.#end, this.#from);
    const yours = this.#number > 0 ? { maxSeqKnownOfYou: this.#number } : {};
    const told = this.#names.length > 0 && to > this.#from ? { names: this.#names } : {};
    const live = this.#isLive ? ({ live: true } as const) : {};
    const plain = { m: "start", from: this.#from, to } as const;
    const message = { ...plain, ...yours, ...told, ...live, ...counts };
    this.#emit({ kind: "send", message });
  }

  onRemovalsCounted(counts: RemovalCounts): void {
    this.#start(counts);
    if (this.#announcement.isTooMuch(counts)) this.#announcement.list(this.#from);
    else this.#goAhead();
  }

  onRemovalsListed(removals: readonly Removal[]): void {
    if (this.#announcement.onListed(removals)) this.#goAhead();
  }

  #goAhead(): void {
    this.#phase = "ahead";
    if (this.#options.only !== undefined) this.onPurges([]);
    else if (this.#options.sendsPolicies) this.#emit({ kind: "policies" });
    else this.#emit({ kind: "purges", after: this.#from });
  }

  onPolicies(records: readonly string[]): void {
    this.#hasSentPolicies = true;
    for (const message of policyMessages(records)) this.#emit({ kind: "send", message });
    this.#isUnsaid ||= records.length > 0;
    this.#emit({ kind: "purges", after: this.#sent.lsn });
  }

  /** Purges go ahead, so that the target need not first store what it will then remove. */
  onPurges(records: readonly string[]): void {
    // What the target purged itself it need not be told.
    const own = `{"actor":"${this.passing.peer}/`;
    const news = records.filter((record) => !record.startsWith(own) && fitsMessage(record));
    for (const some of inMessages(news.slice(0, PURGES_AHEAD_MAX))) {
      this.#emit({ kind: "send", message: { m: "purges", records: some } });
      this.#isUnsaid = true;
    }
    if (this.#phase !== "ahead") return;
    this.#phase = "sending";
    this.#readPage();
  }

  /** Whose entries need not be sent: the peer's, if it still has them all; else nobody's. */
  leaveOut(peer: InstanceId | null): void {
    this.passing.begin(peer);
    this.#readPage();
  }

  onStored(outcome: ApplyOutcome): void {
    this.passing.add(outcome);
    if (this.#isHeldBack) this.#readPage();
  }

  /** What there is to receive is stored: what that added to the log can be passed over. */
  goOn(): void {
    this.#mayEnd = true;
    if (this.#phase !== "atEnd" && this.#phase !== "caughtUp") return;
    this.#phase = "sending";
    this.#readPage();
  }

  /** A commit here. One that comes while the log is being read is found by reading on. */
  onCommitted(commit: Commit): void {
    this.#end = Math.max(this.#end, commit.lsn);
    this.#wake();
  }

  /** Some time has passed since a live target was last sent what was new. */
  onWake(): void {
    this.#isResting = false;
    this.#wake();
  }

  #wake(): void {
    if (!this.#isLive || this.#phase !== "caughtUp" || this.#isResting || !this.#news.any) return;
    this.#isResting = true;
    this.#emit({ kind: "setTimer", timer: "wake", ms: WAKE_EVERY_MS });
    this.#phase = "sending";
    this.#readPage();
  }

  /** Says where the log ends now, if the target was only spared what it sent itself. */
  sayEnd(): void {
    if (!this.#isLive || this.#phase !== "caughtUp" || !this.#hasPassedOver) return;
    this.#sayCaughtUp();
  }

  #readPage(): void {
    this.#isHeldBack = this.#phase === "sending" && !this.passing.isKnown;
    if (this.#phase !== "sending" || this.#isHeldBack) return;
    const { policy, purges } = this.#isLive ? this.#news.take() : NOTHING_NEW;
    if (policy || purges) {
      this.#phase = "ahead";
      this.#emit(policy ? { kind: "policies" } : { kind: "purges", after: this.#sent.lsn });
      return;
    }
    this.#feed?.next(this.#sent.lsn, this.passing.after(this.#sent.lsn));
  }

  onLeft(objects: readonly ObjectId[]): void {
    if (this.#phase !== "sending") return;
    if (this.#feed?.onLeft(objects)) {
      this.#emit({ kind: "send", message: { m: "evict", objects } });
      this.#isUnsaid = true;
    }
    this.#readPage();
  }

  onEntered(page: EnteredPage | null): void {
    if (this.#phase !== "sending") return;
    this.#feed?.onEntered(page?.last);
    if (page === null) this.#readPage();
    else this.#send(page, true);
  }

  onPage(page: LogPage | null): void {
    if (this.#phase !== "sending") return;
    if (page === null) throw logEndsEarly(this.#sent.lsn);
    if (page.bytes.length === 0) {
      this.#sent = { lsn: page.to, chain: hex(page.chain) };
      this.#hasPassedOver = true;
      this.#readPage();
    } else this.#send(page, false);
  }

  #send(page: LogPage, entered: boolean): void {
    this.#page = { page, entered, offset: 0 };
    this.#sendPage();
  }

  #atEnd(): void {
    if (!this.#mayEnd) {
      this.#phase = "atEnd";
      return;
    }
    this.#phase = "caughtUp";
    if (this.#isLive && this.#news.any) this.#wake();
    else if (!this.#isLive || this.#isUnsaid) this.#sayCaughtUp();
  }

  #sayCaughtUp(): void {
    this.#isUnsaid = false;
    this.#hasPassedOver = false;
    const { lsn, chain } = this.#sent;
    this.#emit({ kind: "send", message: { m: "caughtUp", lsn, chain } });
  }

  /** Sends the page in hand as far as credit reaches; reads the next one when it is gone. */
  #sendPage(): void {
    const held = this.#page;
    if (held === undefined) return;
    const { page } = held;
    while (this.#credit > 0 && held.offset < page.bytes.length) {
      const bytes = page.bytes.subarray(held.offset, held.offset + BATCH_FRAGMENT_BYTES_MAX);
      held.offset += bytes.length;
      this.#credit -= bytes.length;
      const { after, to, revisions, changesets } = page;
      const chain = hex(page.chain);
      const kind = held.entered
        ? ({ entered: true } as const)
        : gapBefore(page, this.#hasPassedOver ? this.#sent.chain : null);
      const header = { after, ...kind, to, chain, revisions, changesets, rawBytes: bytes.length };
      this.#emit({ kind: "sendBatch", header, more: held.offset < page.bytes.length, bytes });
      this.#isUnsaid = true;
    }
    if (held.offset < page.bytes.length) return;
    this.#page = undefined;
    if (!held.entered) {
      this.#hasPassedOver = false;
      this.#sent = { lsn: page.to, chain: hex(page.chain) };
    }
    this.#inFlight.add(this.#sent.lsn, page);
    this.#readPage();
  }

  onAck(ack: Ack): void {
    const streaming = ["ahead", "sending", "atEnd", "caughtUp"].includes(this.#phase);
    if (!streaming || ack.lsn > this.#sent.lsn) throw unexpected("an ACK for what was not sent");
    if (ack.stored !== undefined && !this.#isLive && this.#phase !== "caughtUp") {
      throw unexpected("a last ACK");
    }
    this.#credit += ack.credit;
    this.#refused.add(ack.refused ?? [], ack.refusedMore);
    this.#confirm(ack.lsn);
    if (this.#isLive && ack.stored !== undefined) {
      this.#hasReached = true;
      // Without anything on the way, the target's own count is the better one: it knows objects.
      if (this.#inFlight.isEmpty) this.#inFlight.counts = ack.stored;
    } else if (ack.stored !== undefined) {
      if (ack.lsn !== this.#sent.lsn) throw unexpected("a last ACK before the end");
      this.#inFlight.counts = ack.stored;
      this.#phase = "done";
      return;
    }
    this.#sendPage();
  }

  #confirm(lsn: Lsn): void {
    const isNews = lsn > this.#confirmed;
    this.#confirmed = Math.max(lsn, this.#confirmed);
    this.#inFlight.confirm(lsn);
    const total = Math.max(this.#end, this.#sent.lsn) - this.#from;
    const progress = { direction: "push", done: lsn - this.#from, total } as const;
    if (isNews) this.#emit({ kind: "progress", progress });
  }
}
