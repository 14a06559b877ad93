import {
  type ActorId,
  type InstanceId,
  instanceOf,
  type ObjectId,
  type RevisionId,
} from "../../base/ids.ts";
import type { LoggedEntry } from "../checkers/world-state.ts";

/** Which revision and purge bears which number of which actor, in all that was ever authored. */
export class Numbers {
  readonly #ids = new Map<string, RevisionId>();
  readonly #objects = new Map<string, ObjectId>();
  /** At which instance each was made. */
  readonly #places = new Map<RevisionId, string>();
  /** Actors that two machines write as, neither of which can know it. */
  readonly #excused = new Set<ActorId>();
  /** Whose own others may give back in part. */
  readonly #inParts = new Set<InstanceId>();
  /** The lowest number that two revisions bear. */
  readonly #forks = new Map<ActorId, number>();

  /**
   * Notes what was authored. Tells what is wrong with it: nobody may give out a number again, but who
   * cannot know, because the whole machine was set back or copied.
   */
  note(name: string, { id, actor, seq, object }: LoggedEntry): string | undefined {
    // A copy has it in its log, too.
    if (!this.#places.has(id)) this.#places.set(id, name);
    const number = numberOf(actor, seq);
    const before = this.#ids.get(number);
    this.#ids.set(number, id);
    this.#objects.set(number, object);
    if (before === undefined || before === id) return undefined;
    this.#forks.set(actor, Math.min(seq, this.#forks.get(actor) ?? seq));
    if (this.#excused.has(actor)) return undefined;
    return `revision ${id} bears number ${seq} of actor ${actor}, and so does ${before}`;
  }

  /** From now on this actor's numbers may be given out by somebody who cannot know. */
  excuse(actor: ActorId): void {
    this.#excused.add(actor);
  }

  /** From now on an instance may get its own back from who holds a part of it. */
  returnInParts(instance: InstanceId): void {
    this.#inParts.add(instance);
  }

  comesInPart(actor: ActorId): boolean {
    return this.#inParts.has(instanceOf(actor));
  }

  /** Where a revision was made; undefined when nobody saw it. */
  placeOf(id: RevisionId): string | undefined {
    return this.#places.get(id);
  }

  idOf(actor: ActorId, seq: number): RevisionId | undefined {
    return this.#ids.get(numberOf(actor, seq));
  }

  objectOf(actor: ActorId, seq: number): ObjectId | undefined {
    return this.#objects.get(numberOf(actor, seq));
  }

  /** True from the number on that was given out twice. */
  isForked(actor: ActorId, seq: number): boolean {
    return seq >= (this.#forks.get(actor) ?? Number.POSITIVE_INFINITY);
  }
}

function numberOf(actor: ActorId, seq: number): string {
  return `${actor}#${seq}`;
}
