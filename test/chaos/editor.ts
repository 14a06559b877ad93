import type { ObjectId } from "../../src/base/ids.ts";
import type { AuthorOutcome } from "../../src/log/author.ts";
import type { Prng } from "../../src/scenario/random/prng.ts";
import type { Writer } from "../../src/server/writer.ts";

/** A revision or a purge that somebody was told is stored. */
export interface Acknowledged {
  readonly record: string;
  readonly object: ObjectId;
  readonly isPurge: boolean;
}

export type EditKind = "set" | "create" | "rename" | "resolve" | "delete" | "undelete" | "purge";

/** What somebody does in turn; what takes something away is rare, or little would be left. */
const ROUND: readonly EditKind[] = [
  ...(["set", "create", "set", "rename", "set", "resolve", "create", "set"] as const),
  ...(["delete", "set", "create", "resolve", "undelete", "set", "purge", "set"] as const),
  ...(["set", "create", "set", "rename", "resolve", "create", "set", "resolve"] as const),
];
/** Names that several packages want. */
const WANTED_NAMES = 10;
/** Of the objects made or deleted here, those that are made or deleted last are remembered. */
const REMEMBERED_MAX = 50;
const CONFLICTS_SEEN_MAX = 20;

/** Somebody who edits the catalog of one instance, and remembers what was acknowledged. */
export class Editor {
  readonly acknowledged: Acknowledged[] = [];
  /** Edits that were acknowledged, by what was done. */
  readonly counts: Partial<Record<EditKind, number>> = {};
  readonly #name: string;
  readonly #random: Prng;
  /** Objects that are on both sides from the beginning. */
  readonly #shared: readonly ObjectId[];
  readonly #made: ObjectId[] = [];
  readonly #deleted: ObjectId[] = [];
  #edits = 0;

  constructor(name: string, random: Prng, shared: readonly ObjectId[]) {
    this.#name = name;
    this.#random = random;
    this.#shared = shared;
  }

  /** The next one of the round. What is not acknowledged may be stored or not; only what is counts. */
  async edit(writer: Writer): Promise<void> {
    const kind = ROUND[this.#edits++ % ROUND.length] as EditKind;
    try {
      const { revisions, purges = [] } = await this.#do(kind, writer);
      if (revisions.length + purges.length === 0) return;
      this.counts[kind] = (this.counts[kind] ?? 0) + 1;
      for (const { id, object } of revisions) this.#note(id, object, false);
      for (const { id, object } of purges) this.#note(id, object, true);
    } catch {
      // Refused, or the process died under it: nobody was told that it is stored.
    }
  }

  #note(record: string, object: ObjectId, isPurge: boolean): void {
    this.acknowledged.push({ record, object, isPurge });
  }

  #do(kind: EditKind, writer: Writer): Promise<AuthorOutcome> {
    const by = { author: `${this.#name}-editor` };
    const label = `${this.#name} ${this.#edits}`;
    switch (kind) {
      case "set":
        return writer.patch(this.#any(), [{ op: "add", path: "/title", value: label }], by);
      case "create":
        return this.#create(writer, label);
      case "rename":
        return writer.rename(this.#any(), `wanted-${this.#random.between(1, WANTED_NAMES)}`, by);
      case "resolve":
        return this.#resolve(writer);
      case "delete":
        return this.#delete(writer);
      case "undelete":
        return writer.undelete(takeFrom(this.#deleted), by);
      case "purge":
        return writer.purge(takeFrom(this.#made), { reason: "made by mistake" }, by);
    }
  }

  async #create(writer: Writer, title: string): Promise<AuthorOutcome> {
    const name = `made-by-${this.#name}-${this.#edits}`;
    const outcome = await writer.create("package", { name, title }, { author: this.#name });
    for (const { object } of outcome.revisions) rememberIn(this.#made, object);
    return outcome;
  }

  async #delete(writer: Writer): Promise<AuthorOutcome> {
    const outcome = await writer.delete(this.#any(), { author: this.#name });
    for (const { object } of outcome.revisions) rememberIn(this.#deleted, object);
    return outcome;
  }

  /** Decides one of the conflicts that are open, by one of its candidates. */
  async #resolve(writer: Writer): Promise<AuthorOutcome> {
    const page = await writer.conflicts({ status: "open", limit: CONFLICTS_SEEN_MAX });
    const { id, candidates } = this.#random.pick(page.items);
    const { revision: pick } = this.#random.pick(candidates);
    return writer.resolveConflict(id, { pick }, { author: this.#name });
  }

  #any(): ObjectId {
    return this.#random.pick(this.#shared);
  }
}

/** The oldest one; throws where there is none. */
function takeFrom(objects: ObjectId[]): ObjectId {
  const object = objects.shift();
  if (object === undefined) throw new Error("there is none yet");
  return object;
}

function rememberIn(objects: ObjectId[], object: ObjectId): void {
  objects.push(object);
  if (objects.length > REMEMBERED_MAX) objects.shift();
}
