import { canonicalize } from "../../base/canonical.ts";
import type { InstanceId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { PEERS_KNOWN_MAX } from "../../base/limits.ts";
import { parseStored } from "../../log/stored-json.ts";
import { newlyNamed, unknownPeer } from "../peer-names.ts";
import type { PolicyOffers } from "../plan-tables.ts";
import type { PeerName, PeerRow } from "../rows.ts";
import { type Db, prepared } from "./database.ts";
import { rowSum } from "./row-sum.ts";

/** In id order. */
export function readPeers(db: Db): PeerRow[] {
  const sql = "SELECT document FROM known_peer ORDER BY uuid";
  return (prepared(db, sql).pluck().all() as string[]).map(peerRow);
}

export function readPeer(db: Db, id: InstanceId): PeerRow | undefined {
  const sql = "SELECT document FROM known_peer WHERE uuid = ?";
  const document = prepared(db, sql).pluck().get(id) as string | undefined;
  return document === undefined ? undefined : peerRow(document);
}

function peerRow(document: string): PeerRow {
  return parseStored<PeerRow>(document, "known_peer");
}

function savePeer(db: Db, row: PeerRow): void {
  const values = [row.instance, canonicalize(row as unknown as JsonObject)];
  const sql = "INSERT OR REPLACE INTO known_peer (uuid, document, sum) VALUES (?, ?, ?)";
  prepared(db, sql).run(...values, rowSum(...values));
}

/** Keeps what instances are called, inside a transaction. */
export function learnNames(db: Db, names: readonly PeerName[]): void {
  const count = prepared(db, "SELECT count(*) FROM known_peer").pluck();
  for (const name of names) {
    const known = readPeer(db, name.instance);
    if (known === undefined && (count.get() as number) >= PEERS_KNOWN_MAX) continue;
    const named = newlyNamed(known, name);
    if (named !== undefined) savePeer(db, named);
  }
}

export function policyOffers(db: Db): PolicyOffers {
  return {
    of(peer) {
      const sql = "SELECT records FROM policy_offer WHERE peer = ?";
      const found = prepared(db, sql).pluck().get(peer) as string | undefined;
      return found === undefined ? [] : parseStored<string[]>(found, "policy_offer");
    },
    keep(peer, records) {
      const sql = "INSERT OR REPLACE INTO policy_offer (peer, records) VALUES (?, ?)";
      prepared(db, sql).run(peer, JSON.stringify(records));
    },
    judge(peer, judged) {
      savePeer(db, { ...(readPeer(db, peer) ?? unknownPeer(peer)), judged });
    },
  };
}
