import type { InstanceId, Lsn } from "../../base/ids.ts";
import type { Counts, LinkRow } from "../../store/rows.ts";
import type { ApplyBatch, Store } from "../../store/store.ts";
import { addStretch, type Stretch, stretchOf } from "../../store/stretches.ts";
import { addCounts, NO_COUNTS } from "../counts.ts";
import type { SessionResult } from "../session/result.ts";
import { checkTargets, learnOrganizations } from "./learn-organizations.ts";
import { mapOrganizations } from "./map-organizations.ts";
import { retryRefused } from "./retry-refused.ts";
import { doorOf } from "./rules.ts";

/**
 * The mapping of organizations during one run: at the door for what comes, and over what is stored.
 * Rules are those of the link to the peer, as it is stored; without any, nothing is done.
 */
export class LinkMapping {
  readonly #store: Store;
  /** The link that is run; undefined where a peer dialed, whose link is found by its id. */
  readonly #name: string | undefined;
  /** Most links have no rules: then nothing is asked of the store. */
  #hasRules: boolean;
  /** The own log's end before anything was settled: what that adds belongs to the run. */
  #began: Lsn | undefined;
  #settling: Promise<void> = Promise.resolve();
  /** What was taken in that had been refused, and how much that is. */
  readonly #taken = new Set<string>();
  #received: Counts = NO_COUNTS;
  readonly #stretches: Stretch[] = [];

  constructor(store: Store, link?: LinkRow) {
    this.#store = store;
    this.#name = link?.name;
    this.#hasRules = link?.organizations !== undefined;
  }

  /** True when there are rules for a peer, which forbid sending it back what they make. */
  async isFor(peer: InstanceId): Promise<boolean> {
    if (this.#name === undefined) {
      this.#hasRules = (await this.#link(peer))?.organizations !== undefined;
    }
    return this.#hasRules;
  }

  /** The batch, with what the rules refuse at the door. */
  async guarded(batch: ApplyBatch): Promise<ApplyBatch> {
    if (!this.#hasRules || batch.source === null) return batch;
    const rules = (await this.#link(batch.source))?.organizations;
    const organizations = rules && doorOf(rules);
    return organizations === undefined ? batch : { ...batch, organizations };
  }

  /**
   * Maps what came from the peer so far, and takes in what was refused under older rules. Throws
   * `OBJECT_NOT_FOUND` and `OBJECT_AMBIGUOUS` when the rules do not hold any more.
   */
  settle(peer: InstanceId): Promise<void> {
    if (!this.#hasRules) return Promise.resolve();
    // A live session goes on to receive meanwhile: one after the other.
    const settled = this.#settling.then(() => this.#settle(peer));
    this.#settling = settled.catch(() => undefined);
    return settled;
  }

  async #settle(peer: InstanceId): Promise<void> {
    const store = this.#store;
    const link = await this.#link(peer);
    const known = link?.organizations;
    const { lsn } = await store.head();
    if (link === undefined || known === undefined || known.mappedTo === lsn) return;
    this.#began ??= lsn;
    await checkTargets(store, known);
    const rules = await learnOrganizations(store, known);
    const { name } = link;
    this.#count(await retryRefused(store, peer, doorOf(rules)));
    // What is known now was not known to what is behind; a restored log may end before the mark.
    const after = rules !== known || known.mappedTo > lsn ? 0 : known.mappedTo;
    const mappedTo = await mapOrganizations(store, { name, peer, rules }, after);
    const current = await this.#link(peer);
    if (current?.organizations === undefined) return;
    // Rules that a person changed meanwhile begin anew.
    if (JSON.stringify(current.organizations) !== JSON.stringify(known)) return;
    await store.saveLink({ ...current, organizations: { ...rules, mappedTo } });
  }

  /** A session's result, with what settling took of what the session had refused. */
  counted(result: SessionResult): SessionResult {
    const { ownHead } = result;
    return {
      ...result,
      ownHead: Math.min(ownHead, this.#began ?? ownHead),
      received: addCounts(result.received, this.#received),
      stretches: [...this.#stretches, ...result.stretches],
      refused: result.refused.filter(({ id }) => id === null || !this.#taken.has(id)),
    };
  }

  #count(batches: Awaited<ReturnType<typeof retryRefused>>): void {
    for (const { tried, outcome } of batches) {
      const still = new Set(outcome.refused.map(({ id }) => id));
      for (const id of tried) if (!still.has(id)) this.#taken.add(id);
      this.#received = addCounts(this.#received, outcome);
      addStretch(this.#stretches, stretchOf(outcome));
    }
  }

  async #link(peer: InstanceId): Promise<LinkRow | undefined> {
    const links = await this.#store.links();
    if (this.#name !== undefined) return links.find(({ name }) => name === this.#name);
    return links.find((link) => link.peer === peer && link.organizations !== undefined);
  }
}
