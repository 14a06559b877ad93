import type { InstanceId } from "../../base/ids.ts";
import { NAMES_TOLD_MAX } from "../../base/limits.ts";
import type { Start } from "../../protocol/start.ts";
import { newlyNamed } from "../../store/peer-names.ts";
import type { PeerName } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import type { PeerInfo } from "../session/result.ts";

type Told = NonNullable<Start["names"]>;

/** What a peer is told of the names of others: of those that were met first. */
export async function namesToTell(store: Store, peer: InstanceId): Promise<Told> {
  const others = (await store.peers()).filter(({ instance }) => instance !== peer);
  return others
    .toSorted((a, b) => Number(b.isMet) - Number(a.isMet))
    .flatMap(({ instance, name }) => (name === null ? [] : [[instance, name] as const]))
    .slice(0, NAMES_TOLD_MAX);
}

export function heardOf(names: Told): PeerName[] {
  return names.map(([instance, name]) => ({ instance, name, isMet: false }));
}

/** What a peer is called by itself; nothing if it did not say. */
export function metWith(peer: PeerInfo | null): PeerName[] {
  if (peer === null || peer.name === null) return [];
  return [{ instance: peer.instance, name: peer.name, isMet: true }];
}

/** Keeps names that are new here. They are a convenience: where that fails, the sync goes on. */
export async function learnNames(store: Store, names: readonly PeerName[]): Promise<void> {
  try {
    const { instance: own } = await store.identity();
    const fresh: PeerName[] = [];
    for (const one of names) {
      const isNew = newlyNamed(await store.peer(one.instance), one) !== undefined;
      if (isNew && one.instance !== own) fresh.push(one);
    }
    if (fresh.length > 0) await store.learnNames(fresh);
  } catch {
    // The next sync tells them again.
  }
}
