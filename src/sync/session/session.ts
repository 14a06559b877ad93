import { asSynclineError, type SynclineError } from "../../base/errors.ts";
import { HANDSHAKE_MS_MAX, PINGS_MAX } from "../../base/limits.ts";
import type { Ack } from "../../protocol/ack.ts";
import { type ControlMessage, decodeControl } from "../../protocol/control.ts";
import type { Start } from "../../protocol/start.ts";
import type { Identity } from "../../store/rows.ts";
import { CLOSE_CODES, type CloseReason } from "../connection.ts";
import { closeCodeOf } from "../outcome.ts";
import { AcceptorHandshake } from "./acceptor.ts";
import { tell } from "./answers.ts";
import { restored } from "./continuity.ts";
import { DialerHandshake } from "./dialer.ts";
import { directionsOf } from "./directions.ts";
import type { Effect, TimerName } from "./effects.ts";
import { disconnected, fromPeer, policiesApart, stopped, timedOut, toPeer } from "./errors.ts";
import type { SessionEvent } from "./events.ts";
import { decodeGreeting } from "./greeting.ts";
import type { Agreement, Handshake, HandshakeStep } from "./handshake.ts";
import { News } from "./news.ts";
import { type SessionOptions, type SessionPace, USUAL_PACE } from "./options.ts";
import type { SessionResult } from "./result.ts";
import { resultOf } from "./result-of.ts";
import { SourceSide } from "./source.ts";
import { TargetSide } from "./target.ts";
import { unexpected } from "./wire.ts";

/** A peer cannot say more than RESUME, POLICY and PURGES before it is answered. */
const EARLY_FRAMES_MAX = 16;

const TIMERS: readonly TimerName[] = ["handshake", "ping", "silent", "wake"];

/**
 * One sync session, from an open connection to the result, as a state machine: `step` takes an
 * event and says what to do. It never waits, reads no clock and touches nothing, so that the
 * simulator can run it at any speed and order.
 *
 * Phases: `greeting` (HELLO, WELCOME), `running` (one direction, see SourceSide and TargetSide),
 * `ending` (something went wrong, batches are still being stored), `ended`.
 */
export class Session {
  readonly #role: "dialer" | "acceptor";
  /** The own one. */
  readonly #isGuarded: boolean;
  readonly #identity: Identity;
  readonly #handshake: Handshake;
  readonly #pace: SessionPace;
  readonly #news = new News();
  #phase: "greeting" | "running" | "ending" | "ended" = "greeting";
  #agreed: Agreement | undefined;
  #source: SourceSide | undefined;
  #target: TargetSide | undefined;
  #upToDate = false;
  #isWelcomed = false;
  /** Frames that came before the handshake was through. */
  readonly #early: (string | Uint8Array)[] = [];
  #wentOn = false;
  /** PINGs that came since the own last one. */
  #pings = 0;
  #error: SynclineError | undefined;
  #effects: Effect[] = [];

  constructor(options: SessionOptions) {
    this.#role = options.role;
    this.#isGuarded = options.isGuarded === true;
    this.#pace = options.pace ?? USUAL_PACE;
    this.#identity = options.identity;
    this.#handshake =
      options.role === "dialer" ? new DialerHandshake(options) : new AcceptorHandshake(options);
  }

  /** Takes one event; returns what to do, in order. Never throws. */
  step(event: SessionEvent): readonly Effect[] {
    this.#effects = [];
    try {
      this.#on(event);
    } catch (error) {
      this.#fail(asSynclineError(error));
    }
    return this.#effects;
  }

  #on(event: SessionEvent): void {
    if (this.#phase === "ended") return;
    if (this.#phase === "ending") this.#onEnding(event);
    else this.#onLive(event);
    this.#endIfDone();
  }

  /** After a loss of the connection, what arrived is still stored. */
  #onEnding(event: SessionEvent): void {
    if (event.kind === "stored") this.#target?.onStored(event.outcome);
    else if (event.kind === "leftNoted") this.#target?.onLeftNoted();
    else if (event.kind === "leavingCounted") this.#target?.onLeavingCounted(event.count);
    else if (event.kind === "dropped") this.#target?.onDropped(event.outcome);
    else if (event.kind === "decoded") this.#target?.onDecoded(event.bytes);
    else if (event.kind === "policiesTaken") this.#target?.onPoliciesTaken(event.outcome);
    else if (event.kind === "failed" || event.kind === "stop") this.#target?.halt();
    if (event.kind === "failed") this.#target?.onFailed(event.effect, event.error);
  }

  #onLive(event: SessionEvent): void {
    switch (event.kind) {
      case "opened":
        this.#setTimer("handshake", HANDSHAKE_MS_MAX);
        this.#follow(this.#handshake.onOpened());
        break;
      case "looked":
        if (this.#phase === "greeting") this.#follow(this.#handshake.onLooked(event));
        for (const data of this.#early.splice(0)) this.#onFrame(data);
        break;
      case "frame":
        this.#onFrame(event.data);
        break;
      case "committed":
        this.#news.add(event.commit);
        this.#source?.onCommitted(event.commit);
        break;
      case "failed":
        this.#target?.onFailed(event.effect, event.error);
        throw event.error;
      case "learned":
        throw restored(this.#identity);
      case "timer":
        this.#onTimer(event.timer);
        break;
      case "closed":
        this.#onClosed(event.reason);
        break;
      case "stop":
        if (!this.#wasLive) throw stopped();
        this.#leave("now");
        break;
      default:
        tell(event, this.#source, this.#target);
        if (event.kind === "covered") this.#tellInStep();
    }
  }

  #follow({ follow, look, send, agreed, learn, owing }: HandshakeStep): void {
    if (follow === true) this.#emit({ kind: "follow" });
    if (look !== undefined) this.#emit({ kind: "look", ...look });
    if (learn !== undefined) this.#emit({ kind: "learnOwn", ...learn });
    if (owing !== undefined) this.#emit({ kind: "hearAgain", peer: owing });
    if (send !== undefined) this.#emit({ kind: "send", message: send });
    if (agreed !== undefined) this.#begin(agreed);
  }

  #begin(agreed: Agreement): void {
    this.#agreed = agreed;
    this.#phase = "running";
    this.#emit({ kind: "cancelTimer", timer: "handshake" });
    if (agreed.upToDate) {
      this.#upToDate = true;
      this.#end();
      return;
    }
    this.#setTimer("ping", this.#pace.pingMs);
    this.#setTimer("silent", this.#pace.silentMs);
    const { peer, isLive, link } = agreed;
    if (isLive) this.#emit({ kind: "live", peer: peer.instance, link });
    const emit = (effect: Effect): void => {
      const isStoring = ["apply", "noteLeft", "countLeaving", "progress"].includes(effect.kind);
      if (effect.kind === "apply") this.#source?.passing.expect();
      if (this.#phase === "running" || isStoring) this.#emit(effect);
    };
    const options = directionsOf(agreed, {
      role: this.#role,
      identity: this.#identity,
      isGuarded: this.#isGuarded,
      news: this.#news,
      emit,
    });
    if (options.source !== null) this.#source = new SourceSide(emit, options.source);
    if (options.target === null) return;
    this.#target = new TargetSide(emit, options.target);
    this.#target.begin();
  }

  #onFrame(data: string | Uint8Array): void {
    if (this.#phase === "greeting") {
      this.#onGreeting(data);
      return;
    }
    this.#setTimer("silent", this.#pace.silentMs);
    if (typeof data === "string") this.#onMessage(decodeControl(data));
    else if (this.#target === undefined) throw unexpected("a BATCH to the sending side");
    else this.#target.onBatch(data);
  }

  /** What follows a WELCOME while the store is still asked about the peer waits for the answer. */
  #onGreeting(data: string | Uint8Array): void {
    if (this.#isWelcomed) {
      this.#early.push(data);
      if (this.#early.length > EARLY_FRAMES_MAX) throw unexpected("frames before the handshake");
      return;
    }
    const message = decodeGreeting(data, this.#role);
    if (message.m === "error") throw fromPeer(message);
    this.#isWelcomed = message.m === "welcome";
    this.#follow(this.#handshake.onMessage(message));
  }

  #onMessage(message: ControlMessage): void {
    switch (message.m) {
      case "ping":
        this.#onPing();
        break;
      case "pong":
        break;
      case "error":
        throw fromPeer(message, this.#agreed?.peer);
      case "bye":
        this.#onBye();
        break;
      default:
        this.#onDirection(message);
    }
  }

  /** Answers would pile up for a peer that asks and asks and does not read. */
  #onPing(): void {
    this.#pings += 1;
    if (this.#pings > PINGS_MAX) throw unexpected("one PING after the other");
    this.#emit({ kind: "send", message: { m: "pong" } });
  }

  #onDirection(message: ControlMessage): void {
    const { m } = message;
    if (m === "resume" && this.#source !== undefined) this.#source.onResume(message);
    else if (m === "ack" && this.#source !== undefined) this.#onAck(this.#source, message);
    else if (m === "start" && this.#target !== undefined) this.#onStart(this.#target, message);
    else if (m === "caughtUp" && this.#target !== undefined) this.#target.onCaughtUp(message);
    else if (m === "policy" && this.#target !== undefined) this.#target.onPolicy(message);
    else if (m === "removals" && this.#target !== undefined) this.#target.onRemovals(message);
    else if (m === "evict" && this.#target !== undefined) this.#target.onEvict(message);
    else if (m === "purges" && this.#target !== undefined) this.#target.onPurges(message);
    else throw unexpected(`"${m}"`);
  }

  #onAck(source: SourceSide, message: Ack): void {
    source.onAck(message);
    if (message.stored !== undefined) this.#tellInStep();
  }

  #onStart(target: TargetSide, message: Start): void {
    target.onStart(message);
    const agreed = this.#agreed;
    if (this.#source === undefined || agreed === undefined || !target.hasStarted) return;
    const { direction, peerRecovers, peerDrops } = agreed;
    const isKept = direction === "both" && !peerRecovers && !peerDrops && target.sourceIsWhole;
    this.#source.leaveOut(isKept ? agreed.peer.instance : null);
  }

  /** A dialer that finds that it has everything leaves without asking for anything. */
  #onBye(): void {
    if (this.#wasLive) {
      this.#leave("after what came");
      return;
    }
    if (this.#source?.isIdle !== true) throw disconnected();
    this.#upToDate = true;
    this.#end();
  }

  #onTimer(timer: TimerName): void {
    if (timer === "wake") {
      this.#source?.onWake();
      return;
    }
    if (timer !== "ping") throw timedOut(timer, this.#pace.silentMs);
    this.#pings = 0;
    this.#source?.sayEnd();
    this.#emit({ kind: "send", message: { m: "ping" } });
    this.#setTimer("ping", this.#pace.pingMs);
  }

  #onClosed(reason: CloseReason): void {
    this.#fail(reason.error ?? disconnected(reason.code), "peer is gone");
  }

  #endIfDone(): void {
    if (this.#phase === "ending" && this.#target?.isBusy !== true) this.#finish();
    if (this.#phase !== "running") return;
    const [source, target] = [this.#source, this.#target];
    // Both sides shall hold the other's policy, so that people on either can adopt it.
    const isTold = target?.isApart === true && source?.hasToldPolicies === true;
    if (isTold && this.#agreed !== undefined) throw policiesApart(this.#agreed.peer);
    if (source !== undefined && target !== undefined) this.#alternate(source, target);
    if (source?.isDone !== false && target?.isDone !== false) this.#end();
  }

  /**
   * How two directions end, so that either log's end counts what came from the other side: the
   * acceptor catches up first; then the dialer, once it has that; then the acceptor again, over what
   * it got from the dialer.
   */
  #alternate(source: SourceSide, target: TargetSide): void {
    if (!target.isCovered || target.hasReached) return;
    if (!this.#wentOn) {
      this.#wentOn = true;
      source.goOn();
    } else if (this.#role === "acceptor" ? source.isCaughtUp : source.isDone) {
      target.finish();
    }
  }

  /** A live session has carried everything once: from then on it is right whenever it ends. */
  get #wasLive(): boolean {
    const sides = [this.#source, this.#target].filter((side) => side !== undefined);
    return sides.length > 0 && sides.every((side) => side.hasReached);
  }

  #tellInStep(): void {
    if (this.#wasLive) this.#emit({ kind: "inStep" });
  }

  /** Ends a live session, which has no end of its own: it went well, up to where it came. */
  #leave(how: "now" | "after what came"): void {
    this.#phase = "ending";
    if (how === "now") {
      this.#target?.halt();
      this.#emit({ kind: "send", message: { m: "bye" } });
    } else this.#target?.drain();
    this.#emit({ kind: "close", code: CLOSE_CODES.normal });
  }

  /** The goal is reached. The dialer takes leave; the acceptor waits for that. */
  #end(): void {
    if (this.#role === "dialer") {
      if (this.#agreed?.peerKnows !== true) this.#emit({ kind: "send", message: { m: "bye" } });
      this.#emit({ kind: "close", code: CLOSE_CODES.normal });
    }
    this.#finish();
  }

  /** Ends the run with an error, after what the store is at. */
  #fail(error: SynclineError, peerIsGone?: "peer is gone"): void {
    if (this.#phase === "ending") this.#target?.halt();
    if (this.#phase !== "greeting" && this.#phase !== "running") {
      this.#endIfDone();
      return;
    }
    this.#error = error;
    this.#phase = "ending";
    if (peerIsGone === undefined) {
      this.#target?.halt();
      const message = toPeer(error);
      if (message !== null) this.#emit({ kind: "send", message });
      this.#emit({ kind: "close", code: closeCodeOf(error.code) });
    } else {
      this.#target?.drain();
    }
    this.#endIfDone();
  }

  #finish(): void {
    this.#phase = "ended";
    for (const timer of TIMERS) this.#emit({ kind: "cancelTimer", timer });
    this.#emit({ kind: "finish", result: this.#result() });
  }

  /** What the session has done so far. */
  get soFar(): SessionResult {
    return this.#result();
  }

  #result(): SessionResult {
    return resultOf({
      agreed: this.#agreed,
      error: this.#error,
      upToDate: this.#upToDate,
      wasLive: this.#wasLive,
      source: this.#source,
      target: this.#target,
    });
  }

  #setTimer(timer: TimerName, ms: number): void {
    this.#emit({ kind: "setTimer", timer, ms });
  }

  #emit(effect: Effect): void {
    this.#effects.push(effect);
  }
}
