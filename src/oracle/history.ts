/** The graph of one object's revisions, and what each of them says about each path. */
import { isBelow } from "../base/pointer.ts";
import { flagOf, isFlag, leafWrites, pathsAbove, unitOf } from "./paths.ts";
import type { OraclePin, OracleRevision, Revisions, Value } from "./types.ts";

/** A revision with its patch spelled out. */
interface Said {
  readonly revision: OracleRevision;
  readonly ancestors: ReadonlySet<string>;
  readonly writes: ReadonlyMap<string, Value>;
  readonly pins: ReadonlyMap<string, OraclePin>;
  readonly touches: ReadonlySet<string>;
}

export class History {
  readonly #revisions: Revisions;
  readonly #said = new Map<string, Said>();
  readonly #generations = new Map<string, number>();

  constructor(revisions: Revisions) {
    this.#revisions = revisions;
  }

  ids(): string[] {
    return [...this.#revisions.keys()];
  }

  revision(id: string): OracleRevision {
    return this.#of(id).revision;
  }

  /** All that the revision has seen, itself left out. */
  ancestors(id: string): ReadonlySet<string> {
    return this.#of(id).ancestors;
  }

  writes(id: string): ReadonlyMap<string, Value> {
    return this.#of(id).writes;
  }

  pins(id: string): ReadonlyMap<string, OraclePin> {
    return this.#of(id).pins;
  }

  /** The flags that the revision touches. */
  touches(id: string): ReadonlySet<string> {
    return this.#of(id).touches;
  }

  /** "writes of r at p": its own write, or its touch. */
  writesAt(id: string, path: string): boolean {
    const said = this.#of(id);
    return said.writes.has(path) || said.touches.has(path);
  }

  /** What the revision's write at the path says; a touch says "absent". */
  valueAt(id: string, path: string): Value {
    return this.#of(id).writes.get(path);
  }

  /** The frontier and everything it descends from. */
  down(frontier: Iterable<string>): Set<string> {
    const all = new Set<string>();
    for (const id of frontier) {
      all.add(id);
      for (const above of this.ancestors(id)) all.add(above);
    }
    return all;
  }

  /** The revisions of the set that no other one of the set descends from, sorted. */
  heads(ids: Iterable<string>): string[] {
    const all = [...ids];
    const seen = new Set(all.flatMap((id) => [...this.ancestors(id)]));
    return all.filter((id) => !seen.has(id)).sort();
  }

  /** Parents before children: by the length of the longest way to a creation, then by id. */
  byGeneration(ids: Iterable<string>): string[] {
    return [...ids].sort((a, b) => this.generation(a) - this.generation(b) || (a < b ? -1 : 1));
  }

  /** By hybrid time, then id. */
  byAge(ids: Iterable<string>): string[] {
    const hlc = (id: string) => this.revision(id).hlc;
    return [...ids].sort((a, b) => hlc(a) - hlc(b) || (a < b ? -1 : 1));
  }

  /** 1 for a creation, else one more than the highest of the parents. */
  generation(id: string): number {
    const known = this.#generations.get(id);
    if (known !== undefined) return known;
    const above = this.revision(id).parents.map((parent) => this.generation(parent));
    const generation = 1 + Math.max(0, ...above);
    this.#generations.set(id, generation);
    return generation;
  }

  #of(id: string): Said {
    const known = this.#said.get(id);
    if (known !== undefined) return known;
    const revision = this.#revisions.get(id);
    if (revision === undefined) throw new Error(`the history has no revision ${id}`);
    const writes = leafWrites(revision.patch);
    const pins = new Map((revision.pins ?? []).map((pin) => [pin.path, pin]));
    const said: Said = {
      revision,
      ancestors: this.down(revision.parents),
      writes,
      pins,
      touches: touchesOf(writes, pins),
    };
    this.#said.set(id, said);
    return said;
  }
}

/**
 * The page: "its touch: p = U/@deleted, r neither writes nor pins p, and r itself writes something
 * live below U (live: a value, or the removal of an inner @deleted)". Whether U is a unit need not
 * be known: a flag that nobody ever writes is never looked at.
 */
function touchesOf(
  writes: ReadonlyMap<string, Value>,
  pins: ReadonlyMap<string, OraclePin>,
): Set<string> {
  const touches = new Set<string>();
  for (const [path, value] of writes) {
    if (!isLive(path, value)) continue;
    for (const unit of pathsAbove(path)) {
      const flag = flagOf(unit);
      if (!writes.has(flag) && !pins.has(flag)) touches.add(flag);
    }
  }
  return touches;
}

/** A set flag is no life: "an inner delete does not keep the outer unit alive". */
export function isLive(path: string, value: Value): boolean {
  return isFlag(path) ? value === undefined : value !== undefined;
}

/** True when the revision writes anything, live or not, below the flag's unit (the flag aside). */
export function writesBelow(paths: Iterable<string>, flag: string): boolean {
  const unit = unitOf(flag);
  for (const path of paths) if (path !== flag && isBelow(path, unit)) return true;
  return false;
}
