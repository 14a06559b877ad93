import type { ObjectId } from "../base/ids.ts";
import type { Evaluation, ScopeChanged } from "./evaluate-scope.ts";
import type { Member } from "./scope-tables.ts";
import {
  isRole,
  isSelected,
  mayComeAlong,
  type ScopedObject,
  type Tie,
  tiesOf,
} from "./selection.ts";

/** Evaluates a scope that selects some objects, and takes along what these refer to. */
export function evaluateClosure(evaluation: Evaluation): ScopeChanged {
  const { tables, after, upTo, isAnew } = evaluation;
  const closure = new Closure(evaluation);
  const ids = isAnew ? tables.all() : tables.changedBetween(after, upTo);
  for (const id of ids) closure.visit(id);
  closure.settle();
  return closure.change;
}

/**
 * First each changed object is looked at for its own sake; then what may come along does so; last,
 * what nobody takes along any more leaves. Two that take each other along do not keep each other.
 */
class Closure {
  readonly #evaluation: Evaluation;
  /** Who may come along now, and who may have to leave. */
  readonly #hopeful: string[] = [];
  readonly #doubtful: string[] = [];
  /** Who is here again, after it was dropped here while targets had it. */
  readonly #back: string[] = [];
  /** Who enters now, and never was inside before. */
  readonly #newcomers = new Set<string>();
  change: ScopeChanged = "nothing";

  constructor(evaluation: Evaluation) {
    this.#evaluation = evaluation;
  }

  visit(id: ObjectId): void {
    const { tables, scope, hash, named } = this.#evaluation;
    const before = tables.member(hash, id);
    const object = tables.object(id);
    if (object === undefined) {
      this.#forget(id, before);
      return;
    }
    const selected = isSelected(scope, object, named);
    const inside = before?.inside === true;
    if (before !== undefined && before.selected !== selected) {
      tables.saveMember(hash, id, { ...before, selected });
      this.#note("ties");
    }
    if (inside || isRole(object)) this.#tie(object);
    if (inside) this.#doubtful.push(id);
    else if (selected) this.#enter(object, true);
    else this.#hopeful.push(id);
    if (before !== undefined && isUnsaid(before)) this.#back.push(id);
  }

  settle(): void {
    for (let id = this.#hopeful.pop(); id !== undefined; id = this.#hopeful.pop()) this.#admit(id);
    for (let id = this.#doubtful.pop(); id !== undefined; id = this.#doubtful.pop()) {
      this.#dismiss(id);
    }
    for (const id of this.#back) this.#announce(id);
  }

  #admit(id: string): void {
    const { tables, scope, hash } = this.#evaluation;
    if (this.#isInside(id)) return;
    if (!tables.takers(hash, id).some((taker) => this.#isInside(taker))) return;
    const object = tables.object(id);
    if (object !== undefined && mayComeAlong(scope, object)) this.#enter(object, false);
  }

  #enter(object: ScopedObject, selected: boolean): void {
    const { tables, hash, at, round } = this.#evaluation;
    const left = 0;
    if (tables.member(hash, object.id) === undefined) this.#newcomers.add(object.id);
    tables.saveMember(hash, object.id, { inside: true, selected, entered: at, left, round });
    this.#note("members");
    this.#tie(object);
    this.#hopeful.push(...tables.takenAlong(hash, object.id));
  }

  /** Takes note of an object's ties as they are now. */
  #tie(object: ScopedObject): void {
    const { tables, scope, hash } = this.#evaluation;
    const before = tables.ties(hash, object.id);
    const ties = tiesOf(scope, object);
    if (isSame(before, ties)) return;
    tables.saveTies(hash, object.id, ties);
    this.#note("ties");
    this.#hopeful.push(...ties.filter(({ up }) => !up).map(({ other }) => other));
    this.#doubtful.push(...before.filter(({ up }) => !up).map(({ other }) => other));
  }

  #dismiss(id: string): void {
    const { tables, scope, hash, at, round } = this.#evaluation;
    const member = tables.member(hash, id);
    if (member?.inside !== true || member.selected) return;
    const object = tables.object(id);
    if (object !== undefined && mayComeAlong(scope, object) && this.#isTakenAlong(id)) return;
    const others = tables.takenAlong(hash, id);
    // One that came along with something that leaves was inside for nobody.
    if (this.#newcomers.has(id)) tables.dropMember(hash, id);
    else tables.saveMember(hash, id, { ...member, inside: false, left: at, round });
    this.#note("members");
    // A role says by itself what it comes along with.
    if (object !== undefined && !isRole(object)) tables.saveTies(hash, id, []);
    this.#doubtful.push(...others);
  }

  /** True when something selected takes an object along, by however many others between. */
  #isTakenAlong(id: string): boolean {
    const { tables, hash } = this.#evaluation;
    const seen = new Set([id]);
    const open = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const taker of tables.takers(hash, at)) {
        const member = tables.member(hash, taker);
        if (member?.inside !== true || seen.has(taker)) continue;
        if (member.selected) return true;
        seen.add(taker);
        open.push(taker);
      }
    }
    return false;
  }

  /**
   * An object is gone. A purge tells targets itself; of what was dropped here they hear nothing, since
   * they might drop it too, and nobody would have it any more. If it comes back, they are told.
   */
  #forget(id: ObjectId, before: Member | undefined): void {
    const { tables, hash } = this.#evaluation;
    this.#doubtful.push(...tables.takenAlong(hash, id));
    const isKnown = before !== undefined && !isUnsaid(before);
    if (isKnown) {
      const { round } = before;
      tables.saveMember(hash, id, { inside: false, selected: false, entered: 0, left: 0, round });
    }
    const isTied = tables.ties(hash, id).length > 0;
    if (isTied) tables.saveTies(hash, id, []);
    if (isTied || isKnown) this.#note("ties");
  }

  /** One that is back, and not inside, has left by now. */
  #announce(id: string): void {
    const { tables, hash, at, round } = this.#evaluation;
    const member = tables.member(hash, id);
    if (member === undefined || !isUnsaid(member)) return;
    tables.saveMember(hash, id, { ...member, left: at, round });
    this.#note("members");
  }

  #note(change: ScopeChanged): void {
    if (this.change !== "members") this.change = change;
  }

  #isInside(id: string): boolean {
    const { tables, hash } = this.#evaluation;
    return tables.member(hash, id)?.inside === true;
  }
}

/** True for an object that was inside, and went for good without a word. */
function isUnsaid({ inside, left }: Member): boolean {
  return !inside && left === 0;
}

/** True for the same ties, in whatever order. */
function isSame(a: readonly Tie[], b: readonly Tie[]): boolean {
  if (a.length !== b.length) return false;
  const known = new Set(a.map(({ up, other }) => `${up} ${other}`));
  return b.every(({ up, other }) => known.has(`${up} ${other}`));
}
