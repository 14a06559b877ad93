import type { Lsn, ObjectId } from "../../base/ids.ts";

/**
 * Up to which position of a log objects were inside a scope at some moment, and so might be sent: with
 * everything that had happened to them until then, and nothing that happened outside.
 */
export class Insiders {
  readonly #upTo = new Map<string, Map<string, Lsn>>();

  /** What is inside a scope now that the log ends at a position. */
  note(scope: string, inside: ReadonlySet<string>, end: Lsn): void {
    const known = this.#upTo.get(scope) ?? new Map<string, Lsn>();
    this.#upTo.set(scope, known);
    for (const id of inside) known.set(id, end);
  }

  /** What is wrong with sending an entry, if anything. */
  check(scope: string, object: ObjectId, lsn: Lsn): string | undefined {
    const upTo = this.#upTo.get(scope)?.get(object);
    if (upTo !== undefined && lsn <= upTo) return undefined;
    const when = upTo === undefined ? "never was inside" : `was inside up to ${upTo}`;
    return `entry ${lsn} was sent of ${object}, which ${when} ${scope}`;
  }
}
