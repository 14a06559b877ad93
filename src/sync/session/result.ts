import type { SynclineError } from "../../base/errors.ts";
import { type ActorId, actorId, type InstanceId, type Lsn } from "../../base/ids.ts";
import { QUARANTINE_RECORDS_MAX } from "../../base/limits.ts";
import { ACK_REFUSED_MAX, type Ack } from "../../protocol/ack.ts";
import type { KnownNumber } from "../../store/continuity.ts";
import type { Counts, Direction, Outcome, PolicyTaken } from "../../store/rows.ts";
import type { Stretch } from "../../store/stretches.ts";

export interface RefusedRecord {
  readonly id: string | null;
  readonly code: string;
}

/** What was refused: as many as the quarantine keeps by name, the others as a number. */
export class RefusedRecords {
  readonly #named: RefusedRecord[] = [];
  #more = 0;

  add(records: readonly RefusedRecord[], unnamed = 0): void {
    const room = QUARANTINE_RECORDS_MAX - this.#named.length;
    for (const { id, code } of records.slice(0, room)) this.#named.push({ id, code });
    this.#more += Math.max(records.length - room, 0) + unnamed;
  }

  get said(): Pick<SessionResult, "refused" | "refusedMore"> {
    const refused = this.#named;
    return this.#more === 0 ? { refused } : { refused, refusedMore: this.#more };
  }
}

/** What an ACK says of refused records. */
export function namedIn(refused: readonly RefusedRecord[]): Partial<Ack> {
  if (refused.length === 0) return {};
  const more = refused.length - ACK_REFUSED_MAX;
  const named = { refused: refused.slice(0, ACK_REFUSED_MAX) };
  return more > 0 ? { ...named, refusedMore: more } : named;
}

/** What a session knows of the other side. */
export interface PeerInfo {
  readonly instance: InstanceId;
  readonly epoch: string;
  /** Null when it was not said. */
  readonly name: string | null;
  /** Whom it says it was before it got its own identity. */
  readonly former: readonly { readonly instance: InstanceId; readonly epoch: string }[];
}

/** What a session did. */
export interface SessionResult {
  readonly outcome: Outcome;
  readonly error?: SynclineError;
  /** Null when the handshake did not come so far. */
  readonly peer: PeerInfo | null;
  /** As seen from here; null when the handshake did not come so far. */
  readonly direction: Direction | null;
  /** The hash of what travelled; null as above. */
  readonly scope: string | null;
  /** The end of the own log at the handshake. */
  readonly ownHead: Lsn;
  /** The handshake found nothing to do. */
  readonly upToDate: boolean;
  /** The peer only looked. */
  readonly isRehearsal?: boolean;
  /** It was to stay, and has once carried everything there was. */
  readonly wasLive: boolean;
  /** `objects` is exact when the outcome is ok; else it may count an object once per batch. */
  readonly received: Counts;
  /** Where in the own log what was received stands. */
  readonly stretches: readonly Stretch[];
  readonly sent: Counts;
  /** Records that this side (pull) or the peer (push) refused. */
  readonly refused: readonly RefusedRecord[];
  /** The number of others. */
  readonly refusedMore?: number;
  /** What became here of objects that left the scope; left out where nothing did. */
  readonly left?: { readonly dropped: number; readonly kept: number };
  /** The peer's policy, where it took the place of the one in force here. */
  readonly policy?: PolicyTaken;
  /** How many live objects had gone here when more than may go were to. */
  readonly held?: number;
  /** Objects merged here, and conflicts that came to light, by batch. */
  readonly merged: number;
  readonly newConflicts: number;
  /**
   * How far the target has durably come in the source's log, and where that log ends; over a
   * two-way link, this side as the target.
   */
  readonly cursor: { readonly lsn: Lsn; readonly head: Lsn };
  /** How far in the own log the peer has confirmed, where anything was sent. */
  readonly confirmed: Lsn;
  /** The peer has handed over all that it holds of this instance, which was in doubt. */
  readonly recovered: boolean;
  /** What the peer knows of this instance's epochs. */
  readonly told: readonly KnownNumber[];
  /** Nothing else was to travel. */
  readonly isOwnOnly?: boolean;
}

/** The actor that a peer writes as now. */
export function writerOf({ instance, epoch }: PeerInfo): ActorId {
  return actorId(instance, epoch);
}
