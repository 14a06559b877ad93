import type { ActorId, InstanceId, Lsn, ObjectId, RevisionId } from "../../base/ids.ts";
import type { Edition } from "../../log/edition.ts";
import type { Policy } from "../../merge/policy.ts";
import type { Write } from "../../model/record.ts";
import type {
  ConflictRow,
  Departure,
  Finding,
  LinkOrganizations,
  ObjectRow,
  QuarantineRow,
  Rung,
} from "../../store/rows.ts";
import type { Awaitable } from "../../store/store.ts";

/** One log entry, as far as the checkers look at it. */
export interface LoggedEntry {
  readonly lsn: Lsn;
  readonly kind: "revision" | "purge";
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
  /** The record, and that of its changeset; null for a purge. */
  readonly text: string;
  readonly changeset: string | null;
  /** Empty for a purge, like `parents`. */
  readonly patch: readonly Write[];
  /** The paths that the revision pins. */
  readonly pins: readonly string[];
}

/** What an instance derives from what it holds. */
export interface Derived {
  readonly digest: string;
  /** In id order. */
  readonly conflicts: readonly ConflictRow[];
  /** In id order, deleted ones too. */
  readonly objects: readonly ObjectRow[];
}

/** What one instance holds once the network is quiet. */
export interface InstanceState extends Derived {
  readonly name: string;
  readonly id: InstanceId;
  /** By what ids it was known to others, with those that it gave up. */
  readonly ids: ReadonlySet<InstanceId>;
  /** Equal for programs that know the same, and what that is. */
  readonly version: string;
  readonly edition: Edition;
  /** All entries but those of objects that are gone. */
  readonly log: readonly LoggedEntry[];
  /** The end of the log, and the chain there, hexadecimal. */
  readonly head: Lsn;
  readonly chain: string;
  /** Objects that were purged or shunned here. */
  readonly gone: ReadonlySet<ObjectId>;
  /** The hash of the policy in force, and the records behind it, parents first. */
  readonly policy: string;
  readonly policies: readonly string[];
  /** The policy in force. */
  readonly law: Policy;
  /** The newest rung for each flow, by {@link cursorKey}. */
  readonly cursors: ReadonlyMap<string, Rung>;
  /** What the digest was when the instance last authored; null when it never did. */
  readonly authoredDigest: string | null;
  readonly findings: readonly Finding[];
  readonly quarantined: readonly Refused[];
  /** Revisions that were refused here at some moment: they come late, if at all. */
  readonly refused: ReadonlySet<RevisionId>;
  /** Revisions that were dropped at some moment because they left the scope of a link. */
  readonly dropped: ReadonlySet<RevisionId>;
  /** What left the scope of a link at its source, and is kept as it was. */
  readonly departures: readonly Departure[];
  /** Its links that give what comes over them other organizations. */
  readonly mappings: readonly Mapping[];
  /** Nothing that came here passed a link that leaves something out. */
  readonly receivesAll: boolean;
  /** Revisions that the workload was told are stored. */
  readonly acknowledged: readonly Acknowledged[];
  /** By how many entries applying made the log longer, and how many it said it stored. */
  readonly receivedCount: number;
  readonly appliedCount: number;
  /** Entries that the records of runs say were received. */
  readonly recordedCount: number;
  /** The instance that it began as a copy of; otherwise its own name. */
  readonly copiedFrom: string;
  /** Nothing comes to it from others, and nothing ever did. */
  readonly onlySends: boolean;
  /** It was set back to an earlier state, or lost everything. */
  readonly wasSetBack: boolean;
  /** Its whole machine was, and nobody has proven it so far: it cannot know. */
  readonly isUnaware: boolean;
}

/** A link that gives packages other organizations, by which rules, and since where in the own log. */
export interface Mapping {
  readonly link: string;
  readonly peer: InstanceId | null;
  readonly rules: LinkOrganizations;
  readonly since: Lsn;
}

/** A record in quarantine. */
export type Refused = Pick<QuarantineRow, "id" | "code" | "message" | "waitsFor">;

/** A revision that an author was told is stored. */
export interface Acknowledged {
  readonly id: RevisionId;
  readonly object: ObjectId;
}

/** Data goes from `source` to `target`. */
export interface Flow {
  readonly source: string;
  readonly target: string;
  /** What of it, as canonical scope JSON. */
  readonly scope: string;
  /** Purges that come this way are not carried out. */
  readonly refusesPurges: boolean;
  /** Packages of organizations that the link does not map are refused. */
  readonly refusesUnmapped: boolean;
  /** What leaves the scope is dropped. */
  readonly drops: boolean;
}

/** Names the cursor of a flow at its target. */
export function cursorKey({ source, scope }: Pick<Flow, "source" | "scope">): string {
  return `${source} ${scope}`;
}

/** What is known of all revisions that were ever authored. */
export interface Authored {
  /** The object of an actor's revision or purge by its number; undefined when nobody saw it. */
  objectOf(actor: ActorId, seq: number): ObjectId | undefined;
  idOf(actor: ActorId, seq: number): RevisionId | undefined;
  /** True for an object that is gone anywhere, or was before an instance was set back. */
  isGone(object: ObjectId): boolean;
  /** True for a number that was given out twice by who could not know, and for those after it. */
  isForked(actor: ActorId, seq: number): boolean;
  /** True for who may have lost some of its own, and got it back from those that hold a part of it. */
  comesInPart(actor: ActorId): boolean;
  /** True for what comes back with what builds on it, to who was set back or copied. */
  comesEarly(id: RevisionId): boolean;
  /** The name of the instance where a revision was made. */
  placeOf(id: RevisionId): string | undefined;
}

/** The whole world once the network is quiet. */
export interface WorldState {
  readonly instances: ReadonlyMap<string, InstanceState>;
  readonly flows: readonly Flow[];
  readonly authored: Authored;
  /** Revisions that were nowhere any more when an instance was set back. */
  readonly vanished: ReadonlySet<RevisionId>;
  /** Frames with records since everybody had everything. */
  readonly batchesSinceQuiet: number;
}

/** Tells what is wrong in a quiet world, one sentence each; nothing when all is well. */
export type Checker = (world: WorldState) => Awaitable<string[]>;

/** Tells what is wrong with a log, entry by entry. */
export interface LogChecker {
  next(entry: LoggedEntry): string | undefined;
  /** Revisions are not there any more, and may come again. */
  dropped?(ids: readonly RevisionId[]): void;
}

/** `refused`: what was refused anywhere at some moment. */
export type MakeLogChecker = (authored: Authored, refused: ReadonlySet<RevisionId>) => LogChecker;

/** A checker of the whole world from a checker of each log, or of those that nothing is missing in. */
export function everyLog(make: MakeLogChecker, isForWholeLogs: boolean): Checker {
  return ({ instances, authored }) => {
    const all = [...instances.values()];
    const refused = new Set(all.flatMap((one) => [...one.refused]));
    return all.flatMap(({ name, log, receivesAll }) => {
      if (isForWholeLogs && !receivesAll) return [];
      const checker = make(authored, refused);
      return log.flatMap((entry) => {
        const wrong = checker.next(entry);
        return wrong === undefined ? [] : [`${name}: ${wrong}`];
      });
    });
  };
}

/** An instance by name; a name that is not there is a fault of the caller. */
export function instanceIn(world: WorldState, name: string): InstanceState {
  const instance = world.instances.get(name);
  if (instance === undefined) throw new Error(`no instance ${name}`);
  return instance;
}
