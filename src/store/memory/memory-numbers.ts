import {
  type ActorId,
  epochOf,
  type InstanceId,
  instanceOf,
  type RevisionId,
} from "../../base/ids.ts";

/** Which revisions and purges bear which numbers of which actors. */
export class MemoryNumbers {
  readonly #bearers = new Map<string, RevisionId>();
  readonly #last = new Map<ActorId, number>();

  note({
    id,
    actor,
    seq,
  }: {
    readonly id: RevisionId;
    readonly actor: ActorId;
    readonly seq: number;
  }): void {
    this.#bearers.set(`${actor}#${seq}`, id);
    this.#last.set(actor, Math.max(seq, this.lastOf(actor)));
  }

  bearerOf(actor: ActorId, seq: number): RevisionId | undefined {
    return this.#bearers.get(`${actor}#${seq}`);
  }

  lastOf(actor: ActorId): number {
    return this.#last.get(actor) ?? 0;
  }

  /** The last number of each of an instance's actors, by epoch. */
  of(instance: InstanceId): ReadonlyMap<string, number> {
    const own = [...this.#last].filter(([actor]) => instanceOf(actor) === instance);
    return new Map(own.map(([actor, seq]) => [epochOf(actor), seq]));
  }

  takeOver(other: MemoryNumbers): void {
    for (const pair of other.#bearers) this.#bearers.set(...pair);
    for (const pair of other.#last) this.#last.set(...pair);
  }
}
