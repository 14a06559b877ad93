import type { InstanceId, Lsn } from "../../../src/base/ids.ts";
import type { RunRow } from "../../../src/store/rows.ts";
import type { ApplyBatch, ApplyOutcome } from "../../../src/store/store.ts";
import { EVERYTHING_HASH } from "../../../src/sync/scope.ts";
import { LOG_CHECKERS } from "../checkers/all.ts";
import { Claims } from "../checkers/claims.ts";
import { LocalLine } from "../checkers/local-line.ts";
import type { LogChecker } from "../checkers/world-state.ts";
import { LogMirror } from "./log-mirror.ts";
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
  readonly localLine: LocalLine;
  readonly checkers: readonly (readonly [invariant: string, checker: LogChecker])[];
  /** What this instance claims to hold of others. */
  readonly claims: Map<string, Claims>;
  /** Receives from nobody, so that only authors may change its state. */
  readonly onlySends: boolean;
  authoredDigest: string | null;
  appliedCount: number;
}

/** Watches every commit, every ACK and every run, and reports what must not be. */
export class Watch {
  readonly #report: (violation: Violation) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #byId = new Map<InstanceId, Watched>();

  constructor(report: (violation: Violation) => void) {
    this.#report = report;
  }

  add(instance: SimulatedInstance, onlySends: boolean): void {
    const watched: Watched = {
      instance,
      mirror: new LogMirror(),
      localLine: new LocalLine(),
      checkers: Object.entries(LOG_CHECKERS).map(([name, make]) => [name, make()]),
      claims: new Map(),
      onlySends,
      authoredDigest: null,
      appliedCount: 0,
    };
    this.#watched.set(instance.name, watched);
    this.#byId.set(instance.identity.instance, watched);
  }

  /** Entries in an instance's log, after its last commit. */
  logLength(name: string): Lsn {
    return this.#get(name).mirror.length;
  }

  /** Revisions that applying said it stored at an instance. */
  appliedCount(name: string): number {
    return this.#get(name).appliedCount;
  }

  /** The digest of an instance that only sends, after it last authored. */
  authoredDigest(name: string): string | null {
    return this.#get(name).authoredDigest;
  }

  /** Follows a commit. */
  async committed(name: string, commit: Commit): Promise<void> {
    if (commit.kind !== "author" && commit.kind !== "apply") return;
    const watched = this.#get(name);
    await this.#followLog(watched);
    if (commit.kind === "author") {
      if (watched.onlySends) watched.authoredDigest = await watched.instance.durable.digest();
      return;
    }
    watched.appliedCount += (commit.outcome as ApplyOutcome).revisions;
    const { source } = commit.argument as ApplyBatch;
    const from = source === null ? undefined : this.#byId.get(source);
    if (from !== undefined) await this.#followCursor(watched, from);
  }

  async #followLog(watched: Watched): Promise<void> {
    const { instance, mirror, localLine, checkers } = watched;
    const fresh = await mirror.update(instance.durable);
    for (const entry of fresh) {
      localLine.logged(entry.id, entry.parents);
      for (const [invariant, checker] of checkers) {
        this.#say(invariant, instance.name, checker.next(entry));
      }
    }
    for (const id of new Set(fresh.map(({ object }) => object))) {
      const object = await instance.durable.object(id);
      const wrong = object === undefined ? `object ${id} is not there` : undefined;
      this.#say(
        "local-line",
        instance.name,
        wrong ?? localLine.serves(id, object?.revision as never),
      );
    }
  }

  async #followCursor(target: Watched, source: Watched): Promise<void> {
    const { instance } = target;
    const peer = source.instance.identity.instance;
    const rung = (await instance.durable.cursor(peer, EVERYTHING_HASH))?.ladder[0];
    if (rung === undefined) return;
    this.#claim("cursor-truthful", target, source, "the cursor", rung.lsn);
    const chain = await source.instance.durable.chainAt(rung.lsn);
    const hex = chain === undefined ? "none" : Buffer.from(chain).toString("hex");
    if (hex === rung.chain) return;
    const wrong = `the cursor at ${rung.lsn} has chain ${rung.chain}, the source's log has ${hex}`;
    this.#say("cursor-truthful", instance.name, wrong);
  }

  /** Follows an ACK that a target sends. */
  acknowledged(target: string, source: string, lsn: Lsn): void {
    this.#claim("durable-before-ack", this.#get(target), this.#get(source), "an ACK", lsn);
  }

  /** Follows the end of a run; `lsnAtStart`: where the source's log ended at its start. */
  ended(target: string, source: string, run: RunRow, lsnAtStart: Lsn): void {
    const sides = [this.#get(target), this.#get(source)] as const;
    this.#claim("run-truthful", ...sides, `a run that ended ${run.outcome}`, run.cursor.lsn);
    if (run.outcome === "ok") this.#claim("ok-is-complete", ...sides, "an ok run", lsnAtStart);
  }

  #claim(invariant: string, target: Watched, source: Watched, who: string, lsn: Lsn): void {
    const { name } = source.instance;
    let claims = target.claims.get(name);
    if (claims === undefined) {
      claims = new Claims(source.mirror, (id) => target.mirror.holds(id));
      target.claims.set(name, claims);
    }
    this.#say(invariant, `${target.instance.name} of ${name}`, claims.check(who, lsn));
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
