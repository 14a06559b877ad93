import { asSynclineError, type SynclineError } from "../../base/errors.ts";
import { epochOf, type InstanceId, instanceOf, type Lsn } from "../../base/ids.ts";
import { REMOVALS_PAGE_MAX, SEND_BUFFER_BYTES_MAX } from "../../base/limits.ts";
import { freeMemory } from "../../base/own-memory.ts";
import type { Timers } from "../../base/ports/timers.ts";
import { type BatchHeader, encodeBatch } from "../../protocol/batch.ts";
import { encodeControl } from "../../protocol/control.ts";
import type { LeftWhere } from "../../store/leaving.ts";
import type { ApplyOutcome, Store } from "../../store/store.ts";
import type { Codec } from "../codec.ts";
import type { Connection } from "../connection.ts";
import type { LinkMapping } from "../organizations/link-mapping.ts";
import { outcomeOf } from "../outcome.ts";
import type { DirectionProgress, Effect, TimerName } from "../session/effects.ts";
import type { SessionEvent } from "../session/events.ts";
import type { SessionResult } from "../session/result.ts";
import type { Session } from "../session/session.ts";
import { hex } from "../session/wire.ts";
import { askOfScope, PAGE_LIMITS, type ScopeEffect } from "./ask-of-scope.ts";
import type { LeaveSetting } from "./leave-setting.ts";
import { heardOf, learnNames, namesToTell } from "./names.ts";
import { Outbox } from "./outbox.ts";
import type { PurgeSetting } from "./purge-setting.ts";
import type { RemovalPolicy } from "./removal-limit.ts";
import type { StagingBudget } from "./staging-budget.ts";
import { StagingShare, stagedIn } from "./staging-share.ts";
import { learnOwn, standingOf } from "./standing.ts";

export interface DriveOptions {
  readonly session: Session;
  readonly connection: Connection;
  readonly store: Store;
  readonly codec: Codec;
  readonly timers: Timers;
  readonly signal?: AbortSignal | undefined;
  /** Awaited on the receiving side before its run counts as ok: readers must find what came. */
  readonly beforeEnd?: ((lsn: Lsn) => Promise<void>) | undefined;
  readonly onProgress?: ((progress: DirectionProgress) => void) | undefined;
  /** How many live objects a peer may remove here; any number, unless given. */
  readonly removals?: RemovalPolicy | undefined;
  /** Whether a peer's purges are refused here; they are taken, unless given. */
  readonly purges?: PurgeSetting | undefined;
  /** Whether what leaves the scope is dropped here; it stays, unless given. */
  readonly leaves?: LeaveSetting | undefined;
  /** Awaited before it is noted that objects left. */
  readonly onLeaving?: (() => Promise<void>) | undefined;
  /** Gives packages that come the organizations that the link says. */
  readonly mapping: LinkMapping;
  /** What others may hold, too, of batches that are not stored yet; without a limit unless given. */
  readonly staging?: StagingBudget | undefined;
  /** Hears that the session is to stay, before anything else is sent. */
  readonly onLive?: ((peer: InstanceId, link: string | null) => void) | undefined;
  /** Hears each time that a live session has carried everything there was. */
  readonly onInStep?: (() => void) | undefined;
}

/** A session at work. */
export interface Driven {
  /** Never rejects: what goes wrong is in the result. */
  readonly result: Promise<SessionResult>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
}

/** Runs a session over an open connection: carries out its effects and tells it what happened. */
export function drive(options: DriveOptions): Driven {
  const driver = new Driver(options);
  driver.start();
  return { result: driver.result, closed: driver.closed };
}

class Driver {
  readonly #options: DriveOptions;
  readonly #outbox: Outbox;
  readonly #timers = new Map<TimerName, () => void>();
  readonly #events: SessionEvent[] = [];
  #unfollow: (() => void) | undefined;
  readonly #result = Promise.withResolvers<SessionResult>();
  readonly #closed = Promise.withResolvers<void>();
  #isStepping = false;
  readonly #share: StagingShare | undefined;

  constructor(options: DriveOptions) {
    this.#options = options;
    const { staging, timers } = options;
    const onIdle = (error: SynclineError): void =>
      this.#tell({ kind: "failed", effect: "decode", error });
    this.#share = staging && new StagingShare(staging, timers, onIdle);
    this.#outbox = new Outbox(options.connection, (error) =>
      this.#tell({ kind: "failed", effect: "sendBatch", error }),
    );
  }

  get result(): Promise<SessionResult> {
    return this.#result.promise;
  }

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  start(): void {
    const { connection, signal } = this.#options;
    this.#tell({ kind: "opened" });
    connection.listen({
      frame: (data) => this.#tell({ kind: "frame", data }),
      closed: (reason) => {
        this.#tell({ kind: "closed", reason });
        this.#closed.resolve();
      },
    });
    signal?.addEventListener("abort", this.#stop);
    if (signal?.aborted === true) this.#stop();
  }

  readonly #stop = (): void => this.#tell({ kind: "stop" });

  /** Effects may answer at once, so events queue up behind the step that is under way. */
  #tell(event: SessionEvent): void {
    this.#events.push(event);
    if (this.#isStepping) return;
    this.#isStepping = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      for (const effect of this.#options.session.step(next)) this.#perform(effect);
    }
    this.#isStepping = false;
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        this.#outbox.push(encodeControl(effect.message));
        break;
      case "sendBatch":
        this.#outbox.push(() => this.#makeBatch(effect.header, effect.more, effect.bytes));
        break;
      case "setTimer":
        this.#setTimer(effect.timer, effect.ms);
        break;
      case "cancelTimer":
        this.#cancelTimer(effect.timer);
        break;
      case "progress":
        this.#progress(effect.progress);
        break;
      case "follow":
        this.#unfollow ??= this.#options.store.subscribe((commit) =>
          this.#tell({ kind: "committed", commit }),
        );
        break;
      case "live":
        this.#options.onLive?.(effect.peer, effect.link);
        break;
      case "inStep":
        this.#options.onInStep?.();
        break;
      case "close":
        this.#outbox.close(effect.code);
        break;
      case "finish":
        this.#finish(effect.result);
        break;
      default:
        void this.#answer(effect);
    }
  }

  /** A listener that throws ends the run, not the program. */
  #progress(progress: DirectionProgress): void {
    try {
      this.#options.onProgress?.(progress);
    } catch (error) {
      this.#tell({ kind: "failed", effect: "progress", error: asSynclineError(error) });
    }
  }

  async #makeBatch(header: BatchHeader, more: boolean, bytes: Uint8Array): Promise<Uint8Array> {
    const frame = encodeBatch(header, more, await this.#options.codec.compress(bytes));
    // A page that is sent as a whole is not looked at again.
    if (!more && bytes.byteOffset === 0) freeMemory(bytes);
    return frame;
  }

  /** Asks the store or the codec, and tells the session the answer. */
  async #answer(effect: AskingEffect): Promise<void> {
    try {
      this.#tell(await this.#ask(effect));
    } catch (error) {
      this.#tell({ kind: "failed", effect: effect.kind, error: asSynclineError(error) });
    }
  }

  async #ask(effect: AskingEffect): Promise<SessionEvent> {
    const { store, codec, connection, mapping } = this.#options;
    switch (effect.kind) {
      case "look":
        return this.#look(effect);
      case "chains": {
        const { side, lsns, actor } = effect;
        const answer = { kind: "chains", side, chains: await this.#chains(lsns) } as const;
        if (actor === undefined) return answer;
        const numbers = await store.numbersOf(instanceOf(actor));
        const names = await namesToTell(store, instanceOf(actor));
        return { ...answer, number: numbers.get(epochOf(actor)) ?? 0, names };
      }
      case "learnNames":
        await learnNames(store, heardOf(effect.names));
        return { kind: "noted" };
      case "hearAgain":
        await store.noteRecovery({ owing: effect.peer });
        return { kind: "learned" };
      case "learnOwn":
        await learnOwn(store, effect);
        return { kind: "learned" };
      case "readPage": {
        await connection.drained(SEND_BUFFER_BYTES_MAX);
        const { skip, only, except, upTo, within } = effect;
        const limits = { ...PAGE_LIMITS, skip, only, except, upTo, within };
        return { kind: "page", page: (await store.readPage(effect.after, limits)) ?? null };
      }
      case "evaluate":
      case "readLeft":
      case "readEntered":
      case "noteLeft":
      case "countLeaving":
      case "dropLeft":
        return askOfScope(this.#options, effect);
      case "policies":
        return { kind: "policies", records: (await store.policies()).records };
      case "takePolicies":
        return { kind: "policiesTaken", outcome: await store.takePolicies(effect.offer) };
      case "limit":
        return { kind: "limit", limit: (await this.#options.removals?.(effect.by)) ?? null };
      case "countRemovals":
        return {
          kind: "removalsCounted",
          counts: await store.countRemovals(effect.after, effect.within),
        };
      case "listRemovals": {
        const removals = await store.removals(effect.after, REMOVALS_PAGE_MAX, effect.within);
        return { kind: "removalsListed", removals };
      }
      case "wouldRemove":
        return { kind: "wouldRemove", count: await store.wouldRemove(effect.removals) };
      case "purges":
        return { kind: "purges", records: await store.purges(effect.after) };
      case "decode":
        await this.#share?.admit(effect);
        return { kind: "decoded", bytes: await codec.decompress(effect.body, effect.rawBytes) };
      case "apply":
        return { kind: "stored", outcome: await this.#apply(effect) };
      case "cover":
        await mapping.settle(effect.peer);
        await this.#options.beforeEnd?.(Math.max(effect.lsn, (await store.head()).lsn));
        return {
          kind: "covered",
          lsn: effect.lsn,
          objects: await store.objectsReceived(effect.peer, effect.uncounted),
        };
    }
  }

  async #apply({ batch }: EffectOf<"apply">): Promise<ApplyOutcome> {
    const { store, mapping } = this.#options;
    // A store on another thread takes the bytes away.
    const staged = stagedIn(batch);
    const outcome = await store.apply(await mapping.guarded(batch));
    this.#share?.stored(staged);
    return outcome;
  }

  async #look({ peer, epoch, scope, sends }: EffectOf<"look">): Promise<SessionEvent> {
    const { store, mapping } = this.#options;
    // What an earlier run could not map any more is mapped by this one, whatever comes.
    const maps = peer !== null && (await mapping.isFor(peer));
    if (maps) await mapping.settle(peer);
    const standing = await standingOf(store, peer, epoch);
    const cursor = peer === null ? undefined : await store.cursor(peer, scope.hash);
    const { inForce: policy } = await store.policies();
    const known = peer === null ? undefined : await store.peer(peer);
    // First, since the log may go on by it.
    const state = sends ? { scope: await store.evaluateScope(scope) } : {};
    const [head, ladder] = [await store.head(), cursor?.ladder ?? []];
    const judged = known?.judged ?? null;
    const refusesPurges = peer !== null && (await this.#options.purges?.(peer)) === true;
    // The own log is no answer where something is missing below its end.
    const isAgain =
      cursor === undefined
        ? peer !== null && (await store.hasDropped())
        : cursor.ladder.length === 0;
    const mayDrop = (await store.links()).some(({ onLeave }) => onLeave === "drop");
    const leaves = peer === null ? {} : await this.#leaves({ source: peer, scope: scope.hash });
    const own = {
      head,
      ladder,
      isAgain,
      mayDrop,
      policy,
      standing,
      judged,
      refusesPurges,
      ...leaves,
    };
    const looked = { kind: "looked", ...own, ...state } as const;
    return maps ? { ...looked, maps } : looked;
  }

  async #leaves(
    where: LeftWhere,
  ): Promise<{ readonly drops: boolean; readonly mustDrop: boolean }> {
    const drops = (await this.#options.leaves?.(where.source, where.scope)) === true;
    const left = drops ? await this.#options.store.leaving(where) : [];
    return { drops, mustDrop: left.some(({ stays }) => stays === null) };
  }

  async #chains(lsns: readonly Lsn[]): Promise<(string | null)[]> {
    const chains = await Promise.all(lsns.map((lsn) => this.#options.store.chainAt(lsn)));
    return chains.map((chain) => (chain === undefined ? null : hex(chain)));
  }

  #setTimer(timer: TimerName, ms: number): void {
    this.#cancelTimer(timer);
    const run = (): void => this.#tell({ kind: "timer", timer });
    this.#timers.set(timer, this.#options.timers.after(ms, run));
  }

  #cancelTimer(timer: TimerName): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }

  #finish(result: SessionResult): void {
    this.#options.signal?.removeEventListener("abort", this.#stop);
    this.#unfollow?.();
    this.#options.codec.close();
    this.#share?.end();
    const { beforeEnd } = this.#options;
    const isToWait = result.upToDate && result.outcome === "ok" && beforeEnd !== undefined;
    this.#result.resolve(isToWait ? this.#covered(result, beforeEnd) : result);
  }

  /** Nothing came; of what came just before a crash, something may not be covered yet. */
  async #covered(
    result: SessionResult,
    beforeEnd: NonNullable<DriveOptions["beforeEnd"]>,
  ): Promise<SessionResult> {
    try {
      await beforeEnd((await this.#options.store.head()).lsn);
      return result;
    } catch (cause) {
      const error = asSynclineError(cause);
      return { ...result, outcome: outcomeOf(error.code), error };
    }
  }
}

type EffectOf<Kind extends Effect["kind"]> = Extract<Effect, { readonly kind: Kind }>;

type AskingEffect = Extract<
  Effect,
  {
    readonly kind:
      | (
          | "look"
          | "chains"
          | "learnOwn"
          | "hearAgain"
          | "readPage"
          | "policies"
          | "takePolicies"
          | "purges"
        )
      | ("limit" | "countRemovals" | "listRemovals" | "wouldRemove" | "learnNames")
      | ScopeEffect["kind"]
      | ("decode" | "apply" | "cover");
  }
>;
