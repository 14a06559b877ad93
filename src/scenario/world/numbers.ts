import {
  type ActorId,
  type InstanceId,
  instanceOf,
  type ObjectId,
  type RevisionId,
} from "../../base/ids.ts";
import type { Authored, LoggedEntry } from "../checkers/world-state.ts";

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
  /** To whom their own comes back, and what that builds on. */
  readonly #losers = new Set<InstanceId>();
  readonly #early = new Set<RevisionId>();
  readonly #made = new Map<RevisionId, LoggedEntry>();
  /** The lowest number that two revisions bear. */
  readonly #forks = new Map<ActorId, number>();

  /** The same as checkers look at it; only who watches logs knows what is gone. */
  authored(isGone: Authored["isGone"]): Authored {
    return {
      objectOf: (actor, seq) => this.#objects.get(numberOf(actor, seq)),
      idOf: (actor, seq) => this.#ids.get(numberOf(actor, seq)),
      isGone,
      isForked: (actor, seq) => seq >= (this.#forks.get(actor) ?? Number.POSITIVE_INFINITY),
      comesInPart: (actor) => this.#inParts.has(instanceOf(actor)),
      comesEarly: (id) => this.#early.has(id),
      placeOf: (id) => this.#places.get(id),
    };
  }

  /**
   * Notes what was authored. Tells what is wrong with it: nobody may give out a number again, but who
   * cannot know, because the whole machine was set back or copied.
   */
  note(name: string, entry: LoggedEntry): string | undefined {
    const { id, actor, seq, object } = entry;
    // A copy has it in its log, too.
    if (!this.#places.has(id)) this.#places.set(id, name);
    this.#made.set(id, entry);
    if (this.#losers.has(instanceOf(actor))) this.#bringBack(entry);
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

  /** From now on an instance may get back what it made, with what that builds on. */
  returnOwn(instance: InstanceId): void {
    this.#losers.add(instance);
    for (const entry of this.#made.values()) {
      if (instanceOf(entry.actor) === instance) this.#bringBack(entry);
    }
  }

  #bringBack({ parents }: LoggedEntry): void {
    const open = [...parents];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (this.#early.has(id)) continue;
      this.#early.add(id);
      open.push(...(this.#made.get(id)?.parents ?? []));
    }
  }
}

function numberOf(actor: ActorId, seq: number): string {
  return `${actor}#${seq}`;
}
