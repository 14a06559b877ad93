import type { InstanceId } from "../base/ids.ts";
import type { PeerName, PeerRow } from "./rows.ts";

/** An instance of which nothing is known. */
export function unknownPeer(instance: InstanceId): PeerRow {
  return { instance, name: null, isMet: false, judged: null };
}

/** What is known of an instance once it is called so; undefined if that says nothing new. */
export function newlyNamed(
  known: PeerRow | undefined,
  { instance, name, isMet }: PeerName,
): PeerRow | undefined {
  const before = known ?? unknownPeer(instance);
  if (before.isMet && !isMet) return undefined;
  if (before.name === name && before.isMet === isMet) return undefined;
  return { ...before, name, isMet };
}
