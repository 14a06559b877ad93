import type { ActorId, InstanceId, Lsn, ObjectId, RevisionId } from "../../../src/base/ids.ts";
import type { Finding, Rung } from "../../../src/store/rows.ts";

/** One log entry, as far as the checkers look at it. */
export interface LoggedRevision {
  readonly lsn: Lsn;
  readonly id: RevisionId;
  readonly object: ObjectId;
  readonly parents: readonly RevisionId[];
  readonly actor: ActorId;
  readonly seq: number;
  readonly hlc: number;
  /** The peer it came from; null when authored here. */
  readonly source: InstanceId | null;
  /** SHA-256 of the record. */
  readonly hash: string;
}

/** What one instance holds once the network is quiet. */
export interface InstanceState {
  readonly name: string;
  readonly id: InstanceId;
  readonly log: readonly LoggedRevision[];
  /** The chain at the end of the log, hexadecimal. */
  readonly chain: string;
  /** The newest rung for each source, by the source's name. */
  readonly cursors: ReadonlyMap<string, Rung>;
  readonly digest: string;
  /** What the digest was when the instance last authored; null when it never did. */
  readonly authoredDigest: string | null;
  /** Objects with several heads. */
  readonly diverged: number;
  readonly findings: readonly Finding[];
  readonly quarantined: readonly string[];
  /** Revisions that the workload was told are stored. */
  readonly acknowledged: readonly RevisionId[];
  /** Revisions that applying said it stored, over all batches. */
  readonly appliedCount: number;
  /** Revisions that the records of runs say were received. */
  readonly recordedCount: number;
}

/** Data goes from `source` to `target`. */
export interface Flow {
  readonly source: string;
  readonly target: string;
}

/** The whole world once the network is quiet. */
export interface WorldState {
  readonly instances: ReadonlyMap<string, InstanceState>;
  readonly flows: readonly Flow[];
  /** BATCH frames since everybody had everything. */
  readonly batchesSinceQuiet: number;
}

/** Tells what is wrong in a quiet world, one sentence each; nothing when all is well. */
export type Checker = (world: WorldState) => string[];

/** Tells what is wrong with a log, entry by entry. */
export interface LogChecker {
  next(entry: LoggedRevision): string | undefined;
}

/** A checker of the whole world from a checker of each log. */
export function everyLog(make: () => LogChecker): Checker {
  return ({ instances }) =>
    [...instances.values()].flatMap(({ name, log }) => {
      const checker = make();
      return log.flatMap((entry) => {
        const wrong = checker.next(entry);
        return wrong === undefined ? [] : [`${name}: ${wrong}`];
      });
    });
}

/** An instance by name; a name that is not there is a fault of the caller. */
export function instanceIn(world: WorldState, name: string): InstanceState {
  const instance = world.instances.get(name);
  if (instance === undefined) throw new Error(`no instance ${name}`);
  return instance;
}
