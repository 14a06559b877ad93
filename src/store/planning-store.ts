import { SynclineError } from "../base/errors.ts";
import { HybridClock } from "../base/hlc.ts";
import { type ActorId, actorId } from "../base/ids.ts";
import type { Clock } from "../base/ports/clock.ts";
import type { RandomSource } from "../base/ports/random.ts";
import type { AuthorCommand, AuthorOutcome } from "../log/author.ts";
import { planApply } from "../log/plan-apply.ts";
import { planAuthor } from "../log/plan-author.ts";
import type { LogReader } from "../log/reader.ts";
import type { LogWrites } from "../log/writes.ts";
import type { Identity } from "./rows.ts";
import type { ApplyBatch, ApplyOutcome } from "./store.ts";

/** What a store needs from its host. */
export interface StorePorts {
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** How far this instance's own actor and clock have come, stored with each changeset. */
export interface AuthorMark {
  readonly seq: number;
  readonly hlc: number;
}

/** The tables below a {@link PlanningStore}: reading for plans, and one atomic write. */
export interface PlanTables extends LogReader {
  identity(): Identity;
  /** As stored with the last changeset; zeros before the first. */
  authorMark(): AuthorMark;
  /** The highest number that an actor's stored revisions bear; 0 without any. */
  lastNumberOf(actor: ActorId): number;
  /** Runs `work` as one transaction with exclusive write access. */
  transaction<T>(work: () => T): T;
  /** Writes everything, inside a transaction. `mark` is null for received records. */
  write(writes: LogWrites, batch: ApplyBatch | null, mark: AuthorMark | null): void;
}

/**
 * The writing half of a local store: plan purely, write once. Memory and SQLite share it, so that
 * they cannot differ in what a batch or a change means.
 */
export class PlanningStore {
  readonly #tables: PlanTables;
  readonly #ports: StorePorts;

  constructor(tables: PlanTables, ports: StorePorts) {
    this.#tables = tables;
    this.#ports = ports;
  }

  author(command: AuthorCommand): AuthorOutcome {
    const tables = this.#tables;
    return tables.transaction(() => {
      const { instance, epoch } = tables.identity();
      const actor = actorId(instance, epoch);
      const { seq, hlc } = tables.authorMark();
      const authoring = {
        actor,
        // Own revisions may have come back from a peer, after a restore: no number is used twice.
        seq: Math.max(seq, tables.lastNumberOf(actor)),
        clock: new HybridClock(this.#ports.clock, hlc),
        random: this.#ports.random,
      };
      const plan = planAuthor(tables, authoring, command);
      if (plan.outcome.changeset !== null) {
        tables.write(plan.writes, null, { seq: plan.seq, hlc: plan.hlc });
      }
      return plan.outcome;
    });
  }

  apply(batch: ApplyBatch): ApplyOutcome {
    const tables = this.#tables;
    return tables.transaction(() => {
      const { writes, ...counts } = planApply(tables, batch.bytes, batch.excerpt);
      tables.write(writes, batch, null);
      return { ...counts, purges: 0, head: writes.head };
    });
  }
}

/** The error of a writing method of a store that is open for reading only. */
export function readOnlyError(): SynclineError {
  return new SynclineError("READ_ONLY", "the instance is open for reading only");
}
