import type { ActorId, InstanceId } from "../base/ids.ts";
import type { Clock } from "../base/ports/clock.ts";
import type { RandomSource } from "../base/ports/random.ts";
import type { Edition } from "../log/edition.ts";
import type { LogReader } from "../log/reader.ts";
import type { LogWrites } from "../log/writes.ts";
import type { KeptScopes, ScopeTables } from "../scope/scope-tables.ts";
import type { Continuity } from "./continuity.ts";
import type { LeavingTables, LeftNote } from "./leaving.ts";
import type { Identity, PeerRow } from "./rows.ts";
import type { ApplyBatch } from "./store.ts";
import type { UnkeptRecord } from "./unkept.ts";

/** What a store needs from its host. */
export interface StorePorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What the program knows; an older or newer version of it than this one knows something else. */
  readonly edition?: Edition;
}

/** How far this instance's own actor and clock have come, stored with each changeset. */
export interface AuthorMark {
  readonly seq: number;
  readonly hlc: number;
}

/** The marks of objects that left a scope at their source. */
export interface Departures {
  /** Marks those of the objects that are here. */
  saveDepartures(note: LeftNote): void;
  dropDepartures(note: LeftNote): void;
}

/** What is kept of the policies of peers. */
export interface PolicyOffers {
  /** The records that a peer offered and that could not be taken. */
  of(peer: InstanceId): readonly string[];
  keep(peer: InstanceId, records: readonly string[]): void;
  /** Takes note that a peer's policy was judged. */
  judge(peer: InstanceId, judged: NonNullable<PeerRow["judged"]>): void;
}

/** The tables below a `PlanningStore`: reading for plans, and one atomic write. */
export interface PlanTables extends LogReader {
  readonly scopes: ScopeTables & KeptScopes & Departures;
  readonly leaving: LeavingTables;
  identity(): Identity;
  /** As stored with the last changeset; zeros before the first. */
  authorMark(): AuthorMark;
  /** The highest number that an actor's stored revisions bear; 0 without any. */
  lastNumberOf(actor: ActorId): number;
  continuity(): Continuity;
  /** In a new epoch the own numbers begin with 1 again. */
  saveIdentity(identity: Identity, continuity: Continuity): void;
  /** Runs `work` as one transaction with exclusive write access. */
  transaction<T>(work: () => T): T;
  readonly offers: PolicyOffers;
  /** Takes note that the source of a cursor has to send its log once more. */
  askAgain(peer: InstanceId, scope: string): void;
  /** The refused records that were not kept. */
  unkept(): readonly UnkeptRecord[];
  /** Writes everything, inside a transaction. `mark` is null for received records. */
  write(writes: LogWrites, batch: ApplyBatch | null, mark: AuthorMark | null): void;
}
