import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START } from "../../base/hash.ts";
import type { Lsn } from "../../base/ids.ts";
import { APPLY_BYTES_MAX, BATCH_STAGED_BYTES_MAX, CREDIT_BYTES } from "../../base/limits.ts";
import { ACK_REFUSED_MAX, type Ack } from "../../protocol/ack.ts";
import { type BatchHeader, decodeBatch } from "../../protocol/batch.ts";
import type { CaughtUp } from "../../protocol/caught-up.ts";
import type { Start } from "../../protocol/start.ts";
import type { Counts, Rung } from "../../store/rows.ts";
import type { ApplyOutcome } from "../../store/store.ts";
import { addCounts, NO_COUNTS } from "../counts.ts";
import type { Emit } from "./effects.ts";
import { keepRefused, type PeerInfo, type RefusedRecord } from "./result.ts";
import { hex, unexpected, wireRung } from "./wire.ts";

export interface TargetOptions {
  readonly peer: PeerInfo;
  /** The cursor of this peer and scope, newest rung first. */
  readonly ladder: readonly Rung[];
  /** The scope's hash, the key of the cursor. */
  readonly scope: string;
  /** The end of the source's log as the handshake told it. */
  readonly remoteHead: Lsn;
  /** The end of the own log before anything came. */
  readonly ownHead: Lsn;
}

/** A position in the source's log and the chain there. */
interface LogEnd {
  readonly lsn: Lsn;
  readonly chain: string;
}

const BEGINNING: LogEnd = { lsn: 0, chain: hex(CHAIN_START) };

/** A whole batch that waits for the store. */
interface Ready {
  readonly header: BatchHeader;
  readonly bytes: Uint8Array;
  /** Credit that its commit returns. */
  readonly credit: number;
}

/**
 * The receiving half of a direction:
 *
 *   RESUME → START → (BATCH → decode → apply → ACK)* → CAUGHT_UP → cover → last ACK
 *
 * One batch is applied at a time while later ones are decoded or on their way. Credit bounds what
 * is in memory: it returns when a batch is durable, or when a fragment is staged.
 */
export class TargetSide {
  readonly #emit: Emit;
  readonly #options: TargetOptions;
  #phase: "starting" | "receiving" | "covering" | "done" | "draining" | "halted" = "starting";
  #offered: "newest" | "all" = "newest";
  #from: Lsn = 0;
  /** The source's log end as last heard. */
  #head: Lsn;
  /** Up to where batches came in, and up to where they are durable in this run. */
  #arrived: LogEnd = BEGINNING;
  #durable: LogEnd = BEGINNING;
  /** Where the stored cursor stands. */
  #cursor: Rung | undefined;
  #ownHead: Lsn;
  #outstanding = 0;
  readonly #decoding: { readonly header: BatchHeader; readonly more: boolean }[] = [];
  /** The header of the batch of which more fragments will come. */
  #fragmentOf: BatchHeader | undefined;
  readonly #staged: Uint8Array[] = [];
  #stagedBytes = 0;
  readonly #ready: Ready[] = [];
  #applying: Ready | "cursor" | undefined;
  #caughtUp: CaughtUp | undefined;
  #counts: Counts = NO_COUNTS;
  readonly #refused: RefusedRecord[] = [];

  constructor(emit: Emit, options: TargetOptions) {
    this.#emit = emit;
    this.#options = options;
    this.#head = options.remoteHead;
    this.#ownHead = options.ownHead;
    this.#cursor = options.ladder[0];
    if (this.#cursor !== undefined) this.#durable = this.#cursor;
  }

  get isDone(): boolean {
    return this.#phase === "done";
  }

  /** True while there is work whose end a session that ends has to wait for. */
  get isBusy(): boolean {
    return this.#applying !== undefined || this.#decoding.length > 0 || this.#ready.length > 0;
  }

  /** What was stored; `objects` is exact once the direction is done. */
  get counts(): Counts {
    return this.#counts;
  }

  get refused(): readonly RefusedRecord[] {
    return this.#refused;
  }

  get cursor(): { readonly lsn: Lsn; readonly head: Lsn } {
    return { lsn: this.#durable.lsn, head: this.#head };
  }

  /** Offers the newest rung, the only one that is needed as long as neither side lost anything. */
  begin(): void {
    this.#resume(this.#options.ladder.slice(0, 1));
  }

  #resume(rungs: readonly Rung[]): void {
    const more = rungs.length < this.#options.ladder.length;
    const ladder = rungs.map(wireRung);
    const message = { m: "resume", ladder, credit: CREDIT_BYTES } as const;
    this.#emit({ kind: "send", message: more ? { ...message, more } : message });
  }

  onStart({ from, to }: Start): void {
    if (this.#phase !== "starting") throw unexpected("a second START");
    const { ladder } = this.#options;
    if (from === undefined) {
      if (this.#offered === "all" || ladder.length < 2)
        throw unexpected("START without a position");
      this.#offered = "all";
      this.#resume(ladder);
      return;
    }
    const offered = this.#offered === "all" ? ladder : ladder.slice(0, 1);
    const rung = offered.find(({ lsn }) => lsn === from);
    if (from !== 0 && rung === undefined) throw unexpected("START from a position not offered");
    this.#phase = "receiving";
    this.#durable = rung ?? BEGINNING;
    this.#arrived = this.#durable;
    this.#from = from;
    this.#head = to;
  }

  onBatch(frame: Uint8Array): void {
    const { header, more, body } = decodeBatch(frame);
    if (this.#phase !== "receiving" || this.#caughtUp) throw unexpected("a BATCH");
    if (this.#outstanding >= CREDIT_BYTES) throw unexpected("a BATCH beyond the credit");
    this.#checkOrder(header);
    this.#fragmentOf = more ? header : undefined;
    if (!more) this.#arrived = { lsn: header.to, chain: header.chain };
    this.#outstanding += header.rawBytes;
    this.#decoding.push({ header, more });
    this.#emit({ kind: "decode", body, rawBytes: header.rawBytes });
  }

  #checkOrder(header: BatchHeader): void {
    const first = this.#fragmentOf;
    if (header.after !== this.#arrived.lsn) throw unexpected("a BATCH out of order");
    if (first !== undefined && (header.to !== first.to || header.chain !== first.chain)) {
      throw unexpected("a fragment of another batch");
    }
  }

  onDecoded(bytes: Uint8Array): void {
    const { header, more } = this.#decoding.shift() ?? {};
    if (header === undefined) return;
    this.#stagedBytes += bytes.length;
    if (this.#stagedBytes > BATCH_STAGED_BYTES_MAX) {
      throw new SynclineError("FRAME_TOO_LARGE", `a batch over ${BATCH_STAGED_BYTES_MAX} bytes`);
    }
    this.#staged.push(bytes);
    if (more === true) {
      this.#ack(bytes.length, {});
      return;
    }
    const whole = this.#staged.length === 1 ? bytes : Buffer.concat(this.#staged);
    this.#staged.length = 0;
    this.#stagedBytes = 0;
    this.#ready.push({ header, bytes: whole, credit: bytes.length });
    this.#applyNext();
  }

  #applyNext(): void {
    if (this.#applying !== undefined) return;
    const next = this.#takeReady();
    if (next === undefined) {
      this.#endIfComplete();
      return;
    }
    this.#applying = next;
    this.#apply(next.bytes, next.header.to, next.header.chain);
  }

  /** What is ready, as one batch up to a limit: one commit for several costs much less. */
  #takeReady(): Ready | undefined {
    let [count, bytes] = [0, 0];
    for (const one of this.#ready) {
      bytes += one.bytes.length;
      if (count > 0 && bytes > APPLY_BYTES_MAX) break;
      count += 1;
    }
    const taken = this.#ready.splice(0, count);
    const last = taken.at(-1);
    if (last === undefined) return undefined;
    // One batch is copied, too: its bytes may be a part of larger memory, and are to be handed over.
    const credit = taken.reduce((sum, one) => sum + one.credit, 0);
    return { header: last.header, bytes: Buffer.concat(taken.map((one) => one.bytes)), credit };
  }

  #apply(bytes: Uint8Array, lsn: Lsn, chain: string): void {
    const { peer, scope } = this.#options;
    const cursor = { scope, rung: { epoch: peer.epoch, lsn, chain } };
    this.#emit({ kind: "apply", batch: { source: peer.instance, bytes, cursor } });
  }

  /** The store's answer; null when it failed and stored nothing. */
  onStored(outcome: ApplyOutcome | null): void {
    const applied = this.#applying;
    this.#applying = undefined;
    if (applied === undefined || outcome === null) return;
    const { lsn, chain } = applied === "cursor" ? (this.#caughtUp as CaughtUp) : endOf(applied);
    this.#durable = { lsn, chain };
    this.#cursor = { epoch: this.#options.peer.epoch, lsn, chain };
    this.#ownHead = outcome.head.lsn;
    this.#counts = addCounts(this.#counts, outcome);
    keepRefused(this.#refused, outcome.refused);
    if (applied !== "cursor") this.#ack(applied.credit, refusals(outcome.refused));
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
    if (this.#phase !== "done") this.#phase = "draining";
  }

  /** Nothing more is begun; only the batch that the store works on is still waited for. */
  halt(): void {
    if (this.#phase !== "done") this.#phase = "halted";
    this.#ready.length = 0;
    this.#decoding.length = 0;
  }

  onCaughtUp(message: CaughtUp): void {
    const { lsn, chain } = this.#arrived;
    const fits = message.lsn === lsn && message.chain === chain && this.#fragmentOf === undefined;
    if (this.#phase !== "receiving" || this.#caughtUp || !fits) throw unexpected("CAUGHT_UP");
    this.#caughtUp = message;
    this.#head = message.lsn;
    this.#applyNext();
  }

  #endIfComplete(): void {
    const end = this.#caughtUp;
    if (end === undefined || this.#decoding.length > 0 || this.#phase !== "receiving") return;
    if (this.#cursorStandsElsewhere(end)) {
      this.#applying = "cursor";
      this.#apply(new Uint8Array(0), end.lsn, end.chain);
      return;
    }
    this.#phase = "covering";
    const { peer, ownHead } = this.#options;
    this.#emit({ kind: "cover", lsn: this.#ownHead, peer: peer.instance, after: ownHead });
  }

  /**
   * True when the source went back behind the cursor and had nothing newer to send: without a
   * cursor at its present end, each later sync would begin with the same search.
   */
  #cursorStandsElsewhere({ lsn, chain }: CaughtUp): boolean {
    const cursor = this.#cursor;
    return cursor === undefined ? lsn > 0 : cursor.lsn !== lsn || cursor.chain !== chain;
  }

  onCovered(objects: number): void {
    if (this.#phase !== "covering") return;
    this.#phase = "done";
    this.#counts = { ...this.#counts, objects };
    this.#ack(0, { stored: this.#counts });
  }
}

function endOf({ header }: Ready): LogEnd {
  return { lsn: header.to, chain: header.chain };
}

function refusals(refused: readonly RefusedRecord[]): Partial<Ack> {
  if (refused.length === 0) return {};
  const more = refused.length - ACK_REFUSED_MAX;
  const named = { refused: refused.slice(0, ACK_REFUSED_MAX) };
  return more > 0 ? { ...named, refusedMore: more } : named;
}
