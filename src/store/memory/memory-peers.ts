import { compareCodeUnits } from "../../base/canonical.ts";
import type { InstanceId } from "../../base/ids.ts";
import { PEERS_KNOWN_MAX } from "../../base/limits.ts";
import { newlyNamed, unknownPeer } from "../peer-names.ts";
import type { PolicyOffers } from "../plan-tables.ts";
import type { PeerName, PeerRow } from "../rows.ts";

/** What a memory store knows of other instances and their policies. */
export class MemoryPeers implements PolicyOffers {
  readonly #rows = new Map<InstanceId, PeerRow>();
  readonly #offers = new Map<InstanceId, readonly string[]>();

  takeOver(other: MemoryPeers): void {
    for (const [id, row] of other.#rows) this.#rows.set(id, row);
    for (const [id, records] of other.#offers) this.#offers.set(id, records);
  }

  all(): readonly PeerRow[] {
    return [...this.#rows.values()].sort((a, b) => compareCodeUnits(a.instance, b.instance));
  }

  get(id: InstanceId): PeerRow | undefined {
    return this.#rows.get(id);
  }

  learn(names: readonly PeerName[]): void {
    for (const name of names) {
      const known = this.#rows.get(name.instance);
      if (known === undefined && this.#rows.size >= PEERS_KNOWN_MAX) continue;
      const named = newlyNamed(known, name);
      if (named !== undefined) this.#rows.set(name.instance, named);
    }
  }

  of(peer: InstanceId): readonly string[] {
    return this.#offers.get(peer) ?? [];
  }

  keep(peer: InstanceId, records: readonly string[]): void {
    this.#offers.set(peer, records);
  }

  judge(peer: InstanceId, judged: NonNullable<PeerRow["judged"]>): void {
    this.#rows.set(peer, { ...(this.#rows.get(peer) ?? unknownPeer(peer)), judged });
  }
}
